using System.Collections.Concurrent;
using System.Globalization;
using ContactCenter.Domain;
using ContactCenter.Storage;
using Npgsql;
using Quartz;

namespace ContactCenter.Jobs;

/// <summary>Listens to the jobs of this node: health asks it at once, and every few seconds the job monitor's table gets it.</summary>
public sealed partial class JobMonitor(JobStore store, JobHealth health, TimeProvider clock, ILogger<JobMonitor> log) : IJobListener
{
    private const int LongestProblem = 500;
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, (JobRecord Record, DateTimeOffset SavedAt)> jobs = new(StringComparer.Ordinal);

    /// <summary>This node, as the job monitor names it.</summary>
    public static string Node { get; } = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}/{Environment.ProcessId}");

    public string Name => nameof(JobMonitor);

    public ValueTask JobToBeExecuted(IJobExecutionContext context, CancellationToken cancellationToken = default) => default;

    public ValueTask JobExecutionVetoed(IJobExecutionContext context, CancellationToken cancellationToken = default) => default;

    public async ValueTask JobWasExecuted(
        IJobExecutionContext context, JobExecutionException? jobException, CancellationToken cancellationToken = default)
    {
        var name = context.JobDetail.Key.Name;
        var now = clock.GetUtcNow();
        var (job, savedAt) = jobs.GetOrAdd(name, _ => (new JobRecord { Node = Node, Name = name }, default));
        job.StartedAt = context.FireTimeUtc;
        // A run asked for by hand has no next one; the schedule's stands.
        job.NextAt = context.NextFireTimeUtc ?? job.NextAt;
        job.Runs++;
        var milliseconds = (int)Math.Min(context.JobRunTime.TotalMilliseconds, int.MaxValue);
        if (jobException is null) health.Ran(name, now);
        else
        {
            var problem = (jobException.InnerException ?? jobException).GetBaseException().Message;
            (job.Failures, job.FailedAt, job.Problem) = (job.Failures + 1, now, problem[..Math.Min(problem.Length, LongestProblem)]);
            milliseconds = -Math.Max(milliseconds, 1);
        }
        job.Recent = [milliseconds, .. job.Recent.Take(JobRecord.Kept - 1)];
        if (jobException is null && context.NextFireTimeUtc is not null && now - savedAt < Between) return;
        try
        {
            await store.SaveAsync(job, cancellationToken);
            jobs[name] = (job, now);
        }
        catch (Exception missed) when (missed is NpgsqlException or TimeoutException or InvalidOperationException)
        {
            LogMissed(missed);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The job monitor's table could not be written")]
    private partial void LogMissed(Exception problem);
}
