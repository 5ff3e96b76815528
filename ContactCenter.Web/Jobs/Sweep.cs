using ContactCenter.Domain;
using ContactCenter.Routing;
using ContactCenter.Storage;
using Microsoft.Extensions.Options;

namespace ContactCenter.Jobs;

/// <summary>
/// The net under routing, every two seconds on every node: notes who is gone (J4), returns conversations of agents who are
/// gone or silent (Q8), lets bots answer (Q10) and assigns what still waits. Each return is a transaction that looks again,
/// so nodes may sweep at the same time.
/// </summary>
public sealed partial class Sweep(
    AssignmentStore assignments, ConversationStore conversations, AgentStore agents, DepartureStore departures, Dispatcher dispatcher, Bots bots, Watches watches,
    IOptions<PresenceOptions> presence, TimeProvider clock, ILogger<Sweep> log) : IJob
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    private const int Limit = 200;

    public async Task RunAsync(CancellationToken cancel)
    {
        var returns = await assignments.ReturnsDueAsync(Limit, cancel);
        // After a start or an outage, agents first get their time to come back: the server was away, not they.
        if (watches.Agents.Looked())
        {
            await departures.SweepAsync(cancel);
            await agents.LeaveGoneAsync(clock.GetUtcNow() - presence.Value.Grace, cancel);
            foreach (var due in returns)
            {
                var returned = await (due.Removed
                    ? conversations.ReleaseAsync(due.Conversation, due.Agent, due.AgentName, cancel)
                    : conversations.ReturnAsync(due, cancel));
                if (returned is TransitionOutcome.Changed) LogReturned(due.Conversation, due.Unanswered);
            }
        }
        foreach (var conversation in await conversations.BotsDueAsync(Limit, cancel)) bots.Wake(conversation);
        dispatcher.WakeAll();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Conversation {Conversation} returned to the queue (unanswered: {Unanswered})")]
    private partial void LogReturned(Guid conversation, bool unanswered);
}
