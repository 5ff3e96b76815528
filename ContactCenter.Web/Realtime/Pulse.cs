using ContactCenter.Storage;

namespace ContactCenter.Realtime;

/// <summary>
/// The net under the announcements: every few seconds it asks whether any conversation watched here has moved on
/// unannounced, or any agent here holds something else, and every stream gets a sign of life that its proxy and its browser can see.
/// </summary>
public sealed partial class Pulse(
    Hub hub, Feeds feeds, LogStore logs, AgentStore agents, Presence presence, Attendance attendance, TimeProvider clock,
    IHostApplicationLifetime life, ILogger<Pulse> log)
    : BackgroundService
{
    // Every live view is to be current within five seconds, also of what a node committed in its last moment.
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(2.5);
    private const int BeatsPerRenewal = 2;
    private const int BeatsPerHeartbeat = 6;

    private Dictionary<Guid, (long Count, long Entries, DateTimeOffset? Last)> holdings = [];

    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        await using var stopping = life.ApplicationStopping.Register(hub.Close);
        using var timer = new PeriodicTimer(Beat, clock);
        for (var beat = 1; await timer.WaitForNextTickAsync(stop); beat++)
        {
            if (beat % BeatsPerHeartbeat == 0) hub.RaiseAll(Signals.Heartbeat);
            try
            {
                if (beat % BeatsPerRenewal == 0)
                {
                    await presence.RenewAsync(stop);
                    await attendance.RenewAsync(stop);
                }
                await BeatAsync(stop);
            }
            // Of whatever kind: Bridge.KeepAsync says why.
            catch (Exception problem) when (!stop.IsCancellationRequested)
            {
                LogMissed(problem);
            }
        }
    }

    internal async Task BeatAsync(CancellationToken stop)
    {
        await CatchUpAsync(stop);
        await CatchUpInboxesAsync(stop);
    }

    // A node that is killed right after it gave somebody a conversation has told nobody: neither they nor their contact
    // would write first. Most of what is found here has been told; that costs an inbox one more look in a beat.
    private async Task CatchUpInboxesAsync(CancellationToken stop)
    {
        if (presence.Here is not { Length: > 0 } here) return;
        var now = await agents.HoldingsAsync(here, stop);
        foreach (var (agent, held) in now)
        {
            if (!holdings.TryGetValue(agent, out var before) || before == held) continue;
            // Messages change no figures; whoever was given one does.
            var given = (before.Count, before.Last) != (held.Count, held.Last);
            hub.Publish(Topic.Agent(agent), given ? Signals.Inbox | Signals.Figures : Signals.Inbox);
        }
        holdings = now;
    }

    private async Task CatchUpAsync(CancellationToken stop)
    {
        var open = feeds.Open;
        if (open.Count == 0) return;
        var heads = await logs.HeadsAsync([.. open.Select(feed => feed.Conversation)], stop);
        foreach (var feed in open)
        {
            if (!heads.TryGetValue(feed.Conversation, out var head) || feed.Head < 0 || head <= feed.Head) continue;
            feed.Invalidate();
            hub.Publish(Topic.Conversation(feed.Conversation), Signals.Messages | Signals.State);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database did not answer the pulse")]
    private partial void LogMissed(Exception problem);
}
