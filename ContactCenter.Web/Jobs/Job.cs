namespace ContactCenter.Jobs;

/// <summary>Work that recurs. Every run looks at the database and changes only what it finds there still: two runs at
/// once, or one that was cut off and is repeated, do no more than one.</summary>
public interface IJob
{
    Task RunAsync(CancellationToken cancel);
}

/// <summary>A job of this build.</summary>
/// <param name="Every">How long from the start of a run to that of the next; whole seconds, at most a minute.</param>
/// <param name="Shared">
/// Whether Hangfire runs it once for all nodes, on any of them. What is about a node's own streams or its own view of
/// the database is run by every node itself.
/// </param>
public sealed record JobDefinition(Type Type, TimeSpan Every, bool Shared)
{
    /// <summary>Its name in the job monitor and in Hangfire.</summary>
    public string Name => Type.Name;

    public static IReadOnlyList<JobDefinition> All { get; } =
    [
        Own<Sweep>(Sweep.Every),
        Own<ThresholdJob>(ThresholdJob.Every),
        Own<PresenceWatch>(PresenceWatch.Every),
        OfAll<AbandonmentJob>(AbandonmentJob.Every),
        OfAll<OpeningJob>(OpeningJob.Every),
        OfAll<OutboxJob>(OutboxJob.Every),
        OfAll<SessionJob>(SessionJob.Every),
    ];

    public static JobDefinition? Find(string? name) => All.FirstOrDefault(job => job.Name == name);

    private static JobDefinition Own<TJob>(TimeSpan every) where TJob : IJob => new(typeof(TJob), every, Shared: false);

    private static JobDefinition OfAll<TJob>(TimeSpan every) where TJob : IJob =>
        new(typeof(TJob), every, Shared: true);
}
