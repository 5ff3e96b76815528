namespace ContactCenter.Domain;

/// <summary>Who may be given a conversation (Q2, first half of a strategy). The numbers are stored.</summary>
public enum Eligibility
{
    /// <summary>Accepting and connected, several at once up to the limits, not while busy with an exclusive one.</summary>
    NoCall = 1,

    /// <summary>One conversation of this campaign at a time.</summary>
    Interaction = 2,

    /// <summary>Only agents who hold nothing at all.</summary>
    InCall = 3,

    /// <summary>Several at once, also while busy with an exclusive one.</summary>
    NoPause = 4,

    /// <summary>Like <see cref="NoCall"/>, but whoever holds nothing goes before who holds something.</summary>
    Omni = 5,

    /// <summary>Agents take the oldest waiting conversation themselves, one at a time.</summary>
    RingAll = 6,

    /// <summary>Agents take any waiting conversation themselves, as many as they want.</summary>
    RingAllMultiple = 7,
}

/// <summary>Who of the eligible gets it (Q2, second half of a strategy). The numbers are stored.</summary>
public enum Distribution
{
    /// <summary>The fewest open conversations; then who has gone longest without a new one.</summary>
    LeastActive = 1,

    /// <summary>Who has gone longest without a new one.</summary>
    LeastRecent = 2,

    /// <summary>The fewest completed today; then as least recent.</summary>
    FewestCompleted = 3,

    /// <summary>Anyone, with equal chances.</summary>
    Random = 4,

    /// <summary>The next in member order after who got the last one.</summary>
    RoundRobinMemory = 5,

    /// <summary>The first in member order.</summary>
    Linear = 6,

    /// <summary>By chance in proportion to a weight of 101 − penalty: penalty 0 weighs 101, penalty 100 weighs 1.</summary>
    WeightedRandom = 7,
}

/// <summary>A member of the campaign as the decision sees them.</summary>
/// <param name="Held">Open conversations over all campaigns: attended and paused ones (a paused one keeps its slot).</param>
/// <param name="HeldHere">Those of them in this campaign.</param>
/// <param name="HoldsExclusive">Whether one of them is of a campaign that gives one at a time.</param>
/// <param name="Capacity">The agent's own limit over all campaigns.</param>
/// <param name="CompletedToday">Conversations finished in this campaign since its day began.</param>
/// <param name="Position">Order among the members; equal ones by id.</param>
/// <param name="Penalty">0 to 100.</param>
public sealed record Candidate(
    Guid Agent,
    string Name,
    bool Accepting,
    bool Connected,
    int Held,
    int HeldHere,
    int Capacity,
    DateTimeOffset? LastAssignedAt,
    bool HoldsExclusive = false,
    int CompletedToday = 0,
    int Position = 0,
    int Penalty = 0);

/// <summary>Why an agent has the conversation (Q8): kept on the timeline and shown there.</summary>
/// <param name="Distribution">How they were chosen; null where <paramref name="Taken"/> or <paramref name="Exclusive"/>.</param>
/// <param name="Held">What the agent already held when chosen.</param>
/// <param name="Limit">How many they may hold.</param>
/// <param name="Eligible">How many agents could have been chosen.</param>
/// <param name="Members">How many members the campaign has.</param>
/// <param name="Taken">The agent took it from the waiting list (ringall).</param>
/// <param name="Exclusive">The agent is the contact's exclusive one (Q5).</param>
/// <param name="Away">The contact's page was gone at that moment; null where it was there.</param>
public sealed record Because(
    Distribution? Distribution, int Held, int Limit, int Eligible, int Members, bool Taken = false, bool Exclusive = false, bool? Away = null);

/// <summary>Why nobody was chosen.</summary>
public enum NobodyBecause
{
    NoMembers,
    NobodyAccepting,
    NobodyConnected,
    EverybodyFull,

    /// <summary>The campaign lets agents take conversations themselves.</summary>
    AgentsTake,

    /// <summary>The contact's exclusive agent is not free yet, and there is time to wait for them (Q5).</summary>
    WaitsForExclusive,

    /// <summary>Whoever has room let it go unanswered before; somebody else is there and may soon have room.</summary>
    WaitsForAnother,
}

public abstract record AssignmentOutcome
{
    public sealed record Assigned(Candidate To, Because Because) : AssignmentOutcome;

    public sealed record Nobody(NobodyBecause Because) : AssignmentOutcome;
}

