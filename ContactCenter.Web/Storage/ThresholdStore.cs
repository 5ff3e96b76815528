using ContactCenter.Domain;
using Npgsql;

namespace ContactCenter.Storage;

/// <summary>
/// Finds what passed one of its campaign's times (J1): T1 and T2 of open conversations, T3 of agents who hold nothing, the service
/// level of who waits, and midnight.
/// </summary>
public sealed class ThresholdStore(NpgsqlDataSource source)
{
    private const long Quarter = 15 * TimeSpan.TicksPerMinute;

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
        return await CampaignsAsync(command, cancel);
    }

    /// <summary>The campaigns in which somebody's wait passed the service level after <paramref name="from"/> and up to
    /// <paramref name="until"/>.</summary>
    /// <remarks>Served by <c>conversations_queue</c>: as many rows as wait.</remarks>
    public async Task<IReadOnlyList<Guid>> OverdueAsync(DateTimeOffset from, DateTimeOffset until, CancellationToken cancel = default)
    {
        await using var command = source.Statement("""
            select distinct c.campaign_id
            from conversations c join campaigns p on p.id = c.campaign_id
                cross join lateral (
                    select coalesce(c.offered_at, c.queued_at) + make_interval(secs => (p.settings ->> 'ServiceLevelSeconds')::int)
                ) as due(at)
            where c.state = 1 and due.at > $1 and due.at <= $2
            """, from, until);
        return await CampaignsAsync(command, cancel);
    }

    /// <summary>The campaigns whose day began after <paramref name="from"/> and up to <paramref name="until"/>: their figures begin anew.</summary>
    public async Task<IReadOnlyList<Guid>> DaysBegunAsync(DateTimeOffset from, DateTimeOffset until, CancellationToken cancel = default)
    {
        // The clocks of all zones differ by whole quarters of an hour: in between no day begins.
        if (from.UtcTicks / Quarter == until.UtcTicks / Quarter) return [];
        await using var command = source.Statement("select id, settings -> 'Hours' ->> 'TimeZone' from campaigns");
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var campaigns = new List<Guid>();
        while (await reader.ReadAsync(cancel))
        {
            var began = Opening.StartOfDay(new OpeningHours { TimeZone = reader.GetString(1) }, until);
            if (began > from && began <= until) campaigns.Add(reader.GetGuid(0));
        }
        return campaigns;
    }

    private static async Task<List<Guid>> CampaignsAsync(NpgsqlCommand command, CancellationToken cancel)
    {
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var campaigns = new List<Guid>();
        while (await reader.ReadAsync(cancel)) campaigns.Add(reader.GetGuid(0));
        return campaigns;
    }

    /// <summary>The conversations of which it was to be said, in the same time, that they go back to the queue unless answered (Q8).</summary>
    public async Task<IReadOnlyList<(Guid Conversation, Guid Agent)>> ReturningAsync(DateTimeOffset from, DateTimeOffset until, CancellationToken cancel = default)
    {
        await using var command = source.Statement("""
            with limits as materialized (
                select id, (settings ->> 'AnswerWithinSeconds')::int as seconds from campaigns where (settings ->> 'AnswerWithinSeconds')::int > 0
            )
            select c.id, c.agent_id
            from conversations c join limits p on p.id = c.campaign_id
                cross join lateral (select greatest(c.assigned_at, c.answer_from) + make_interval(secs => p.seconds - least(60, p.seconds / 2.0)) as moment) warns
            where c.state = 2 and c.answered_at is null and warns.moment > $1 and warns.moment <= $2
            """, from, until);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var returning = new List<(Guid, Guid)>();
        while (await reader.ReadAsync(cancel)) returning.Add((reader.GetGuid(0), reader.GetGuid(1)));
        return returning;
    }
}
