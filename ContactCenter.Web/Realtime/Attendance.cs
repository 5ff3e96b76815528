using System.Collections.Concurrent;
using ContactCenter.Storage;
using Npgsql;

namespace ContactCenter.Realtime;

/// <summary>
/// Which waiting contacts have a live page at this node. The database keeps their last sign of life, so that any node can
/// tell who is gone (J1); a reload or a short tunnel is no absence.
/// </summary>
public sealed partial class Attendance(ConversationStore conversations, TimeProvider clock, ILogger<Attendance> log)
{
    private readonly ConcurrentDictionary<Guid, int> here = new();

    public Task EnterAsync(Guid conversation, CancellationToken cancel)
    {
        here.AddOrUpdate(conversation, 1, (_, count) => count + 1);
        return conversations.EnterAsync(conversation, cancel);
    }

    /// <param name="waits">Whether the contact waits: then their absence begins now, and not with the last beat.</param>
    public async Task LeaveAsync(Guid conversation, bool waits)
    {
        var left = here.AddOrUpdate(conversation, 0, (_, count) => count - 1);
        if (left > 0 || !here.TryRemove(new KeyValuePair<Guid, int>(conversation, 0)) || !waits) return;
        try
        {
            await conversations.SeenAsync([conversation], clock.GetUtcNow());
        }
        catch (Exception problem) when (problem is NpgsqlException or TimeoutException or InvalidOperationException)
        {
            // The last beat stands: at most five seconds less.
            LogMissed(problem);
        }
    }

    internal Task RenewAsync(CancellationToken cancel) => here.IsEmpty
        ? Task.CompletedTask
        : conversations.SeenAsync([.. here.Keys], clock.GetUtcNow(), cancel);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The end of a contact's stream could not be noted")]
    private partial void LogMissed(Exception problem);
}
