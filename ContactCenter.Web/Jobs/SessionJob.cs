using ContactCenter.Storage;
using Quartz;

namespace ContactCenter.Jobs;

/// <summary>
/// Ends sessions that have been unused for too long or lasted too long, every ten seconds on every node; and takes away what is
/// kept no longer of guesses and of the security log.
/// </summary>
[DisallowConcurrentExecution]
public sealed class SessionJob(SessionStore sessions, GuessStore guesses, SecurityLog security) : IJob
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancel = default)
    {
        await sessions.ExpireAsync(cancel);
        await guesses.CleanAsync(cancel);
        await security.CleanAsync(cancel);
    }
}
