using ContactCenter.Domain;
using Npgsql;

namespace ContactCenter.Storage;

/// <summary>An agent as a supervisor looks at them (S5 Info).</summary>
/// <param name="Campaigns">Those within the supervisor's reach.</param>
/// <param name="Active">What the agent holds of these.</param>
/// <param name="Ledger">The last lines of their time, newest first.</param>
/// <param name="Reasons">What a break can be for.</param>
/// <param name="Held">What the agent has open, also in other campaigns: where they are logged out, all of it goes back.</param>
public sealed record AgentDossier(
    Guid Id, string Name, string Email, int Capacity, AgentState State, DateTimeOffset Since, string? Break,
    IReadOnlyList<string> Campaigns, IReadOnlyList<AgentConversation> Active, IReadOnlyList<LedgerEntry> Ledger,
    IReadOnlyList<BreakReason> Reasons, Held Held);

/// <summary>A conversation an agent holds.</summary>
public sealed record AgentConversation(Guid Id, long Ticket, string Contact, string Campaign, bool Paused, DateTimeOffset At);

/// <summary>What a supervisor looks up and does about an agent (S5). Agents of other people's campaigns are not there.</summary>
public sealed class FloorStore(
    NpgsqlDataSource source, AgentStore agents, DepartureStore departures, SessionStore sessions, TimeProvider clock)
{
    private const int Lines = 30;
    private const int CampaignsListed = 100;

    /// <summary>The agent, or null where there is none within reach.</summary>
    public async Task<AgentDossier?> FindAsync(Viewer viewer, Guid agent, CancellationToken cancel)
    {
        await using var batch = source.CreateBatch();
        batch.Add($"""
            select u.display_name, coalesce(u.email, ''), a.capacity, a.since,
                array(select p.name from members m join campaigns p on p.id = m.campaign_id
                    where m.user_id = $3 and m.campaign_id in {ReachSql.Supervised} order by p.name limit {CampaignsListed}),
                (select count(*)::int from conversations h where h.agent_id = a.user_id and h.state in (2, 3)),
                (select count(*)::int from conversations h where h.agent_id = a.user_id and h.state = 3)
            from agents a join users u on u.id = a.user_id
            where a.user_id = $3 and {ReachSql.SupervisesThem}
            """, viewer.Id, viewer.Supervises, agent);
        batch.Add($"""
            select c.id, c.ticket, k.name, p.name, c.state = 3, c.assigned_at
            from conversations c join contacts k on k.id = c.contact_id join campaigns p on p.id = c.campaign_id
            where c.agent_id = $3 and c.state in (2, 3) and c.campaign_id in {ReachSql.Supervised} order by c.assigned_at limit 100
            """, viewer.Id, viewer.Supervises, agent);
        batch.Add($"""
            select id, at, state, break_reason, cause, by_user_id, by_name from ledger where user_id = $1 order by at desc, id desc limit {Lines}
            """, agent);
        batch.Add($"select id, name, icon from break_reasons where active order by name limit {InboxStore.BreakReasonsOffered}");
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        if (!await reader.ReadAsync(cancel)) return null;
        var (name, email, capacity, since) =
            (reader.GetString(0), reader.GetString(1), reader.GetInt32(2), reader.GetFieldValue<DateTimeOffset>(3));
        var campaigns = reader.GetFieldValue<string[]>(4);
        var held = new Held(reader.GetInt32(5), reader.GetInt32(6));
        var active = new List<AgentConversation>();
        await reader.NextResultAsync(cancel);
        while (await reader.ReadAsync(cancel))
            active.Add(new AgentConversation(
                reader.GetGuid(0), reader.GetInt64(1), reader.GetString(2), reader.GetString(3), reader.GetBoolean(4),
                reader.GetFieldValue<DateTimeOffset>(5)));
        var lines = new List<LedgerEntry>();
        await reader.NextResultAsync(cancel);
        while (await reader.ReadAsync(cancel))
            lines.Add(new LedgerEntry
            {
                Id = reader.GetGuid(0),
                UserId = agent,
                At = reader.GetFieldValue<DateTimeOffset>(1),
                State = (AgentState)reader.GetInt32(2),
                BreakReason = reader.IsDBNull(3) ? null : reader.GetString(3),
                Cause = (LedgerCause)reader.GetInt32(4),
                ByUserId = reader.IsDBNull(5) ? null : reader.GetGuid(5),
                ByName = reader.GetString(6),
            });
        var reasons = new List<BreakReason>();
        await reader.NextResultAsync(cancel);
        while (await reader.ReadAsync(cancel))
            reasons.Add(new BreakReason { Id = reader.GetGuid(0), Name = reader.GetString(1), Icon = reader.GetString(2) });
        var last = lines.Count > 0 ? lines[0] : null;
        return new AgentDossier(
            agent, name, email, capacity, last?.State ?? AgentState.Disconnected, last?.At ?? since, last?.BreakReason,
            campaigns, active, lines, reasons, held);
    }

    /// <summary>Sends the agent on a break.</summary>
    /// <returns>False where there is no such reason to choose.</returns>
    public Task<bool> PauseAsync(Guid agent, Guid reason, Guid by, CancellationToken cancel) =>
        agents.StartBreakAsync(agent, reason, new LedgerAuthor(LedgerCause.Supervisor, by), cancel);

    /// <summary>Ends all sessions of the agent, on every node, and gives their conversations back to their places (Q8).</summary>
    public async Task LogOutAsync(Guid agent, string name, Guid by, CancellationToken cancel)
    {
        await using (var connection = await source.OpenConnectionAsync(cancel))
        await using (var transaction = await connection.BeginTransactionAsync(cancel))
        {
            await using (var leave = connection.Statement("""
                with left_now as (update agents set seen_at = null, leaving_at = $3 where user_id = $1)
                update users set security_stamp = $2 where id = $1
                """, agent, Ids.New(clock).ToString("N"), clock.GetUtcNow()))
                await leave.ExecuteNonQueryAsync(cancel);
            await Ledger.AppendAsync(connection, agent, new LedgerAuthor(LedgerCause.Supervisor, by), false, clock, cancel);
            await transaction.CommitAsync(cancel);
        }
        await sessions.EndAllAsync(agent, null, SessionEnding.LoggedOut, cancel);
        await departures.ReturnAllAsync(agent, cancel);
    }
}
