using ContactCenter.Domain;

namespace ContactCenter.Tests.Domain;

/// <summary>
/// A floor with a virtual clock: contacts arrive and leave, agents take breaks and answer, and every assignment is the
/// real decision. What must hold for a strategy is asked at every step.
/// </summary>
public sealed class StrategyTests
{
    private const int Agents = 8;
    private const int Arrivals = 4000;

    public static TheoryData<Eligibility, Distribution> Assigning()
    {
        var all = new TheoryData<Eligibility, Distribution>();
        foreach (var eligibility in Enum.GetValues<Eligibility>().Where(e => !Assignment.TakenByAgents(e)))
            foreach (var distribution in Enum.GetValues<Distribution>())
                all.Add(eligibility, distribution);
        return all;
    }

    [Theory]
    [MemberData(nameof(Assigning))]
    public void Whatever_the_strategy_no_limit_is_passed_nobody_overtakes_and_nobody_starves(
        Eligibility eligibility, Distribution distribution)
    {
        var floor = new Floor(eligibility, distribution, seed: 7);

        floor.Run(Arrivals);

        // The premise: it was busy enough to queue, and most were served.
        Assert.True(floor.Queued > 50, $"{floor.Queued} had to wait");
        Assert.True(floor.Served > Arrivals / 2, $"{floor.Served} were served");
        Assert.Equal(floor.ArrivalOrder.Take(floor.Served), floor.ServedOrder);
        Assert.All(floor.Members, agent => Assert.True(floor.ServedBy(agent.Agent) > 0, $"{agent.Name} got nothing"));
    }

    [Theory]
    [InlineData(Distribution.LeastActive)]
    [InlineData(Distribution.RoundRobinMemory)]
    public void With_everybody_always_there_the_fair_ones_stay_within_one(Distribution distribution)
    {
        var floor = new Floor(Eligibility.NoCall, distribution, seed: 3) { Breaks = false, OwnCapacities = false, EndsInOrder = true };

        floor.Run(Arrivals);

        var served = floor.Members.Select(agent => floor.ServedBy(agent.Agent)).ToList();
        Assert.InRange(served.Max() - served.Min(), 0, 1);
    }

    [Fact]
    public void Weighted_random_keeps_to_its_weights()
    {
        var random = new Random(11);
        var members = Enumerable.Range(0, 4).Select(n => Floor.Agent(n) with { Penalty = n * 30 }).ToList();
        var campaign = new CampaignSettings { Distribution = Distribution.WeightedRandom, MaximumPerAgent = 100 };
        var drawn = new int[4];
        const int draws = 40_000;
        for (var n = 0; n < draws; n++)
            drawn[members.IndexOf(Chosen(campaign, members, random.Next))]++;

        var total = members.Sum(agent => 101 - agent.Penalty);
        for (var n = 0; n < 4; n++)
        {
            var expected = draws * (101.0 - members[n].Penalty) / total;
            // Five standard deviations of a binomial draw.
            var bound = 5 * Math.Sqrt(expected * (1 - (expected / draws)));
            Assert.InRange(drawn[n], expected - bound, expected + bound);
        }
    }

    [Fact]
    public void Round_robin_goes_on_after_the_last_one_even_where_that_one_is_full_now()
    {
        var members = Enumerable.Range(0, 4).Select(Floor.Agent).ToList();
        members[1] = members[1] with { Held = 6, HeldHere = 6 };
        members[2] = members[2] with { Accepting = false };
        var campaign = new CampaignSettings { Distribution = Distribution.RoundRobinMemory };

        var outcome = Assignment.Decide(campaign, members, new AssignmentCase(LastAgent: members[1].Agent));

        Assert.Equal(members[3], Assert.IsType<AssignmentOutcome.Assigned>(outcome).To);
    }

