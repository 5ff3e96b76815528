using System.Runtime.InteropServices;
using ContactCenter.Domain;
using Npgsql;

namespace ContactCenter.Storage;

/// <summary>Who changed an agent's state, and how.</summary>
/// <param name="By">The user who did it; null for the system.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LedgerAuthor(LedgerCause Cause, Guid? By = null);

/// <summary>
/// Writes the record of agents' time (S8), within the transaction of what changed. Whoever changes what a state is read
/// from (the switch, a connection, a conversation held) holds the agent's row from before the line is written to the commit:
/// so lines are in the order of the changes, whatever runs at once.
/// </summary>
internal static class Ledger
{
    public static async Task HoldAsync(NpgsqlConnection connection, Guid agent, CancellationToken cancel)
    {
        await using var command = connection.Statement("select from agents where user_id = $1 for update", agent);
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Writes the state the agent is in now, unless the last line says the same already. The agent's row is held.</summary>
    /// <param name="connected">Whether a connection came or is gone; null: as the last line says.</param>
    /// <returns>Whether a line was written.</returns>
    public static async Task<bool> AppendAsync(
        NpgsqlConnection connection, Guid agent, LedgerAuthor author, bool? connected, TimeProvider clock, CancellationToken cancel)
    {
        // The numbers are those of AgentState. Lines of one agent never share a moment, so that their order is the moments'.
        await using var command = connection.Statement("""
            with parts as (
                select a.user_id, a.accepting, b.name as reason, l.at, l.state, l.break_reason,
                    coalesce($5::boolean, l.state <> 1, a.seen_at is not null) as connected,
                    exists (select from conversations c where c.agent_id = a.user_id and c.state in (2, 3)) as holds
                from agents a
                    left join break_reasons b on b.id = a.break_reason_id and not a.accepting
                    left join lateral (
                        select at, state, break_reason from ledger where user_id = a.user_id order by at desc, id desc limit 1
                    ) l on true
                where a.user_id = $2 and not a.bot
            ), present as (
                select user_id, at, state, break_reason,
                    case when not connected then 1 when accepting and holds then 3 when accepting then 2 when holds then 5 else 4 end as now,
                    case when connected then reason end as reason
                from parts
            )
            insert into ledger (id, user_id, at, state, break_reason, cause, by_user_id, by_name)
            select $1, user_id, greatest($3, at + interval '1 microsecond'), now, reason, $4, $6::uuid,
                coalesce((select display_name from users where id = $6::uuid), '')
            from present where (now, reason) is distinct from (state, break_reason)
            """, Ids.New(clock), agent, clock.GetUtcNow(), (int)author.Cause, connected, author.By);
        return await command.ExecuteNonQueryAsync(cancel) > 0;
    }
}
