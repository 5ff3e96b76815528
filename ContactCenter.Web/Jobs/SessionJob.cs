using ContactCenter.Storage;

namespace ContactCenter.Jobs;

/// <summary>
/// Ends sessions that have been unused for too long or lasted too long, every ten seconds on one of the nodes; and
/// takes away what is kept no longer of guesses, of the security log and of failed runs.
/// </summary>
public sealed class SessionJob(SessionStore sessions, GuessStore guesses, SecurityLog security, JobStore jobs) : IJob
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    public async Task RunAsync(CancellationToken cancel)
    {
        await sessions.ExpireAsync(cancel);
        await guesses.CleanAsync(cancel);
        await security.CleanAsync(cancel);
        await jobs.CleanAsync(cancel);
    }
}
