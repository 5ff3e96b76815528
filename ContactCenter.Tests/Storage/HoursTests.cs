using ContactCenter.Domain;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Tests.Storage;

public sealed class HoursTests(Scene scene) : IClassFixture<Scene>
{
    private static readonly ContactDetails Marta = new("Marta", "marta@rodriguez.uy", "+598 99 123 456");

    private static Guid Id() => Ids.New(TimeProvider.System);

    /// <summary>A campaign that is open for as long from now on, closed for as long after that, and open again.</summary>
    private Task<Campaign> CampaignAsync(TimeSpan open, Action<CampaignSettings>? set = null) =>
        scene.CampaignAsync($"c{Id():N}"[..20], settings =>
        {
            var now = TimeOnly.FromDateTime(scene.Clock.GetUtcNow().UtcDateTime);
            List<DayOfWeek> days = [.. Enum.GetValues<DayOfWeek>()];
            settings.Hours.Intervals =
            [
                new() { Days = days, From = now.AddHours(-1), To = now.Add(open) },
                new() { Days = days, From = now.Add(open).AddHours(8), To = now.Add(open).AddHours(9) },
            ];
            settings.OutOfHours = new LocalText { Es = "{contact}, volvemos a las 9. Tu número es {ticket}." };
            settings.OfflineMessages = true;
            set?.Invoke(settings);
        });

    private Task<Campaign> ClosedAsync(Action<CampaignSettings>? set = null) => CampaignAsync(TimeSpan.FromMinutes(-1), set);

    private Task<StartOutcome> StartAsync(Campaign campaign, bool offline, Guid? id = null, string? text = "¿Hay stock?") =>
        scene.Conversations.StartAsync(campaign.Id, id ?? Id(), null, Marta, "es", text, offline);

    private Task<int> CountAsync(Campaign campaign, ConversationState state) =>
        scene.ReadAsync(db => db.Conversations.CountAsync(c => c.CampaignId == campaign.Id && c.State == state));

    [Fact]
    public async Task Nothing_begins_while_the_campaign_is_closed()
    {
        var campaign = await ClosedAsync();

        Assert.Equal(new StartOutcome.Refused(Door.OutOfHours), await StartAsync(campaign, offline: false));
        Assert.Equal(new StartOutcome.Refused(Door.OutOfHours), await StartAsync(campaign, offline: true, text: null));
        var silent = await ClosedAsync(settings => settings.OfflineMessages = false);
        Assert.Equal(new StartOutcome.Refused(Door.OutOfHours), await StartAsync(silent, offline: true));

        Assert.False(await scene.ReadAsync(db => db.Conversations.AnyAsync(c => c.CampaignId == campaign.Id || c.CampaignId == silent.Id)));
    }

