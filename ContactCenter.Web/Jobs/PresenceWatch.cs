using ContactCenter.Storage;

namespace ContactCenter.Jobs;

/// <summary>
/// Notes every second that this node can look at the database: only who was there to be seen can be told to be gone
/// (see
/// <see cref="Absence"/>). Its record tells all nodes since when it has looked without a gap, which abandonment asks
/// for.
/// </summary>
public sealed class PresenceWatch(JobStore jobs, Absence absence) : IJob
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    public async Task RunAsync(CancellationToken cancel)
    {
        await jobs.LookAsync(cancel);
        absence.Looked();
    }
}
