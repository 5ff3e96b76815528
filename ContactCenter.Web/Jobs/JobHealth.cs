using System.Collections.Concurrent;
using ContactCenter.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace ContactCenter.Jobs;

/// <summary>Whether a job stands still: one of this node's own, or a shared one that no node has run.</summary>
public sealed class JobHealth(JobStore store, TimeProvider clock) : IHealthCheck
{
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, DateTimeOffset> finished = new(StringComparer.Ordinal);
    private readonly DateTimeOffset started = clock.GetUtcNow();

    public void Ran(string job, DateTimeOffset at) => finished[job] = at;

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var now = clock.GetUtcNow();
        var late = JobDefinition.All.Where(job => now - finished.GetValueOrDefault(job.Name, started) >= Late).ToList();
        if (late.Exists(job => job.Shared))
        {
            var elsewhere = await RunElsewhereAsync(now - Late, cancellationToken);
            late.RemoveAll(job => job.Shared && elsewhere.Contains(job.Name));
        }
        if (late.Count == 0) return HealthCheckResult.Healthy();
        var names = string.Join(", ", late.Select(job => job.Name));
        return new HealthCheckResult(context.Registration.FailureStatus, $"Late: {names}");
    }

    private async Task<IReadOnlySet<string>> RunElsewhereAsync(DateTimeOffset since, CancellationToken cancel)
    {
        try
        {
            return await store.RunSinceAsync(since, cancel);
        }
        catch (NpgsqlException)
        {
            // Another check tells of the database.
            return new HashSet<string>(StringComparer.Ordinal);
        }
    }
}
