using System.Text;
using System.Threading.Channels;
using ContactCenter.Domain;
using ContactCenter.Routing;
using ContactCenter.Storage;
using Npgsql;

namespace ContactCenter.Realtime;

/// <summary>
/// Carries announcements between nodes by PostgreSQL's NOTIFY: gathered for a few milliseconds and sent outside any
/// business transaction, because a NOTIFY inside one makes all commits wait for each other.
/// </summary>
public sealed partial class Bridge(
    NpgsqlDataSource source, Announcer announcer, Dispatcher dispatcher, TimeProvider clock, ILogger<Bridge> log)
    : BackgroundService
{
    private const string ChannelName = "contactcenter";

    // PostgreSQL takes at most 8,000 bytes in a notification.
    private const int MaxBytes = 7_500;
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(4);

    // Everybody here waits for it when the database has been away.
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);
    private const int AnswerSeconds = 5;

    private readonly Guid node = Ids.New(clock);

    // Taken from the announcer and not yet with the others: a connection that broke meanwhile takes nothing along.
    private string? unsent;

    protected override Task ExecuteAsync(CancellationToken stop) => Task.WhenAll(
        KeepAsync(SendAsync, stop),
        KeepAsync(ListenAsync, stop));

    private async Task KeepAsync(Func<CancellationToken, Task> run, CancellationToken stop)
    {
        long? interrupted = null;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await run(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            // Of whatever kind: a service that ends takes the node with it, and a driver whose server dies amid an answer throws
            // even ArgumentOutOfRangeException.
            catch (Exception problem) when (!stop.IsCancellationRequested)
            {
                // Once for each interruption, however often it is tried.
                if (interrupted is not { } last || clock.GetElapsedTime(last) > Quiet) LogInterrupted(problem);
                interrupted = clock.GetTimestamp();
                await Task.Delay(Retry, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task SendAsync(CancellationToken stop)
    {
        await using var connection = await source.OpenConnectionAsync(stop);
        await using var notify = new NpgsqlCommand("select pg_notify($1, $2)", connection);
        notify.Parameters.Add(new() { Value = ChannelName });
        notify.Parameters.Add(new() { Value = "" });
        await notify.PrepareAsync(stop);
        var waiting = announcer.ToOthers;
        while (unsent is not null || await waiting.WaitToReadAsync(stop))
        {
            await Task.Delay(Gather, clock, stop);
            while ((unsent ??= NextBatch(waiting)) is { } batch)
            {
                notify.Parameters[1].Value = batch;
                await notify.ExecuteNonQueryAsync(stop);
                unsent = null;
            }
        }
    }

    /// <summary>As many announcements as fit, the same one only once; null where none wait.</summary>
    private string? NextBatch(ChannelReader<Announcement> waiting)
    {
        var lines = new HashSet<string>(StringComparer.Ordinal);
        var bytes = 0;
        while (bytes < MaxBytes - 600 && waiting.TryRead(out var announcement))
        {
            var line = Wire.Write(announcement);
            if (lines.Add(line)) bytes += Encoding.UTF8.GetByteCount(line) + 1;
        }
        return lines.Count == 0 ? null : $"{node:N}\n{string.Join('\n', lines)}";
    }

    private async Task ListenAsync(CancellationToken stop)
    {
        await using var connection = await source.OpenConnectionAsync(stop);
        connection.Notification += (_, notification) => Receive(notification.Payload);
        await using (var listen = new NpgsqlCommand($"listen {ChannelName}", connection))
            await listen.ExecuteNonQueryAsync(stop);
        announcer.ReceiveAll();
        dispatcher.WakeAll();
        await using var ask = new NpgsqlCommand("select 1", connection) { CommandTimeout = AnswerSeconds };
        // A network that swallows everything tells nobody that it does.
        while (true)
            if (!await connection.WaitAsync(Quiet, stop)) await ask.ExecuteNonQueryAsync(stop);
    }

    private void Receive(string payload)
    {
        var lines = payload.Split('\n');
        if (lines[0] == node.ToString("N")) return;
        foreach (var line in lines.AsSpan(1))
            if (Wire.Read(line) is { } announcement)
                announcer.Receive(announcement);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The bridge to other nodes was interrupted; trying again")]
    private partial void LogInterrupted(Exception problem);
}

/// <summary>An announcement as one line: kind, signals, id and, after a space, the payload.</summary>
internal static class Wire
{
    public static string Write(Announcement announcement) =>
        $"{(int)announcement.Topic.Kind}:{(int)announcement.Signals}:{announcement.Topic.Id:N} {announcement.Payload}";

    /// <summary>The announcement, or null for a line of another build that this one cannot read.</summary>
    public static Announcement? Read(string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0) return null;
        var parts = line[..space].Split(':');
        if (parts.Length != 3
            || !Enum.TryParse<TopicKind>(parts[0], out var kind)
            || !int.TryParse(parts[1], out var signals)
            || !Guid.TryParse(parts[2], out var id)) return null;
        var payload = line[(space + 1)..];
        return new Announcement(new Topic(kind, id), (Signals)signals, payload.Length == 0 ? null : payload);
    }
}
