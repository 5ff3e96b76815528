using ContactCenter.Domain;
using ContactCenter.Realtime;
using ContactCenter.Routing;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ContactCenter.Storage;

/// <summary>How many conversations an agent has open.</summary>
/// <param name="Open">All of them.</param>
/// <param name="Paused">Those of them that are paused.</param>
public sealed record Held(int Open, int Paused);

/// <summary>The agents' own state: accepting or on a break, connected or not. Each change is a line of the ledger.</summary>
public sealed class AgentStore(
    NpgsqlDataSource source, Announcer announcer, Dispatcher dispatcher, IOptions<PresenceOptions> presence, TimeProvider clock)
{
    // Whoever has signed out is not brought back by a page of theirs that has not heard of it yet.
    private const string Here = "(agents.leaving_at is null or exists (select from sessions s where s.user_id = agents.user_id))";

    /// <summary>Turns "accept new conversations" on or off (A2). Asking for what already is changes nothing.</summary>
    public Task SetAcceptingAsync(Guid user, bool accepting, CancellationToken cancel = default) =>
        SwitchAsync(user, accepting, null, new LedgerAuthor(LedgerCause.Agent, user), cancel);

    /// <summary>Takes the agent off new conversations for a reason (A2, S5); another reason is another break.</summary>
    /// <param name="by">Who sends them on it; by default the agent.</param>
    /// <returns>False where there is no such agent, or no such reason to choose.</returns>
    public async Task<bool> StartBreakAsync(Guid user, Guid reason, LedgerAuthor? by = null, CancellationToken cancel = default)
    {
        await using var command = source.Statement(
            "select exists (select from break_reasons where id = $2 and active) and exists (select from agents where user_id = $1)",
            user, reason);
        if (!(bool)(await command.ExecuteScalarAsync(cancel))!) return false;
        await SwitchAsync(user, false, reason, by ?? new LedgerAuthor(LedgerCause.Agent, user), cancel);
        return true;
    }

    public Task EndBreakAsync(Guid user, CancellationToken cancel = default) => SetAcceptingAsync(user, true, cancel);

    /// <summary>A connection of the agent came: they are there at once.</summary>
    /// <returns>Whether they may be given more now: false for who was there all the time, and for who is no agent.</returns>
    public async Task<bool> EnterAsync(Guid user, CancellationToken cancel = default)
    {
        // Every tab is a connection; only the first of them has something to say. The others hold no row that an assignment wants.
        await using (var there = source.Statement("""
            select a.seen_at >= $2 and a.leaving_at is null and 1 <> (select state from ledger l where l.user_id = a.user_id order by at desc, id desc limit 1)
            from agents a where a.user_id = $1
            """, user, clock.GetUtcNow() - presence.Value.Grace / 3))
            if (await there.ExecuteScalarAsync(cancel) is null or true) return false;
        bool came;
        // Given back before others are told: that takes a connection too, and a pool may have none for who holds one.
        await using (var connection = await source.OpenConnectionAsync(cancel))
        await using (var transaction = await connection.BeginTransactionAsync(cancel))
        {
            await using (var seen = connection.Statement(
                $"update agents set seen_at = $2, leaving_at = null where user_id = $1 and {Here}", user, clock.GetUtcNow()))
                if (await seen.ExecuteNonQueryAsync(cancel) == 0) return false;
            came = await Ledger.AppendAsync(connection, user, new LedgerAuthor(LedgerCause.Connection), true, clock, cancel);
            await transaction.CommitAsync(cancel);
        }

        if (came) await TellAsync(user, cancel);
        return true;
    }

    /// <summary>
    /// A page of the agent was closed: nothing new comes to them until one is open. Another page of theirs, or the next one,
    /// says so within seconds; else they have gone (<see cref="DepartureStore"/>).
    /// </summary>
    public async Task LeavingAsync(Guid user, CancellationToken cancel = default)
    {
        await using var command = source.Statement(
            "update agents set leaving_at = $2 where user_id = $1 and seen_at is not null and leaving_at is null", user, clock.GetUtcNow());
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Notes that these agents are still connected.</summary>
    public async Task SeenAsync(Guid[] users, CancellationToken cancel = default)
    {
        // In one order at every node, or two would wait for each other; whose row somebody holds is noted with the next beat.
        await using var command = source.Statement($"""
            update agents set seen_at = $2, leaving_at = null
            where user_id in (select user_id from agents where user_id = any($1) order by user_id for no key update skip locked)
              and {Here}
            """, users, clock.GetUtcNow());
        await command.ExecuteNonQueryAsync(cancel);
        // Who was given up meanwhile, because the database was away for longer than the grace, is back.
        await using var back = source.Statement($"""
            select user_id from agents where user_id = any($1) and not bot and {Here} and 1 = coalesce(
                (select state from ledger l where l.user_id = agents.user_id order by at desc, id desc limit 1), 1)
            """, [users]);
        foreach (var user in await IdsAsync(back, cancel)) await EnterAsync(user, cancel);
    }

    /// <summary>What each of these agents holds, as a mark that differs when it has changed: how many, how long, since when.</summary>
    public async Task<Dictionary<Guid, (long Count, long Entries, DateTimeOffset? Last)>> HoldingsAsync(Guid[] users, CancellationToken cancel = default)
    {
        await using var command = source.Statement("""
            select a.id, count(c.id), coalesce(sum(c.seq), 0), max(c.assigned_at)
            from unnest($1::uuid[]) a (id) left join conversations c on c.agent_id = a.id and c.state in (2, 3)
            group by a.id
            """, [users]);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var holdings = new Dictionary<Guid, (long, long, DateTimeOffset?)>();
        while (await reader.ReadAsync(cancel))
            holdings[reader.GetGuid(0)] = (reader.GetInt64(1), reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetFieldValue<DateTimeOffset>(3));
        return holdings;
    }

    /// <summary>What the agent has open over all campaigns: what goes back to the queue where they leave.</summary>
    public async Task<Held> HeldAsync(Guid user, CancellationToken cancel = default)
    {
        await using var command = source.Statement("""
            select count(*)::int, count(*) filter (where state = 3)::int from conversations where agent_id = $1 and state in (2, 3)
            """, user);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return new Held(reader.GetInt32(0), reader.GetInt32(1));
    }

    /// <summary>Writes down who has been gone for longer than the grace; once, however many nodes look.</summary>
    /// <param name="since">The last sign of life that still counts.</param>
    public async Task LeaveGoneAsync(DateTimeOffset since, CancellationToken cancel = default)
    {
        await using var silent = source.Statement("""
            select a.user_id from agents a cross join lateral (
                select state from ledger l where l.user_id = a.user_id order by at desc, id desc limit 1
            ) last
            where last.state <> 1 and coalesce(a.seen_at, '-infinity') < $1
            """, since);
        foreach (var user in await IdsAsync(silent, cancel))
        {
            bool gone;
            await using (var connection = await source.OpenConnectionAsync(cancel))
            await using (var transaction = await connection.BeginTransactionAsync(cancel))
            {
                await using var hold = connection.Statement(
                    "select user_id from agents where user_id = $1 and coalesce(seen_at, '-infinity') < $2 for update", user, since);
                // They may have come back between the look and the lock.
                if (await hold.ExecuteScalarAsync(cancel) is null) continue;
                gone = await Ledger.AppendAsync(connection, user, new LedgerAuthor(LedgerCause.Connection), false, clock, cancel);
                await transaction.CommitAsync(cancel);
            }

            if (gone) await TellAsync(user, cancel);
        }
    }

    private async Task SwitchAsync(Guid user, bool accepting, Guid? reason, LedgerAuthor by, CancellationToken cancel)
    {
        await using (var connection = await source.OpenConnectionAsync(cancel))
        await using (var transaction = await connection.BeginTransactionAsync(cancel))
        {
            await using (var change = connection.Statement("""
                update agents set accepting = $2, break_reason_id = $3::uuid, since = $4
                where user_id = $1 and (accepting <> $2 or ($3::uuid is not null and break_reason_id is distinct from $3::uuid))
                """, user, accepting, reason, clock.GetUtcNow()))
                if (await change.ExecuteNonQueryAsync(cancel) > 0)
                    await Ledger.AppendAsync(connection, user, by, null, clock, cancel);
            await transaction.CommitAsync(cancel);
        }

        await TellAsync(user, cancel);
        if (accepting) dispatcher.WakeAgent(user);
    }

    /// <summary>Says that the agent changed: to themselves, and to who looks at their campaigns.</summary>
    internal async Task TellAsync(Guid user, CancellationToken cancel)
    {
        await using var command = source.Statement("select campaign_id from members where user_id = $1", user);
        var campaigns = await IdsAsync(command, cancel);
        announcer.Announce(new Announcement(Topic.Agent(user), Signals.Inbox));
        foreach (var campaign in campaigns) announcer.Announce(new Announcement(Topic.Campaign(campaign), Signals.Inbox | Signals.Figures));
    }

    private static async Task<List<Guid>> IdsAsync(NpgsqlCommand command, CancellationToken cancel)
    {
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(cancel)) ids.Add(reader.GetGuid(0));
        return ids;
    }
}
