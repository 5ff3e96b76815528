using ContactCenter.Storage;
using Npgsql;

namespace ContactCenter.Realtime;

/// <summary>
/// The net under the announcements: every few seconds one query asks whether any conversation watched here has moved
/// on unannounced, and every stream gets a sign of life that its proxy and its browser can see.
/// </summary>
public sealed partial class Pulse(
    Hub hub, Feeds feeds, LogStore logs, Presence presence, Attendance attendance, TimeProvider clock, IHostApplicationLifetime life, ILogger<Pulse> log)
    : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);
    private const int BeatsPerHeartbeat = 3;

    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        await using var stopping = life.ApplicationStopping.Register(hub.Close);
        using var timer = new PeriodicTimer(Beat, clock);
        for (var beat = 1; await timer.WaitForNextTickAsync(stop); beat++)
        {
            if (beat % BeatsPerHeartbeat == 0) hub.RaiseAll(Signals.Heartbeat);
            try
            {
                await presence.RenewAsync(stop);
                await attendance.RenewAsync(stop);
                await CatchUpAsync(stop);
            }
            catch (Exception problem) when (problem is NpgsqlException or TimeoutException)
            {
                LogMissed(problem);
            }
        }
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
