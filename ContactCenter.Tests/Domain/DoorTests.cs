using ContactCenter.Domain;

namespace ContactCenter.Tests.Domain;

public sealed class DoorTests
{
    // A Friday.
    private static readonly DateTimeOffset Morning = new(2026, 11, 20, 9, 0, 0, TimeSpan.Zero);

    private static Campaign Weekdays(int maximum = 0, bool enabled = true) => new()
    {
        Key = "sales",
        Name = "Sales",
        Enabled = enabled,
        Settings = new CampaignSettings
        {
            MaximumWaiting = maximum,
            Hours = new OpeningHours { Intervals = [new() { Days = [DayOfWeek.Friday], From = new(9, 0), To = new(18, 0) }] },
            OutOfHours = new LocalText { Es = "Abrimos a las 9." },
            NotAvailable = new LocalText { En = "All busy." },
        },
    };

    [Theory]
    [InlineData(-1, Door.OutOfHours)]
    [InlineData(0, Door.Open)]
    [InlineData((9 * 3600) - 1, Door.Open)]
    [InlineData(9 * 3600, Door.OutOfHours)]
    public void The_door_follows_the_hours_to_the_second(int second, Door expected) =>
        Assert.Equal(expected, Weekdays().DoorAt(Morning.AddSeconds(second), 0));

    [Theory]
    [InlineData(0, 10_000, Door.Open)]
    [InlineData(3, 2, Door.Open)]
    [InlineData(3, 3, Door.Full)]
    public void As_many_wait_as_may(int maximum, int waiting, Door expected) =>
        Assert.Equal(expected, Weekdays(maximum).DoorAt(Morning, waiting));

    [Fact]
    public void A_full_campaign_is_open_to_those_who_wait_and_a_disabled_one_is_not()
    {
        Assert.True(Weekdays(maximum: 1).IsOpen(Morning));
        Assert.False(Weekdays(enabled: false).IsOpen(Morning));
        Assert.Equal(Door.Disabled, Weekdays(enabled: false).DoorAt(Morning, 0));
    }

    [Fact]
    public void Each_door_has_its_own_words()
    {
        var settings = Weekdays().Settings;
        Assert.Equal("Abrimos a las 9.", Door.OutOfHours.Says(settings, "es"));
        Assert.Equal("All busy.", Door.Full.Says(settings, "es"));
        Assert.Equal("", Door.Open.Says(settings, "es"));
    }

    [Theory]
    [InlineData(ConversationVerb.Close, ConversationState.Waiting, ConversationState.OutOfHours)]
    [InlineData(ConversationVerb.Offer, ConversationState.OutOfHours, ConversationState.Waiting)]
    [InlineData(ConversationVerb.Vanish, ConversationState.Waiting, ConversationState.Finished)]
    public void What_jobs_do_changes_one_state_and_no_other(ConversationVerb verb, ConversationState from, ConversationState to)
    {
        foreach (var state in Enum.GetValues<ConversationState>())
        {
            var outcome = Transition.Decide(state, null, verb, null);
            if (state == from) Assert.Equal(to, Assert.IsType<TransitionOutcome.Changed>(outcome).State);
            else Assert.IsType<TransitionOutcome.Already>(outcome);
        }
    }
}