/// <summary>What the decision needs to know besides the members.</summary>
/// <param name="LastAgent">Who got the campaign's last conversation, for <see cref="Distribution.RoundRobinMemory"/>.</param>
/// <param name="Exclusive">The contact's exclusive agent in this campaign while there is time to wait for them, or null.</param>
/// <param name="Silent">Who had this conversation and let its time pass without a word: they come after everybody else.</param>
/// <param name="AsksOthers">Whether there is still time to wait until somebody else has room.</param>
public sealed record AssignmentCase(
    Guid? LastAgent = null, Guid? Exclusive = null, IReadOnlyCollection<Guid>? Silent = null, bool AsksOthers = false);

/// <summary>
/// The assignment decision, pure: the campaign's strategy, the members, the case and a source of chance go in; who and
/// why come out.
/// </summary>
public static class Assignment
{
    /// <param name="chance">Answers a number from 0 up to, not including, its argument.</param>
    public static AssignmentOutcome Decide(
        CampaignSettings campaign, IReadOnlyList<Candidate> members, AssignmentCase? @case = null, Func<int, int>? chance = null)
    {
        if (TakenByAgents(campaign.Eligibility)) return Nobody(NobodyBecause.AgentsTake);
        var silent = @case?.Silent ?? [];
        var eligible = Eligible(campaign, members.Where(agent => !silent.Contains(agent.Agent)));
        if (@case?.Exclusive is { } exclusive && !silent.Contains(exclusive))
            return eligible.Find(agent => agent.Agent == exclusive) is { } theirs
                ? Assigned(campaign, theirs, null, eligible.Count, members.Count, isExclusive: true)
                : Nobody(NobodyBecause.WaitsForExclusive);
        if (eligible.Count == 0 && silent.Count > 0)
        {
            if (@case!.AsksOthers && members.Any(agent => agent.Accepting && agent.Connected && !silent.Contains(agent.Agent)))
                return Nobody(NobodyBecause.WaitsForAnother);
            eligible = Eligible(campaign, members);
        }
        if (eligible.Count == 0) return Nobody(WhyNobody(members));
        var chosen = Choose(campaign.Distribution, eligible, @case?.LastAgent, members, chance ?? Never);
        return Assigned(campaign, chosen, campaign.Distribution, eligible.Count, members.Count);
    }

    /// <summary>Whether agents take conversations from the waiting list themselves (ringall, ringallmultiple).</summary>
    public static bool TakenByAgents(Eligibility eligibility) =>
        eligibility is Eligibility.RingAll or Eligibility.RingAllMultiple;

    /// <summary>Whether an agent may take a waiting conversation of a campaign whose agents take themselves.</summary>
    /// <param name="isOldest">Whether it is the one that has waited longest.</param>
    public static TakeOutcome DecideTake(CampaignSettings campaign, Candidate agent, bool isOldest, int members)
    {
        if (!agent.Accepting) return new TakeOutcome.Refused(TakeRefusal.NotAvailable);
        return campaign.Eligibility switch
        {
            Eligibility.RingAll => RingAll(agent, isOldest, members),
            Eligibility.RingAllMultiple => Taken(agent, int.MaxValue, members),
            Eligibility.NoCall or Eligibility.Interaction or Eligibility.InCall or Eligibility.NoPause or Eligibility.Omni =>
                new TakeOutcome.Refused(TakeRefusal.AssignedByStrategy),
        };
    }

    /// <summary>Whether an agent may take what was kept out of hours: no strategy assigns that, whoever is there may answer it.</summary>
    public static TakeOutcome DecideTakeOutOfHours(Candidate agent, int members)
    {
        if (!agent.Accepting) return new TakeOutcome.Refused(TakeRefusal.NotAvailable);
        return agent.Held >= agent.Capacity
            ? new TakeOutcome.Refused(TakeRefusal.Full)
            : Taken(agent, agent.Capacity, members);
    }

    private static TakeOutcome RingAll(Candidate agent, bool isOldest, int members)
    {
        if (agent.HeldHere > 0) return new TakeOutcome.Refused(TakeRefusal.OneAtATime);
        if (agent.Held >= agent.Capacity) return new TakeOutcome.Refused(TakeRefusal.Full);
        return isOldest ? Taken(agent, 1, members) : new TakeOutcome.Refused(TakeRefusal.OldestFirst);
    }

    private static TakeOutcome.Taken Taken(Candidate agent, int limit, int members) =>
        new(new Because(null, agent.Held, limit, 1, members, Taken: true));

