using ContactCenter.Domain;
using Npgsql;

namespace ContactCenter.Storage;

/// <summary>Finds what passed one of its campaign's times (J1): T1 and T2 of open conversations, T3 of agents who hold nothing.</summary>
public sealed class ThresholdStore(NpgsqlDataSource source)
{
    /// <summary>The campaigns in which something passed a time after <paramref name="from"/> and up to <paramref name="until"/>.</summary>
    /// <remarks>Served by <c>conversations_held</c> and <c>ledger_user</c>: as many rows as are open, and one line of each agent.</remarks>
    public async Task<IReadOnlyList<Guid>> CrossedAsync(DateTimeOffset from, DateTimeOffset until, CancellationToken cancel = default)
    {
        await using var command = source.Statement("""
            with limits as materialized (
                select id, (settings ->> 'ChatTimeYellow')::int yellow, (settings ->> 'ChatTimeRed')::int red, (settings ->> 'IdleAfter')::int idle
                from campaigns
            )
            select c.campaign_id
            from conversations c join limits p on p.id = c.campaign_id
                cross join lateral (values (p.yellow), (p.red)) as t(seconds)
            where c.state in (2, 3) and c.assigned_at is not null
              and c.assigned_at + make_interval(secs => t.seconds) > $1 and c.assigned_at + make_interval(secs => t.seconds) <= $2
            union
            select m.campaign_id
            from agents a
                cross join lateral (select state, at from ledger where user_id = a.user_id order by at desc, id desc limit 1) as last
                join members m on m.user_id = a.user_id join limits p on p.id = m.campaign_id
            where last.state = $3
              and last.at + make_interval(secs => p.idle) > $1
              and last.at + make_interval(secs => p.idle) <= $2
            """, from, until, (int)AgentState.Free);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var campaigns = new List<Guid>();
        while (await reader.ReadAsync(cancel)) campaigns.Add(reader.GetGuid(0));
        return campaigns;
    }
}
