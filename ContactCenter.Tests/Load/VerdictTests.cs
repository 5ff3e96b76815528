using ContactCenter.Domain;
using ContactCenter.Load.Chaos;

namespace ContactCenter.Tests.Load;

/// <summary>The verdict of <c>bin/chaos</c> sees every promise that can be broken.</summary>
public sealed class VerdictTests
{
    private static readonly DateTimeOffset Nine = new(2026, 11, 20, 9, 0, 0, TimeSpan.Zero);
    private static readonly Guid Marta = Guid.Parse("00000000-0000-0000-0000-00000000000a");
    private static readonly Guid Joao = Guid.Parse("00000000-0000-0000-0000-00000000000b");
    private static readonly Guid Lili = Guid.Parse("00000000-0000-0000-0000-00000000000c");

    [Fact]
    public void A_quiet_morning_breaks_no_promise()
    {
        var verdict = new Verdict(Morning());
        Assert.Equal(2, verdict.Acknowledged);
        Assert.Empty(verdict.Complaints);
        Assert.Equal([0, 0, 0, 0, 0, 0], Figures(verdict));
        Assert.Equal(TimeSpan.FromSeconds(1), verdict.StaleMax);
    }

    [Fact]
    public void What_was_accepted_and_is_not_stored_is_lost()
    {
        var morning = Morning();
        Assert.Equal(1, new Verdict(morning with { Told = [.. morning.Told, Told(9, "Where is it?", 5)] }).Lost);
    }

    [Fact]
    public void What_is_stored_otherwise_than_it_was_written_is_lost() =>
        Assert.Equal(1, new Verdict(Rewritten(3, "Helo?") with { Shown = [] }).Lost);

    [Fact]
    public void What_one_side_was_never_shown_is_lost()
    {
        var morning = Morning();
        Assert.Equal(1, new Verdict(morning with { Shown = [Shown("Lili", morning.Stored, without: 4)] }).Lost);
    }

    [Fact]
    public void A_page_need_not_show_what_came_before_it_was_opened_or_after_it_was_taken_away()
    {
        var morning = Morning();
        Assert.Equal(0, new Verdict(morning with { Shown = [Shown("Lili", morning.Stored, without: 3) with { From = 4 }] }).Lost);
        Assert.Equal(0, new Verdict(morning with { Shown = [Shown("Lili", morning.Stored, without: 4) with { Until = 3 }] }).Lost);
    }

    [Fact]
    public void A_hole_in_a_log_is_a_loss()
    {
        var morning = Morning();
        Assert.Equal(1, new Verdict(morning with { Stored = [.. morning.Stored.Select(entry => entry.Place == 5 ? entry with { Place = 6 } : entry)] }).Lost);
    }

    [Fact]
    public void The_same_words_stored_under_two_ids_are_doubled()
    {
        var morning = Morning();
        Assert.Equal(1, new Verdict(morning with { Stored = [.. morning.Stored, Message(6, 99, "Hello?", 50)] }).Doubled);
    }

    [Fact]
    public void A_message_shown_at_two_places_is_doubled()
    {
        var morning = Morning();
        var lili = Shown("Lili", morning.Stored);
        Assert.Equal(1, new Verdict(morning with { Shown = [lili with { Sights = [.. lili.Sights, lili.Sights[2] with { Place = 9 }] }] }).Doubled);
    }

    [Fact]
    public void Messages_stored_in_another_order_than_their_writer_was_told_are_reordered()
    {
        var morning = Morning();
        Assert.Equal(1, new Verdict(morning with { Told = [.. morning.Told.Reverse()] }).Reordered);
    }

    [Fact]
    public void A_place_that_is_not_the_one_that_was_told_is_reordered()
    {
        var morning = Morning();
        Assert.Equal(1, new Verdict(morning with { Told = [morning.Told[0] with { Place = 4 }, morning.Told[1]] }).Reordered);
    }

    [Fact]
    public void A_screen_with_another_order_is_reordered()
    {
        var morning = Morning();
        var lili = Shown("Lili", morning.Stored);
        Sight[] swapped = [.. lili.Sights.Select(sight => sight.Place switch
        {
            3 => lili.Sights[3] with { Place = 3 },
            4 => lili.Sights[2] with { Place = 4 },
            _ => sight,
        })];
        Assert.Equal(2, new Verdict(morning with { Shown = [lili with { Sights = swapped }] }).Reordered);
        Assert.Equal(1, new Verdict(morning with { Shown = [lili with { Disorder = ["1 came after 2"] }] }).Reordered);
    }

    [Fact]
    public void What_is_stored_although_its_writer_was_refused_is_unasked()
    {
        var morning = Morning();
        Assert.Equal(1, new Verdict(morning with { Told = [morning.Told[0], morning.Told[1] with { Accepted = false, Place = null }] }).Unasked);
    }

    [Fact]
    public void An_agent_over_the_limit_for_a_moment_in_between_is_overfilled()
    {
        var morning = Morning();
        StoredEntry[] another =
        [
            Event(Joao, 1, EventKind.Queued, 20),
            Event(Joao, 2, EventKind.Assigned, 40, Lili),
            Event(Joao, 3, EventKind.LeftByContact, 41),
        ];
        Assert.Equal(1, new Verdict(morning with { Stored = [.. morning.Stored, .. another] }).Overfilled);
        Assert.Equal(0, new Verdict(morning with { Stored = [.. morning.Stored, .. another], Limit = 2 }).Overfilled);
    }

