using System.Collections.Concurrent;
using System.Globalization;
using ContactCenter.Domain;
using ContactCenter.Storage;
using Npgsql;

namespace ContactCenter.Jobs;

/// <summary>Hears of every run on this node: health asks it at once, and every few seconds the job monitor's table gets
/// it.</summary>
public sealed partial class JobMonitor(JobStore store, JobHealth health, TimeProvider clock, ILogger<JobMonitor> log)
{
    private const int LongestProblem = 500;
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, Entry> jobs = new(StringComparer.Ordinal);

    /// <summary>This node, as the job monitor names it.</summary>
    public static string Node { get; } = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}/{Environment.ProcessId}");

    /// <summary>Notes a run. The same job never runs twice at once on a node, so nobody else writes its record
    /// meanwhile.</summary>
    /// <param name="problem">What it threw; null: it went well.</param>
    /// <param name="atOnce">Whether the table gets it now.</param>
    public async Task RanAsync(
        JobDefinition job, DateTimeOffset startedAt, TimeSpan took, Exception? problem, bool atOnce,
        CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var entry = jobs.GetOrAdd(job.Name, name => new Entry(new JobRecord { Node = Node, Name = name }));
        var record = entry.Record;
        record.StartedAt = startedAt;
        // When a shared one runs next, and where, Hangfire says.
        record.NextAt = job.Shared ? null : startedAt + job.Every;
        record.Runs++;
        var milliseconds = (int)Math.Min(took.TotalMilliseconds, int.MaxValue);
        if (problem is null)
        {
            health.Ran(job.Name, now);
            // The gap is measured by the monotonic clock: setting the other one is no outage.
            if (entry.Succeeded == 0 || clock.GetElapsedTime(entry.Succeeded) > JobRecord.Gap) record.SteadySince = now;
            entry.Succeeded = clock.GetTimestamp();
        }
        else
        {
            var words = problem.GetBaseException().Message;
            (record.Failures, record.FailedAt, record.Problem) =
                (record.Failures + 1, now, words[..Math.Min(words.Length, LongestProblem)]);
            milliseconds = -Math.Max(milliseconds, 1);
        }
        record.Recent = [milliseconds, .. record.Recent.Take(JobRecord.Kept - 1)];
        if (problem is null && !atOnce && now - entry.SavedAt < Between) return;
        try
        {
            await store.SaveAsync(record, cancel);
            entry.SavedAt = now;
        }
        catch (Exception missed) when (missed is NpgsqlException or TimeoutException or InvalidOperationException)
        {
            LogMissed(missed);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The job monitor's table could not be written")]
    private partial void LogMissed(Exception problem);

    private sealed class Entry(JobRecord record)
    {
        public JobRecord Record { get; } = record;

        /// <summary>The clock's timestamp at the end of the last run that went well.</summary>
        public long Succeeded { get; set; }

        public DateTimeOffset SavedAt { get; set; }
    }
}
