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
    // Its ways to the database are synchronous.
    public Task<HangfireFigures> ReadAsync(CancellationToken cancel) => Task.Run(() =>
    {
        var monitoring = storage.GetMonitoringApi();
        using var connection = storage.GetReadOnlyConnection();
        return new HangfireFigures(
            monitoring.GetStatistics(),
            [.. monitoring.Servers().OrderBy(server => server.Name, StringComparer.Ordinal)],
            [.. monitoring.Queues()],
            connection.GetRecurringJobs().ToDictionary(job => job.Id, StringComparer.Ordinal));
    }, cancel);
}
