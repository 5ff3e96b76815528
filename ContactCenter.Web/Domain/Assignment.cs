namespace ContactCenter.Domain;

/// <summary>Who may be given a conversation (Q2, first half of a strategy).</summary>
public enum Eligibility
{
    /// <summary>Accepting and connected, several at once up to the limits.</summary>
    NoCall = 1,
}

/// <summary>Who of the eligible gets it (Q2, second half of a strategy).</summary>
public enum Distribution
{
    /// <summary>The fewest open conversations; then who has gone longest without a new one.</summary>
    LeastActive = 1,
}

/// <summary>A member of the campaign as the decision sees them.</summary>
/// <param name="Held">Open conversations over all campaigns: attended and paused ones (a paused one keeps its slot).</param>
/// <param name="HeldHere">Those of them in this campaign.</param>
/// <param name="Capacity">The agent's own limit over all campaigns.</param>
public sealed record Candidate(
    Guid Agent,
    string Name,
    bool Accepting,
    bool Connected,
    int Held,
    int HeldHere,
    int Capacity,
    DateTimeOffset? LastAssignedAt);

/// <summary>Why an agent was chosen (Q8): kept on the timeline and shown there.</summary>
/// <param name="Held">What the agent already held when chosen.</param>
/// <param name="Limit">How many they may hold.</param>
/// <param name="Eligible">How many agents could have been chosen.</param>
/// <param name="Members">How many members the campaign has.</param>
public sealed record Because(Distribution Distribution, int Held, int Limit, int Eligible, int Members);

/// <summary>Why nobody was chosen.</summary>
public enum NobodyBecause
{
    NoMembers,
    NobodyAccepting,
    NobodyConnected,
    EverybodyFull,
}

public abstract record AssignmentOutcome
{
    public sealed record Assigned(Candidate To, Because Because) : AssignmentOutcome;

    public sealed record Nobody(NobodyBecause Because) : AssignmentOutcome;
}

/// <summary>The assignment decision, pure: the campaign's strategy and the candidates go in, who and why come out.</summary>
public static class Assignment
{
    public static AssignmentOutcome Decide(CampaignSettings campaign, IReadOnlyList<Candidate> members)
    {
        var eligible = Eligible(campaign, members);
        if (eligible.Count == 0) return new AssignmentOutcome.Nobody(WhyNobody(members));
        var chosen = Choose(campaign.Distribution, eligible);
        var because = new Because(
            campaign.Distribution, chosen.Held, Limit(campaign, chosen), eligible.Count, members.Count);
        return new AssignmentOutcome.Assigned(chosen, because);
    }

    private static List<Candidate> Eligible(CampaignSettings campaign, IReadOnlyList<Candidate> members) =>
        campaign.Eligibility switch
        {
            Eligibility.NoCall => [.. members.Where(agent => agent.Accepting && agent.Connected && HasRoom(campaign, agent))],
        };

    private static Candidate Choose(Distribution distribution, List<Candidate> eligible) => distribution switch
    {
        Distribution.LeastActive => eligible
            .OrderBy(agent => agent.Held)
            .ThenBy(agent => agent.LastAssignedAt ?? DateTimeOffset.MinValue)
            .ThenBy(agent => agent.Agent)
            .First(),
    };

    /// <summary>Both limits hold: the campaign's over its own conversations, the agent's over all (Q3).</summary>
    private static bool HasRoom(CampaignSettings campaign, Candidate agent) =>
        agent.HeldHere < campaign.MaximumPerAgent && agent.Held < agent.Capacity;

    private static int Limit(CampaignSettings campaign, Candidate agent) =>
        Math.Min(campaign.MaximumPerAgent, agent.Capacity);

    private static NobodyBecause WhyNobody(IReadOnlyList<Candidate> members)
    {
        if (members.Count == 0) return NobodyBecause.NoMembers;
        if (!members.Any(agent => agent.Accepting)) return NobodyBecause.NobodyAccepting;
        return members.Any(agent => agent.Accepting && agent.Connected)
            ? NobodyBecause.EverybodyFull
            : NobodyBecause.NobodyConnected;
    }
}
