namespace ContactCenter.Load.Chaos;

/// <summary>What is done to the installation while people use it.</summary>
enum Fault
{
    /// <summary>A node ends as by a crash (SIGKILL) and is started again.</summary>
    KillNode,

    /// <summary>PostgreSQL ends at once (immediate shutdown) and is started again.</summary>
    StopDatabase,

    /// <summary>A node stands still (SIGSTOP) and goes on (SIGCONT).</summary>
    FreezeNode,

    /// <summary>The balancer drops every connection to a node: streams, and answers on their way.</summary>
    CutConnections,
}

/// <summary>One fault of the plan.</summary>
/// <param name="Node">Which of the two nodes; without meaning where the database is stopped.</param>
/// <param name="After">The quiet before it, counted from the recovery of the one before.</param>
/// <param name="Lasting">How long what broke stays broken.</param>
sealed record Incident(Fault Fault, int Node, TimeSpan After, TimeSpan Lasting);

/// <summary>How large a run is.</summary>
/// <param name="Each">How many conversations an agent may hold.</param>
/// <param name="PerSecond">Messages a second of everybody together.</param>
/// <param name="Rounds">How often each fault happens.</param>
/// <param name="Quiet">The least time between a recovery and the next fault.</param>
sealed record Size(int Visitors, int Agents, int Each, double PerSecond, int Rounds, TimeSpan Quiet)
{
    // A fifth of the visitors wait at any time: so there is always something to assign, and to assign wrongly.
    public static readonly Size Whole = new(100, 20, 4, 50, 3, TimeSpan.FromSeconds(6));
    public static readonly Size Quick = new(24, 6, 3, 20, 1, TimeSpan.FromSeconds(2));
}

/// <summary>What one conversation comes to: so many messages of both sides, then one of them ends it.</summary>
sealed record Script(int Messages, bool VisitorEnds);

/// <summary>Everything that chance decides, from one number: the same seed is the same plan.</summary>
static class Plan
{
    public static IReadOnlyList<Incident> Of(int seed, Size size)
    {
        var dice = new Random(seed);
        var incidents = new List<Incident>();
        for (var round = 0; round < size.Rounds; round++)
        {
            var faults = Enum.GetValues<Fault>();
            dice.Shuffle(faults);
            foreach (var fault in faults)
                incidents.Add(new(fault, dice.Next(2), size.Quiet + Seconds(dice, 0, 2), fault switch
                {
                    Fault.KillNode => Seconds(dice, 0.5, 3),
                    Fault.StopDatabase => Seconds(dice, 0.5, 4),
                    Fault.FreezeNode => Seconds(dice, 2, 6),
                    Fault.CutConnections => TimeSpan.Zero,
                }));
        }
        return incidents;
    }

    /// <summary>The script of a visitor's conversation: both counted from 0.</summary>
    public static Script Script(int seed, int visitor, int conversation)
    {
        var dice = Dice(seed, 1 + visitor, conversation);
        return new(dice.Next(6, 25), dice.NextDouble() < 0.3);
    }

    /// <summary>Chance for one part of the run, the same in every run of the seed.</summary>
    public static Random Dice(int seed, int part, int of = 0) => new(unchecked(seed * 31 + part * 7_919 + of * 104_729));

    static TimeSpan Seconds(Random dice, double least, double most) => TimeSpan.FromSeconds(least + dice.NextDouble() * (most - least));
}
