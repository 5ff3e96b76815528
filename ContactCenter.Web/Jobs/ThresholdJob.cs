using ContactCenter.Realtime;
using ContactCenter.Storage;

namespace ContactCenter.Jobs;

/// <summary>Up to when this node has looked for times that passed.</summary>
public sealed class ThresholdWatch
{
    public DateTimeOffset? LookedUntil { get; set; }
}

/// <summary>
/// Chat-time bands, the idle alert and waits beyond the service level (J1), and conversations that are about to go back to the
/// queue (Q8), every second on every node: boards that look at a campaign in which a time has passed read again, the lists and
/// panes of agents too, and all figures where a day has begun. Nothing is stored, so each node looks for what it shows; after
/// a pause it finds what it missed.
/// </summary>
public sealed class ThresholdJob(ThresholdStore thresholds, ThresholdWatch watch, Hub hub, TimeProvider clock) : IJob
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    public async Task RunAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (watch.LookedUntil is { } from && from < now && hub.Count > 0)
        {
            var passed = await thresholds.CrossedAsync(from, now, cancel);
            foreach (var campaign in passed.Union(await thresholds.OverdueAsync(from, now, cancel)))
                hub.Publish(Topic.Campaign(campaign), Signals.Board);
            foreach (var campaign in await thresholds.DaysBegunAsync(from, now, cancel))
                hub.Publish(Topic.Campaign(campaign), Signals.Board | Signals.Figures);
            foreach (var (conversation, agent) in await thresholds.ReturningAsync(from, now, cancel))
            {
                hub.Publish(Topic.Agent(agent), Signals.Inbox);
                hub.Publish(Topic.Conversation(conversation), Signals.State);
            }
        }
        watch.LookedUntil = now;
    }
}
