using ContactCenter.Domain;

namespace ContactCenter.Tests.Domain;

public sealed class AssignmentTests
{
    private static readonly DateTimeOffset Nine = new(2026, 11, 20, 9, 0, 0, TimeSpan.Zero);
    private static readonly CampaignSettings Six = new() { MaximumPerAgent = 6 };

    private static Candidate Agent(int number, int held = 0, int? here = null, DateTimeOffset? last = null) => new(
        new Guid(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]), $"Agent {number}", Accepting: true, Connected: true,
        held, here ?? held, Capacity: 6, last);

    private static AssignmentOutcome.Assigned Assigned(CampaignSettings campaign, params Candidate[] members) =>
        Assert.IsType<AssignmentOutcome.Assigned>(Assignment.Decide(campaign, members));

    private static NobodyBecause Nobody(CampaignSettings campaign, params Candidate[] members) =>
        Assert.IsType<AssignmentOutcome.Nobody>(Assignment.Decide(campaign, members)).Because;

    [Fact]
    public void The_least_active_agent_is_chosen_and_the_reason_says_so()
    {
        var outcome = Assigned(Six, Agent(1, held: 3), Agent(2, held: 1), Agent(3, held: 2));

        Assert.Equal("Agent 2", outcome.To.Name);
        Assert.Equal(new Because(Distribution.LeastActive, Held: 1, Limit: 6, Eligible: 3, Members: 3), outcome.Because);
    }

    [Fact]
    public void Among_equals_who_has_gone_longest_without_a_new_one_is_chosen()
    {
        var outcome = Assigned(
            Six, Agent(1, 1, last: Nine.AddMinutes(2)), Agent(2, 1, last: Nine), Agent(3, 1, last: Nine.AddMinutes(1)));

        Assert.Equal("Agent 2", outcome.To.Name);
    }

    [Fact]
    public void Who_never_had_one_comes_before_who_did() =>
        Assert.Equal("Agent 2", Assigned(Six, Agent(1, last: Nine), Agent(2)).To.Name);

    [Fact]
    public void The_order_of_the_members_does_not_decide()
    {
        Candidate[] members = [Agent(3), Agent(1), Agent(2)];

        Assert.Equal(Assigned(Six, members).To, Assigned(Six, [.. members.Reverse()]).To);
    }

    [Fact]
    public void The_campaigns_limit_holds()
    {
        var two = new CampaignSettings { MaximumPerAgent = 2 };

        Assert.Equal(NobodyBecause.EverybodyFull, Nobody(two, Agent(1, held: 2)));
        Assert.Equal("Agent 1", Assigned(two, Agent(1, held: 1)).To.Name);
    }

    [Fact]
    public void The_agents_own_limit_holds_over_all_campaigns()
    {
        var full = Agent(1, held: 6, here: 0);

        Assert.Equal(NobodyBecause.EverybodyFull, Nobody(Six, full));
        Assert.Equal(NobodyBecause.EverybodyFull, Nobody(Six, full with { Held = 2, Capacity = 2 }));
    }

    [Fact]
    public void Nobody_is_chosen_who_is_not_there_or_not_accepting()
    {
        Assert.Equal(NobodyBecause.NoMembers, Nobody(Six));
        Assert.Equal(NobodyBecause.NobodyAccepting, Nobody(Six, Agent(1) with { Accepting = false }));
        Assert.Equal(NobodyBecause.NobodyConnected, Nobody(Six, Agent(1) with { Connected = false }));
        Assert.Equal("Agent 2", Assigned(Six, Agent(1) with { Connected = false }, Agent(2, held: 5)).To.Name);
    }

    /// <summary>A virtual day: whatever arrives and ends, no limit is passed and the load stays even.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Over_thousands_of_arrivals_the_load_stays_within_one_and_no_limit_is_passed(int seed)
    {
        var random = new Random(seed);
        var agents = Enumerable.Range(1, 7).Select(number => Agent(number)).ToList();
        var (assigned, refused, now) = (0, 0, Nine);
        for (var arrival = 0; arrival < 5000; arrival++)
        {
            now = now.AddSeconds(1);
            if (Assignment.Decide(Six, agents) is AssignmentOutcome.Assigned outcome)
            {
                assigned++;
                var least = agents.Min(agent => agent.Held);
                Assert.Equal(least, outcome.To.Held);
                var place = agents.IndexOf(outcome.To);
                agents[place] = outcome.To with { Held = outcome.To.Held + 1, HeldHere = outcome.To.HeldHere + 1, LastAssignedAt = now };
            }
            else
            {
                refused++;
                Assert.All(agents, agent => Assert.Equal(6, agent.Held));
            }
            Assert.All(agents, agent => Assert.InRange(agent.Held, 0, 6));
            if (random.Next(2) == 0) Finish(agents, random);
        }
        // The premise: both ways were tried.
        Assert.True(assigned > 1000 && refused > 100, $"{assigned} assigned, {refused} refused");
    }

    private static void Finish(List<Candidate> agents, Random random)
    {
        var place = random.Next(agents.Count);
        var agent = agents[place];
        if (agent.Held > 0) agents[place] = agent with { Held = agent.Held - 1, HeldHere = agent.HeldHere - 1 };
    }

    private static AssignmentOutcome Again(bool asksOthers, Candidate[] members, params int[] silent) => Assignment.Decide(
        Six, members, new AssignmentCase(Silent: [.. silent.Select(number => Agent(number).Agent)], AsksOthers: asksOthers));

    [Fact]
    public void Whoever_let_it_go_unanswered_comes_after_everybody_else()
    {
        var outcome = Assert.IsType<AssignmentOutcome.Assigned>(Again(true, [Agent(1), Agent(2, held: 5)], 1));

        Assert.Equal(("Agent 2", 1), (outcome.To.Name, outcome.Because.Eligible));
        // Of two who did neither is better than a third, and both are better than nobody.
        Assert.Equal("Agent 3", Assert.IsType<AssignmentOutcome.Assigned>(Again(true, [Agent(1), Agent(2), Agent(3, held: 5)], 1, 2)).To.Name);
        Assert.Equal("Agent 2", Assert.IsType<AssignmentOutcome.Assigned>(Again(true, [Agent(1, held: 1), Agent(2)], 1, 2)).To.Name);
    }

    [Fact]
    public void It_waits_a_while_for_somebody_who_is_there_and_full_and_not_for_who_is_not_there()
    {
        Candidate[] full = [Agent(1), Agent(2, held: 6)];
        Assert.Equal(NobodyBecause.WaitsForAnother, Assert.IsType<AssignmentOutcome.Nobody>(Again(true, full, 1)).Because);
        Assert.Equal("Agent 1", Assert.IsType<AssignmentOutcome.Assigned>(Again(false, full, 1)).To.Name);

        foreach (var away in (Candidate[])[Agent(2) with { Connected = false }, Agent(2) with { Accepting = false }])
            Assert.Equal("Agent 1", Assert.IsType<AssignmentOutcome.Assigned>(Again(true, [Agent(1), away], 1)).To.Name);
        Assert.Equal(NobodyBecause.EverybodyFull, Assert.IsType<AssignmentOutcome.Nobody>(Again(false, [Agent(1, held: 6)], 1)).Because);
    }

    [Fact]
    public void An_exclusive_agent_who_let_it_go_unanswered_is_not_waited_for()
    {
        var (lili, omar) = (Agent(1), Agent(2));

        var outcome = Assignment.Decide(Six, [lili, omar], new AssignmentCase(Exclusive: lili.Agent, Silent: [lili.Agent], AsksOthers: true));

        Assert.Equal((omar, false), (Assert.IsType<AssignmentOutcome.Assigned>(outcome).To, ((AssignmentOutcome.Assigned)outcome).Because.Exclusive));
    }

    [Theory]
    [InlineData(300, 240)]
    [InlineData(120, 60)]
    [InlineData(40, 20)]
    public void That_it_goes_back_is_said_a_minute_before_and_of_a_short_time_from_its_half(int within, int after)
    {
        var due = Nine.AddSeconds(within);

        Assert.Null(AnswerTime.Said(due, within, Nine.AddSeconds(after - 1)));
        Assert.Equal(due, AnswerTime.Said(due, within, Nine.AddSeconds(after)));
        Assert.Null(AnswerTime.Said(null, within, due));
    }
}