    private static List<Candidate> Eligible(CampaignSettings campaign, IEnumerable<Candidate> members)
    {
        var present = members.Where(agent => agent.Accepting && agent.Connected && HasRoom(campaign, agent));
        return campaign.Eligibility switch
        {
            Eligibility.NoCall => [.. present.Where(agent => !agent.HoldsExclusive)],
            Eligibility.Interaction => [.. present.Where(agent => agent.HeldHere == 0)],
            Eligibility.InCall => [.. present.Where(agent => agent.Held == 0)],
            Eligibility.NoPause => [.. present],
            Eligibility.Omni => PreferFree([.. present.Where(agent => !agent.HoldsExclusive)]),
            Eligibility.RingAll or Eligibility.RingAllMultiple => [],
        };
    }

    private static List<Candidate> PreferFree(List<Candidate> eligible) =>
        eligible.Exists(agent => agent.Held == 0) ? eligible.FindAll(agent => agent.Held == 0) : eligible;

    private static Candidate Choose(
        Distribution distribution, List<Candidate> eligible, Guid? lastAgent, IReadOnlyList<Candidate> members,
        Func<int, int> chance) => distribution switch
        {
            Distribution.LeastActive => LongestWithout(eligible.OrderBy(agent => agent.Held)),
            Distribution.LeastRecent => LongestWithout(eligible.OrderBy(_ => 0)),
            Distribution.FewestCompleted => LongestWithout(eligible.OrderBy(agent => agent.CompletedToday)),
            Distribution.Random => InOrder(eligible)[chance(eligible.Count)],
            Distribution.RoundRobinMemory => After(lastAgent, eligible, members),
            Distribution.Linear => InOrder(eligible)[0],
            Distribution.WeightedRandom => ByWeight(InOrder(eligible), chance),
        };

    private static Candidate LongestWithout(IOrderedEnumerable<Candidate> eligible) => eligible
        .ThenBy(agent => agent.LastAssignedAt ?? DateTimeOffset.MinValue)
        .ThenBy(agent => agent.Agent)
        .First();

    private static List<Candidate> InOrder(IEnumerable<Candidate> agents) =>
        [.. agents.OrderBy(agent => agent.Position).ThenBy(agent => agent.Agent)];

    /// <summary>The first eligible one after the last agent in the circle of all members, so that a full one is skipped, not forgotten.</summary>
    private static Candidate After(Guid? last, List<Candidate> eligible, IReadOnlyList<Candidate> members)
    {
        var circle = InOrder(members);
        var start = last is { } known ? circle.FindIndex(agent => agent.Agent == known) + 1 : 0;
        return Enumerable.Range(0, circle.Count)
            .Select(step => circle[(start + step) % circle.Count])
            .First(eligible.Contains);
    }

    private static Candidate ByWeight(List<Candidate> eligible, Func<int, int> chance)
    {
        var drawn = chance(eligible.Sum(Weight));
        foreach (var agent in eligible)
        {
            drawn -= Weight(agent);
            if (drawn < 0) return agent;
        }
        return eligible[^1];
    }

    private static int Weight(Candidate agent) => 101 - Math.Clamp(agent.Penalty, 0, 100);

    /// <summary>Both limits hold: the campaign's over its own conversations, the agent's over all (Q3).</summary>
    private static bool HasRoom(CampaignSettings campaign, Candidate agent) =>
        agent.HeldHere < campaign.MaximumPerAgent && agent.Held < agent.Capacity;

    private static AssignmentOutcome.Assigned Assigned(
        CampaignSettings campaign, Candidate to, Distribution? distribution, int eligible, int members,
        bool isExclusive = false) => new(
        to,
        new Because(distribution, to.Held, Math.Min(campaign.MaximumPerAgent, to.Capacity), eligible, members, Exclusive: isExclusive));

    private static NobodyBecause WhyNobody(IReadOnlyList<Candidate> members)
    {
        if (members.Count == 0) return NobodyBecause.NoMembers;
        if (!members.Any(agent => agent.Accepting)) return NobodyBecause.NobodyAccepting;
        return members.Any(agent => agent.Accepting && agent.Connected)
            ? NobodyBecause.EverybodyFull
            : NobodyBecause.NobodyConnected;
    }

    private static AssignmentOutcome.Nobody Nobody(NobodyBecause because) => new(because);

    private static int Never(int bound) => throw new InvalidOperationException("This strategy needs a source of chance.");
}

/// <summary>Why an agent may not take a conversation.</summary>
public enum TakeRefusal
{
    NotAvailable,
    OneAtATime,
    OldestFirst,
    Full,

    /// <summary>The campaign's strategy assigns; nobody takes.</summary>
    AssignedByStrategy,
}

public abstract record TakeOutcome
{
    public sealed record Taken(Because Because) : TakeOutcome;

    public sealed record Refused(TakeRefusal Why) : TakeOutcome;
}
