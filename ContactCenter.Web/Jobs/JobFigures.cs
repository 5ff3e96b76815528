using System.Diagnostics;
using Hangfire;
using Hangfire.Storage;
using Hangfire.Storage.Monitoring;

namespace ContactCenter.Jobs;

/// <summary>What Hangfire says of itself.</summary>
/// <param name="Counts">Runs by their state: succeeded and deleted ever, the others now.</param>
/// <param name="Recurring">The shared jobs, by name.</param>
public sealed record HangfireFigures(
    StatisticsDto Counts, IReadOnlyList<ServerDto> Servers, IReadOnlyList<QueueWithTopEnqueuedJobsDto> Queues,
    IReadOnlyDictionary<string, RecurringJobDto> Recurring);

/// <summary>Asks Hangfire for its figures.</summary>
public sealed class JobFigures(JobStorage storage)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private Task<HangfireFigures>? look;
    private long began;

    // Its ways to the database are synchronous, and few: one looks for all who ask within a second, or a crowd before
    // the page would take them from the jobs.
    public Task<HangfireFigures> ReadAsync(CancellationToken cancel)
    {
        lock (gate)
        {
            if (look is null or { IsFaulted: true } || (look.IsCompleted && Stopwatch.GetElapsedTime(began) >= Fresh))
                (look, began) = (Task.Run(Read, CancellationToken.None), Stopwatch.GetTimestamp());
            return look.WaitAsync(cancel);
        }
    }

    /// <summary>Something has just been asked of Hangfire: whoever looks next looks anew.</summary>
    public void Forget()
    {
        lock (gate) look = null;
    }

    private HangfireFigures Read()
    {
        var monitoring = storage.GetMonitoringApi();
        using var connection = storage.GetReadOnlyConnection();
        return new HangfireFigures(
            monitoring.GetStatistics(),
            [.. monitoring.Servers().OrderBy(server => server.Name, StringComparer.Ordinal)],
            [.. monitoring.Queues()],
            connection.GetRecurringJobs().ToDictionary(job => job.Id, StringComparer.Ordinal));
    }
}