    [Fact]
    public async Task A_message_left_is_kept_once_and_assigned_to_nobody()
    {
        var campaign = await ClosedAsync();
        await scene.AgentAsync($"Lili{Id():N}");
        var id = Id();

        var all = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => StartAsync(campaign, offline: true, id)));

        var kept = Assert.Single(all.Select(each => Assert.IsType<StartOutcome.Started>(each).Conversation.Id).Distinct());
        Assert.Equal(1, await CountAsync(campaign, ConversationState.OutOfHours));
        var conversation = await scene.ReadAsync(db => db.Conversations.AsNoTracking().Include(c => c.Contact).SingleAsync(c => c.Id == kept));
        Assert.Equal(("marta@rodriguez.uy", "+598 99 123 456"), (conversation.Contact.Email, conversation.Contact.Phone));
        var log = await scene.LogAsync(conversation);
        Assert.Equal(EventKind.LeftOutOfHours, log[0].Event);
        Assert.Equal($"Marta, volvemos a las 9. Tu número es #{conversation.Ticket}.", log[1].Text);
        Assert.Equal("¿Hay stock?", log[2].Text);

        await scene.AssignAsync();
        Assert.Equal(ConversationState.OutOfHours, (await scene.ReloadAsync(conversation)).State);
        Assert.Equal(3, log.Count);
    }

    [Fact]
    public async Task At_closing_time_who_waits_is_told_once_whatever_the_number_of_nodes_and_who_is_attended_goes_on()
    {
        var campaign = await CampaignAsync(TimeSpan.FromMinutes(10), settings => settings.MaximumPerAgent = 1);
        await scene.AgentAsync($"Lili{Id():N}");
        var attended = await scene.VisitorAsync("Ana");
        await scene.AssignAsync();
        var waiting = new List<Conversation>();
        for (var n = 0; n < 5; n++) waiting.Add(await scene.VisitorAsync($"Marta {n}"));
        Assert.DoesNotContain(await scene.Conversations.DoorsDueAsync(), due => due.Campaign == campaign.Id);

        scene.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Contains((campaign.Id, false), await scene.Conversations.DoorsDueAsync());
        var moved = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => scene.Conversations.CloseQueueAsync(campaign.Id)));

        Assert.Equal(5, moved.Sum());
        Assert.Equal(ConversationState.Attending, (await scene.ReloadAsync(attended)).State);
        foreach (var marta in waiting)
        {
            var log = await scene.LogAsync(marta);
            Assert.Single(log, m => m.Event == EventKind.Closed);
            Assert.Equal($"Marta {waiting.IndexOf(marta)}, volvemos a las 9. Tu número es #{marta.Ticket}.", log[^1].Text);
            Assert.Contains(log, m => m.Text == "Hola");
            Assert.Equal(Enumerable.Range(1, log.Count), log.Select(m => m.Seq));
            Assert.Equal(log.Count, (await scene.ReloadAsync(marta)).Seq);
        }
        Assert.DoesNotContain(await scene.Conversations.DoorsDueAsync(), due => due.Campaign == campaign.Id);
    }

    [Fact]
    public async Task When_it_opens_they_are_offered_in_their_order_and_the_night_is_no_wait()
    {
        var campaign = await CampaignAsync(TimeSpan.FromMinutes(10), settings => settings.MaximumPerAgent = 1);
        var first = await scene.VisitorAsync("Marta");
        scene.Clock.Advance(TimeSpan.FromMinutes(11));
        await scene.Conversations.CloseQueueAsync(campaign.Id);
        var second = Assert.IsType<StartOutcome.Started>(await StartAsync(campaign, offline: true)).Conversation;
        Assert.Equal(0, await scene.Conversations.OpenQueueAsync(campaign.Id));

        scene.Clock.Advance(TimeSpan.FromHours(8));
        Assert.Contains((campaign.Id, true), await scene.Conversations.DoorsDueAsync());
        var moved = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => scene.Conversations.OpenQueueAsync(campaign.Id)));
        Assert.Equal(2, moved.Sum());

        var lili = await scene.AgentAsync($"Lili{Id():N}");
        scene.Clock.Advance(TimeSpan.FromSeconds(30));
        await scene.AssignAsync();
        var given = await scene.ReloadAsync(first);
        Assert.Equal((lili.Id, 30_000), (given.AgentId, given.WaitedMs));
        Assert.Equal(ConversationState.Waiting, (await scene.ReloadAsync(second)).State);
        Assert.Single(await scene.LogAsync(second), m => m.Event == EventKind.Offered);
    }

    [Fact]
    public async Task A_disabled_campaign_is_closed_until_it_is_enabled()
    {
        var campaign = await CampaignAsync(TimeSpan.FromHours(2), settings => settings.NotAvailable = new LocalText { Es = "No atendemos." });
        var marta = await scene.VisitorAsync("Marta");
        await EnableAsync(false);

        Assert.Equal(new StartOutcome.Refused(Door.Disabled), await StartAsync(campaign, offline: true));
        await scene.Conversations.CloseQueueAsync(campaign.Id);
        Assert.Equal("No atendemos.", (await scene.LogAsync(marta))[^1].Text);

        await EnableAsync(true);
        await scene.Conversations.OpenQueueAsync(campaign.Id);
        Assert.Equal(ConversationState.Waiting, (await scene.ReloadAsync(marta)).State);

        Task EnableAsync(bool enabled) => scene.ReadAsync(db => db.Campaigns.Where(c => c.Id == campaign.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.Enabled, enabled)));
    }

    [Fact]
    public async Task Starts_at_once_do_not_pass_the_maximum_that_may_wait()
    {
        var campaign = await CampaignAsync(TimeSpan.FromHours(2), settings => settings.MaximumWaiting = 5);

        var all = await Task.WhenAll(Enumerable.Range(0, 25).Select(_ => StartAsync(campaign, offline: false)));

        Assert.Equal(5, all.Count(each => each is StartOutcome.Started));
        Assert.Equal(20, all.Count(each => each is StartOutcome.Refused { Why: Door.Full }));
        Assert.Equal(5, await CountAsync(campaign, ConversationState.Waiting));
    }

    [Fact]
    public async Task Who_waits_already_finds_their_place_in_a_full_queue()
    {
        var campaign = await CampaignAsync(TimeSpan.FromHours(2), settings => settings.MaximumWaiting = 1);
        var id = Id();
        var first = Assert.IsType<StartOutcome.Started>(await StartAsync(campaign, offline: false, id)).Conversation;

        var again = Assert.IsType<StartOutcome.Started>(await StartAsync(campaign, offline: false, id)).Conversation;

        Assert.Equal(first.Id, again.Id);
        Assert.IsType<StartOutcome.Refused>(await StartAsync(campaign, offline: false));
    }

    [Fact]
    public async Task What_a_contact_writes_into_a_second_start_form_is_added_once_to_the_conversation_they_have()
    {
        var campaign = await CampaignAsync(TimeSpan.FromHours(2));
        var first = await scene.VisitorAsync("Marta");
        var id = Id();

        for (var n = 0; n < 2; n++)
            Assert.Equal(first.Id, (await scene.StartAsync(campaign, id, first.ContactId, Marta, "es", "Otra cosa")).Id);

        Assert.Single(await scene.LogAsync(first), m => m.Text == "Otra cosa");
        Assert.Equal(2, (await scene.ReloadAsync(first)).Unread);
    }

    [Fact]
    public async Task An_agent_takes_what_was_left_and_two_who_try_get_it_once()
    {
        var campaign = await ClosedAsync();
        var lili = await scene.AgentAsync($"Lili{Id():N}");
        var omar = await scene.AgentAsync($"Omar{Id():N}");
        var away = await scene.AgentAsync($"Away{Id():N}");
        await scene.Agents.SetAcceptingAsync(away.Id, false);
        var left = Assert.IsType<StartOutcome.Started>(await StartAsync(campaign, offline: true)).Conversation;

        Assert.Equal(new TakeResult.Refused(TakeRefusal.NotAvailable), await scene.Assigner.TakeAsync(left.Id, away.Id));
        var both = await Task.WhenAll(scene.Assigner.TakeAsync(left.Id, lili.Id), scene.Assigner.TakeAsync(left.Id, omar.Id));

        Assert.Single(both.OfType<TakeResult.Taken>());
        var taken = await scene.ReloadAsync(left);
        Assert.Equal((ConversationState.Attending, null), (taken.State, taken.WaitedMs));
        Assert.True((await scene.LogAsync(left)).Single(m => m.Event == EventKind.Assigned).Because!.Taken);
    }
}
