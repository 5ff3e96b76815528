using System.Collections.Concurrent;
using ContactCenter.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace ContactCenter.Jobs;

/// <summary>When each job of this node last finished.</summary>
public sealed class JobHealth(IOptions<PresenceOptions> presence, TimeProvider clock) : IHealthCheck
{
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, DateTimeOffset> finished = new(StringComparer.Ordinal);
    private readonly DateTimeOffset started = clock.GetUtcNow();

    /// <summary>False for one grace after the start of this node.</summary>
    public bool MayJudgePresence => clock.GetUtcNow() - started > presence.Value.Grace;

    public void Ran(string job, DateTimeOffset at) => finished[job] = at;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var last = finished.GetValueOrDefault(nameof(Sweep), started);
        return Task.FromResult(clock.GetUtcNow() - last < Late
            ? HealthCheckResult.Healthy()
            : new HealthCheckResult(context.Registration.FailureStatus, $"The sweep last finished at {last:O}"));
    }
}