    [Fact]
    public void Omni_prefers_who_holds_nothing_and_nocall_waits_for_who_is_busy_with_an_exclusive_one()
    {
        var busy = Floor.Agent(0) with { Held = 1, HeldHere = 0, CompletedToday = 0 };
        var free = Floor.Agent(1) with { CompletedToday = 9 };
        var exclusive = Floor.Agent(2) with { Held = 1, HoldsExclusive = true, Position = -1 };
        CampaignSettings With(Eligibility eligibility) => new() { Eligibility = eligibility, Distribution = Distribution.FewestCompleted };

        Assert.Equal(free, Chosen(With(Eligibility.Omni), [busy, free], null));
        Assert.Equal(busy, Chosen(With(Eligibility.NoCall), [busy, free], null));
        Assert.Equal(exclusive, Chosen(With(Eligibility.NoPause), [exclusive], null));
        Assert.IsType<AssignmentOutcome.Nobody>(Assignment.Decide(With(Eligibility.NoCall), [exclusive]));
    }

    [Fact]
    public void One_at_a_time_counts_this_campaign_for_interaction_and_everything_for_incall()
    {
        var elsewhere = Floor.Agent(0) with { Held = 2, HeldHere = 0 };
        var here = Floor.Agent(1) with { Held = 1, HeldHere = 1 };
        var interaction = new CampaignSettings { Eligibility = Eligibility.Interaction };
        var incall = new CampaignSettings { Eligibility = Eligibility.InCall };

        Assert.Equal(elsewhere, Chosen(interaction, [elsewhere, here], null));
        Assert.IsType<AssignmentOutcome.Nobody>(Assignment.Decide(incall, [elsewhere, here]));
    }

    [Fact]
    public void A_contacts_exclusive_agent_gets_it_or_it_waits_for_them()
    {
        var lili = Floor.Agent(0) with { Held = 5, HeldHere = 5 };
        var omar = Floor.Agent(1);
        var theirs = new AssignmentCase(Exclusive: lili.Agent);

        var given = Assert.IsType<AssignmentOutcome.Assigned>(Assignment.Decide(new CampaignSettings(), [lili, omar], theirs));
        Assert.Equal((lili, true), (given.To, given.Because.Exclusive));

        var full = lili with { Held = 6, HeldHere = 6 };
        var waits = Assert.IsType<AssignmentOutcome.Nobody>(Assignment.Decide(new CampaignSettings(), [full, omar], theirs));
        Assert.Equal(NobodyBecause.WaitsForExclusive, waits.Because);
    }

    [Fact]
    public void Ringall_gives_the_oldest_to_who_has_none_and_ringallmultiple_anything_to_anyone()
    {
        var ringall = new CampaignSettings { Eligibility = Eligibility.RingAll };
        var multiple = new CampaignSettings { Eligibility = Eligibility.RingAllMultiple };
        var idle = Floor.Agent(0);
        var busy = idle with { Held = 9, HeldHere = 9 };
        TakeRefusal Refused(CampaignSettings campaign, Candidate agent, bool oldest) =>
            Assert.IsType<TakeOutcome.Refused>(Assignment.DecideTake(campaign, agent, oldest, 3)).Why;

        Assert.IsType<TakeOutcome.Taken>(Assignment.DecideTake(ringall, idle, isOldest: true, 3));
        Assert.Equal(TakeRefusal.OldestFirst, Refused(ringall, idle, false));
        Assert.Equal(TakeRefusal.OneAtATime, Refused(ringall, busy, true));
        Assert.Equal(TakeRefusal.NotAvailable, Refused(multiple, idle with { Accepting = false }, true));
        Assert.IsType<TakeOutcome.Taken>(Assignment.DecideTake(multiple, busy, isOldest: false, 3));
        Assert.Equal(TakeRefusal.AssignedByStrategy, Refused(new CampaignSettings(), idle, true));
        Assert.Equal(
            NobodyBecause.AgentsTake, Assert.IsType<AssignmentOutcome.Nobody>(Assignment.Decide(ringall, [idle])).Because);
    }

