using Hangfire;

namespace ContactCenter.Jobs;

/// <summary>What Hangfire calls: it stores this type's and method's names and the job's, so they outlive a
/// build.</summary>
public sealed class SharedJobs(JobRunner runner)
{
    /// <returns>What the runner says, which Hangfire keeps with the run: false where the node was at it
    /// already.</returns>
    // A failed run is not repeated: the next one of the schedule is due within seconds.
    [JobDisplayName("{0}"), AutomaticRetry(Attempts = 0, LogEvents = false)]
    public async Task<bool> RunAsync(string name, CancellationToken cancel)
    {
        var job = JobDefinition.Find(name) ?? throw new InvalidOperationException($"This build has no job {name}.");
        return await runner.RunAsync(job, byHand: false, cancel);
    }
}
