using ContactCenter.Domain;
using Npgsql;

namespace ContactCenter.Storage;

/// <summary>
/// What becomes of an agent's work when they leave on purpose: from that moment nothing new comes to them, and what they hold
/// goes back to its places in the queue at once (Q8). Whoever only lost their connection has the grace.
/// </summary>
public sealed class DepartureStore(
    NpgsqlDataSource source, ConversationStore conversations, AgentStore agents, TimeProvider clock)
{
    /// <summary>How long a closed page may be followed by the next one: more than two renewals of who is connected.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(12);

    /// <summary>
    /// The agent's last session has ended: whoever signs in again says themselves when they are ready for work (A2), and has a
    /// look around before.
    /// </summary>
    public Task SignedOutAsync(Guid agent, CancellationToken cancel = default) => LeaveAsync(
        agent, ", accepting = false, break_reason_id = null, since = $2",
        "not exists (select from sessions s where s.user_id = agents.user_id)", null, cancel);

    /// <summary>Lets those go who closed their last page and opened none within the grace; once, however many nodes look.</summary>
    public async Task SweepAsync(CancellationToken cancel = default)
    {
        var until = clock.GetUtcNow() - Grace;
        var gone = new List<Guid>();
        await using (var command = source.Statement("select user_id from agents where leaving_at < $1 and seen_at is not null and not bot", until))
        await using (var reader = await command.ExecuteReaderAsync(cancel))
            while (await reader.ReadAsync(cancel)) gone.Add(reader.GetGuid(0));
        foreach (var agent in gone) await LeaveAsync(agent, "", "leaving_at < $3", until, cancel);
    }

    /// <summary>Gives all that the agent holds back to its places.</summary>
    internal async Task ReturnAllAsync(Guid agent, CancellationToken cancel)
    {
        var held = new List<(Guid Conversation, string Name)>();
        await using (var command = source.Statement("""
            select c.id, u.display_name from conversations c join users u on u.id = c.agent_id
            where c.agent_id = $1 and c.state in (2, 3) order by c.queued_at
            """, agent))
        await using (var reader = await command.ExecuteReaderAsync(cancel))
            while (await reader.ReadAsync(cancel)) held.Add((reader.GetGuid(0), reader.GetString(1)));
        foreach (var (conversation, name) in held) await conversations.ReturnAsync(conversation, agent, name, unanswered: false, cancel);
        await agents.TellAsync(agent, cancel);
    }

    private async Task LeaveAsync(Guid agent, string also, string condition, DateTimeOffset? until, CancellationToken cancel)
    {
        await using (var connection = await source.OpenConnectionAsync(cancel))
        await using (var transaction = await connection.BeginTransactionAsync(cancel))
        {
            // An assignment holds this row: it was there before, and is among what goes back, or it finds nobody here any more.
            await using (var leave = connection.Statement($"""
                update agents set seen_at = null, leaving_at = $2{also} where user_id = $1 and not bot and {condition}
                """, until is { } at ? [agent, clock.GetUtcNow(), at] : [agent, clock.GetUtcNow()]))
                if (await leave.ExecuteNonQueryAsync(cancel) == 0) return;
            await Ledger.AppendAsync(connection, agent, new LedgerAuthor(LedgerCause.Connection), false, clock, cancel);
            await transaction.CommitAsync(cancel);
        }
        await ReturnAllAsync(agent, cancel);
    }
}