    private static Candidate Chosen(CampaignSettings campaign, IReadOnlyList<Candidate> members, Func<int, int>? chance) =>
        Assert.IsType<AssignmentOutcome.Assigned>(Assignment.Decide(campaign, members, chance: chance)).To;

    private sealed class Floor(Eligibility eligibility, Distribution distribution, int seed)
    {
        private static readonly DateTimeOffset Nine = new(2026, 11, 20, 9, 0, 0, TimeSpan.Zero);

        private readonly CampaignSettings campaign = new() { Eligibility = eligibility, Distribution = distribution, MaximumPerAgent = 4 };
        private readonly Random random = new(seed);
        private readonly Queue<int> waiting = new();
        private readonly List<(Guid Agent, int Contact)> open = [];
        private readonly Dictionary<Guid, int> served = [];
        private DateTimeOffset now = Nine;
        private Guid? last;

        public bool Breaks { get; init; } = true;
        public bool OwnCapacities { get; init; } = true;
        public bool EndsInOrder { get; init; }
        public List<Candidate> Members { get; } = [];
        public List<int> ArrivalOrder { get; } = [];
        public List<int> ServedOrder { get; } = [];
        public int Served => ServedOrder.Count;
        public int Queued { get; private set; }

        public int ServedBy(Guid agent) => served.GetValueOrDefault(agent);

        public static Candidate Agent(int number) => new(
            new Guid(number + 1, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]), $"Agent {number}", Accepting: true, Connected: true, 0, 0, 6, null,
            Position: number);

        public void Run(int arrivals)
        {
            for (var n = 0; n < Agents; n++)
                Members.Add(Agent(n) with { Capacity = OwnCapacities ? 2 + (n % 3) : 6, Penalty = n * 10 });
            for (var contact = 0; contact < arrivals; contact++)
            {
                now = now.AddSeconds(random.Next(1, 10));
                ArrivalOrder.Add(contact);
                waiting.Enqueue(contact);
                Assign();
                if (waiting.Count > 0) Queued++;
                // A little more than one ends for each that arrives, unevenly, so that queues build and drain.
                for (var ends = random.Next(0, 3); ends > 0 && open.Count > 0; ends--) Finish();
                if (waiting.Count > 12) while (open.Count > 0 && waiting.Count > 3) Finish();
                if (Breaks && random.Next(20) == 0) ToggleBreak();
                Assign();
            }
        }

        private void Assign()
        {
            while (waiting.Count > 0
                && Assignment.Decide(campaign, Members, new AssignmentCase(last), random.Next) is AssignmentOutcome.Assigned given)
            {
                var contact = waiting.Dequeue();
                var place = Members.FindIndex(agent => agent.Agent == given.To.Agent);
                var agent = Members[place];
                Assert.True(agent.Accepting && agent.Connected);
                Assert.True(agent.HeldHere < campaign.MaximumPerAgent && agent.Held < agent.Capacity, $"{agent.Name} is full");
                if (campaign.Eligibility is Eligibility.Interaction or Eligibility.InCall) Assert.Equal(0, agent.HeldHere);
                Members[place] = agent with { Held = agent.Held + 1, HeldHere = agent.HeldHere + 1, LastAssignedAt = now };
                open.Add((agent.Agent, contact));
                ServedOrder.Add(contact);
                served[agent.Agent] = ServedBy(agent.Agent) + 1;
                last = agent.Agent;
                now = now.AddMilliseconds(1);
            }
        }

        private void Finish()
        {
            var at = EndsInOrder ? 0 : random.Next(open.Count);
            var place = Members.FindIndex(agent => agent.Agent == open[at].Agent);
            var agent = Members[place];
            open.RemoveAt(at);
            Members[place] = agent with
            {
                Held = agent.Held - 1,
                HeldHere = agent.HeldHere - 1,
                CompletedToday = agent.CompletedToday + 1,
            };
            Assign();
        }

        private void ToggleBreak()
        {
            var place = random.Next(Members.Count);
            Members[place] = Members[place] with { Accepting = !Members[place].Accepting };
        }
    }
}
