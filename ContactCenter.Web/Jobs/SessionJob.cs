using ContactCenter.Storage;
using Quartz;

namespace ContactCenter.Jobs;

/// <summary>Ends sessions that have been unused for too long or lasted too long, every ten seconds on every node.</summary>
[DisallowConcurrentExecution]
public sealed class SessionJob(SessionStore sessions) : IJob
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancel = default) => await sessions.ExpireAsync(cancel);
}
