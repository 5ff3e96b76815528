using System.Threading.Channels;
using ContactCenter.Storage;

namespace ContactCenter.Routing;

/// <summary>
/// Lets menu bots answer what was just written to them (Q10). Calls come after the commit of the contact's message; a lost
/// one is made good by the sweep, and a second one finds nothing left to answer.
/// </summary>
public sealed partial class Bots(IServiceProvider services, ILogger<Bots> log) : BackgroundService
{
    private const int AtOnce = 4;
    private readonly Channel<Guid> calls = Channel.CreateUnbounded<Guid>();

    public void Wake(Guid conversation) => calls.Writer.TryWrite(conversation);

    protected override Task ExecuteAsync(CancellationToken stop)
    {
        // Resolved here and not in the constructor: the stores that call this service are part of what it calls.
        var conversations = services.GetRequiredService<ConversationStore>();
        return Parallel.ForEachAsync(
            calls.Reader.ReadAllAsync(stop), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop },
            async (conversation, cancel) =>
            {
                try
                {
                    await conversations.AnswerAsync(conversation, cancel);
                }
                // Of whatever kind: Bridge.KeepAsync says why.
                catch (Exception problem) when (!cancel.IsCancellationRequested)
                {
                    LogFailed(conversation, problem);
                }
            });
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The bot could not answer in conversation {Conversation}; the sweep tries again")]
    private partial void LogFailed(Guid conversation, Exception problem);
}
