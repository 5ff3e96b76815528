using System.Collections.Concurrent;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ContactCenter.Jobs;

/// <summary>When each job of this node last finished.</summary>
public sealed class JobHealth(TimeProvider clock) : IHealthCheck
{
    private static readonly string[] All =
        [nameof(Sweep), nameof(AbandonmentJob), nameof(OpeningJob), nameof(ThresholdJob), nameof(OutboxJob), nameof(SessionJob)];
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, DateTimeOffset> finished = new(StringComparer.Ordinal);
    private readonly DateTimeOffset started = clock.GetUtcNow();

    public void Ran(string job, DateTimeOffset at) => finished[job] = at;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var late = All.Where(job => clock.GetUtcNow() - finished.GetValueOrDefault(job, started) >= Late).ToList();
        return Task.FromResult(late.Count == 0
            ? HealthCheckResult.Healthy()
            : new HealthCheckResult(context.Registration.FailureStatus, $"Late: {string.Join(", ", late)}"));
    }
}