    [Fact]
    public void Being_given_the_next_when_the_last_ends_is_not_too_many()
    {
        var morning = Morning();
        StoredEntry[] next = [Event(Joao, 1, EventKind.Queued, 20), Event(Joao, 2, EventKind.Assigned, 60, Lili)];
        var verdict = new Verdict(morning with { Stored = [.. morning.Stored, .. next] });
        Assert.Equal(0, verdict.Overfilled);
        Assert.Equal(0, verdict.Unassigned);
    }

    [Fact]
    public void Who_waits_although_an_agent_is_free_is_unassigned()
    {
        var morning = Morning();
        var facts = morning with { Stored = [.. morning.Stored, Event(Joao, 1, EventKind.Queued, 50)] };
        // Lili is free from second 60 to the end at second 120.
        var verdict = new Verdict(facts);
        Assert.Equal(1, verdict.Unassigned);
        Assert.Equal(TimeSpan.FromSeconds(60), verdict.UnassignedMax);
        // Not while she is on a break, nor while the database is away.
        Assert.Equal(0, new Verdict(facts with { Shifts = [new(Lili, Nine, At(62))] }).Unassigned);
        Assert.Equal(0, new Verdict(facts with { Outages = [new(Fault.StopDatabase, At(63), At(118))] }).Unassigned);
    }

    [Fact]
    public void A_view_is_stale_from_what_happened_or_from_the_recovery_of_what_was_broken_meanwhile()
    {
        var morning = Morning();
        var facts = morning with { Shown = [Shown("Lili", morning.Stored, after: 8)] };
        Assert.Equal(TimeSpan.FromSeconds(8), new Verdict(facts).StaleMax);
        // One message is of second 30 and shown at 38, the other of 32 and shown at 40.
        Assert.Equal(TimeSpan.FromSeconds(8), Stale(39, 39.5));
        Assert.Equal(TimeSpan.FromSeconds(5), Stale(9, 35));
        Assert.Equal(TimeSpan.FromSeconds(8), Stale(60, 65));

        TimeSpan Stale(double from, double until) => new Verdict(facts with { Outages = [new(Fault.FreezeNode, At(from), At(until))] }).StaleMax;
    }

    [Fact]
    public void What_happens_before_everybody_is_at_work_is_nobodys_delay()
    {
        var late = Morning() with { Begin = At(45), Shown = [Shown("Lili", Morning().Stored, after: 20)] };
        Assert.Equal(TimeSpan.FromSeconds(7), new Verdict(late).StaleMax);
        Assert.Equal(TimeSpan.FromSeconds(20), new Verdict(late with { Begin = Nine }).StaleMax);
    }

    [Fact]
    public void An_inbox_that_never_listed_what_it_was_given_is_stale_for_as_long_as_it_mattered()
    {
        var morning = Morning();
        Assert.Equal(TimeSpan.FromSeconds(50), new Verdict(morning with { Dues = [new("Lili's inbox", At(10), null, At(60))] }).StaleMax);
        Assert.Equal(TimeSpan.FromSeconds(2), new Verdict(morning with { Dues = [new("Lili's inbox", At(10), At(12), At(60))] }).StaleMax);
    }

    [Fact]
    public void The_same_seed_is_the_same_plan()
    {
        Assert.Equal(Plan.Of(7, Size.Whole), Plan.Of(7, Size.Whole));
        Assert.NotEqual(Plan.Of(7, Size.Whole), Plan.Of(8, Size.Whole));
        Assert.Equal(4 * Size.Whole.Rounds, Plan.Of(7, Size.Whole).Count);
        Assert.Equal(Plan.Script(7, 3, 1), Plan.Script(7, 3, 1));
    }

    // Marta waits 2 s, writes twice and is answered by nobody; Lili, who may hold one, finishes after a minute.
    private static Facts Morning()
    {
        StoredEntry[] stored =
        [
            Event(Marta, 1, EventKind.Queued, 0),
            Event(Marta, 2, EventKind.Assigned, 2, Lili),
            Message(3, 1, "Hello?", 30),
            Message(4, 2, "Anybody?", 32),
            Event(Marta, 5, EventKind.Finished, 60, Lili),
        ];
        return new(
            [Told(1, "Hello?", 3), Told(2, "Anybody?", 4)], stored, [Shown("Marta", stored), Shown("Lili", stored)], [],
            [new(Lili, Nine, At(120))], [], Limit: 1, Nine, At(120));
    }

    private static Facts Rewritten(int place, string text)
    {
        var morning = Morning();
        return morning with { Stored = [.. morning.Stored.Select(entry => entry.Place == place ? entry with { Text = text } : entry)] };
    }

    private static ToldMessage Told(int id, string text, int place) => new(Marta, Id(id), "Marta", text, Accepted: true, place);

    private static StoredEntry Message(int place, int id, string text, double at) => new(Marta, place, Id(id), Author.Contact, text, At(at));

    private static StoredEntry Event(Guid conversation, int place, EventKind happened, double at, Guid? agent = null) =>
        new(conversation, place, Id(1000 + place), Author.Event, "", At(at)) { Event = happened, Agent = agent };

    private static ShownLog Shown(string whose, IReadOnlyList<StoredEntry> stored, int without = 0, double after = 1) => new(
        whose, Marta, Nine, 1, null,
        [.. stored.Where(entry => entry.Place != without).Select(entry => new Sight(entry.Place, entry.IsMessage ? entry.Id : null, entry.Text, entry.At.AddSeconds(after)))],
        Disorder: []);

    private static int[] Figures(Verdict verdict) =>
        [verdict.Lost, verdict.Doubled, verdict.Reordered, verdict.Unasked, verdict.Overfilled, verdict.Unassigned];

    private static DateTimeOffset At(double seconds) => Nine.AddSeconds(seconds);

    private static Guid Id(int number) => new(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);
}
