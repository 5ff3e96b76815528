using System.Collections.Concurrent;

namespace ContactCenter.Jobs;

/// <summary>Runs jobs on this node, never the same one twice at once, and tells the monitor how it went.</summary>
public sealed partial class JobRunner(
    IServiceScopeFactory scopes, JobMonitor monitor, TimeProvider clock, ILogger<JobRunner> log)
{
    // While the database is away every run fails with the same words.
    private static readonly TimeSpan Reminder = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, bool> running = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> told = new(StringComparer.Ordinal);

    /// <summary>Runs <paramref name="job"/> to its end, and throws what it threw.</summary>
    /// <param name="byHand">Whether somebody asked for it and looks at the monitor next.</param>
    /// <returns>False if this node is at it already: then nothing was done.</returns>
    public async Task<bool> RunAsync(JobDefinition job, bool byHand, CancellationToken cancel)
    {
        if (!running.TryAdd(job.Name, true)) return false;
        try
        {
            var (at, start) = (clock.GetUtcNow(), clock.GetTimestamp());
            Exception? problem = null;
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var made = (IJob)ActivatorUtilities.CreateInstance(scope.ServiceProvider, job.Type);
                await made.RunAsync(cancel);
                told.TryRemove(job.Name, out _);
            }
            catch (Exception failure) when (!cancel.IsCancellationRequested)
            {
                problem = failure;
                Tell(job, failure);
                throw;
            }
            finally
            {
                if (!cancel.IsCancellationRequested)
                    await monitor.RanAsync(job, at, clock.GetElapsedTime(start), problem, byHand, cancel);
            }
            return true;
        }
        finally
        {
            running.TryRemove(job.Name, out _);
        }
    }

    private void Tell(JobDefinition job, Exception failure)
    {
        if (told.TryGetValue(job.Name, out var last) && clock.GetElapsedTime(last) < Reminder) return;
        told[job.Name] = clock.GetTimestamp();
        LogFailed(failure, job.Name);
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Job {Job} failed; it runs again, and is told of again in a minute if it goes on failing")]
    private partial void LogFailed(Exception problem, string job);
}
