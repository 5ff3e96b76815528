using ContactCenter.Storage;
using Microsoft.Extensions.Options;

namespace ContactCenter.Jobs;

/// <summary>
/// Waiting contacts whose browser is gone for longer than their campaign keeps their place have abandoned (J1): every
/// second on one of the nodes. Each is a transaction that looks again, so who came back in between stays. Nobody is
/// judged until a node has looked for one grace without a gap: after a start or an outage the server was away, not
/// they.
/// </summary>
public sealed partial class AbandonmentJob(
    ConversationStore conversations, JobStore jobs, IOptions<PresenceOptions> presence,
    ILogger<AbandonmentJob> log) : IJob
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private const int Limit = 200;

    public async Task RunAsync(CancellationToken cancel)
    {
        var due = await conversations.VanishedAsync(Limit, cancel);
        if (due.Count == 0) return;
        if (!await jobs.HasRunSteadilyAsync(nameof(PresenceWatch), presence.Value.Grace, cancel)) return;
        foreach (var vanished in due)
        {
            await conversations.AbandonAsync(vanished, cancel);
            LogAbandoned(vanished.Conversation, vanished.SeenAt);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Conversation {Conversation} is abandoned: its contact was last there at {SeenAt}")]
    private partial void LogAbandoned(Guid conversation, DateTimeOffset seenAt);
}
