using ContactCenter.Storage;
using Quartz;

namespace ContactCenter.Jobs;

/// <summary>
/// Waiting contacts whose browser is gone for longer than their campaign keeps their place have abandoned (J1): every second on every node. Each is a transaction that
/// looks again, so nodes may do it at the same time and who came back in between stays.
/// </summary>
[DisallowConcurrentExecution]
public sealed partial class AbandonmentJob(
    ConversationStore conversations, Absence absence, Watches watches, ILogger<AbandonmentJob> log) : IJob
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private const int Limit = 200;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancel = default)
    {
        var due = await conversations.VanishedAsync(Limit, cancel);
        absence.Looked();
        if (!watches.Contacts.Looked()) return;
        foreach (var vanished in due)
        {
            await conversations.AbandonAsync(vanished, cancel);
            LogAbandoned(vanished.Conversation, vanished.SeenAt);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Conversation {Conversation} is abandoned: its contact was last there at {SeenAt}")]
    private partial void LogAbandoned(Guid conversation, DateTimeOffset seenAt);
}
