using System.Text.Json;
using ContactCenter.Domain;
using Npgsql;

namespace ContactCenter.Storage;

/// <summary>A campaign as the board knows it.</summary>
public sealed record BoardCampaign(
    Guid Id, string Name, bool Enabled, string Department, string Project, string Client, CampaignSettings Settings);

/// <summary>The counts of today (S4), over the campaigns looked at; "today" is each campaign's own day.</summary>
/// <param name="Attended">Incoming conversations given to an agent today.</param>
/// <param name="InTime">Those of them whose contact waited no longer than the campaign's service level.</param>
/// <param name="Abandoned">Contacts who left today before an agent came.</param>
/// <param name="AverageWait">Over the attended.</param>
/// <param name="AverageHandling">From the assignment to the end, over those completed today.</param>
/// <param name="Outgoing">Conversations our side began today.</param>
/// <param name="Oldest">Since when the one waits who has waited longest; null where nobody does.</param>
public sealed record BoardFigures(
    int Attended, int InTime, int Abandoned, TimeSpan? AverageWait, TimeSpan? LongestWait, TimeSpan? AverageHandling,
    int Completed, int Outgoing, int Waiting, DateTimeOffset? Oldest)
{
    /// <summary>Percent of the attended who were attended in time; null before the first.</summary>
    public double? ServiceLevel => Percent(InTime, Attended);

    /// <summary>The same with who left counted as not attended in time.</summary>
    public double? ServiceLevelWithAbandoned => Percent(InTime, Attended + Abandoned);

    /// <summary>Percent of those who came and left before an agent came.</summary>
    public double? AbandonmentRate => Percent(Abandoned, Attended + Abandoned);

    private static double? Percent(int part, int whole) => whole == 0 ? null : 100.0 * part / whole;
}

/// <summary>An open conversation of an agent.</summary>
public sealed record BoardConversation(Guid Id, long Ticket, Guid Campaign, string Contact, DateTimeOffset At, bool Paused);

/// <summary>A member as the board lists them (S1).</summary>
/// <param name="Since">When the state began.</param>
/// <param name="Campaigns">Those of the board they are a member of.</param>
/// <param name="Active">Their open conversations in the campaigns of the board, oldest first.</param>
public sealed record BoardAgent(
    Guid Id, string Name, bool Bot, int Capacity, AgentState State, DateTimeOffset Since, string? Break, string? Icon,
    int DoneIn, int DoneOut, IReadOnlyList<Guid> Campaigns, IReadOnlyList<BoardConversation>? Active);

/// <summary>Somebody who waits (S3).</summary>
public sealed record BoardWaiting(Guid Id, Guid Campaign, string Name, string? Email, string? Phone, DateTimeOffset Since);

/// <summary>What the board shows, as of one moment.</summary>
public sealed record BoardData(
    IReadOnlyList<BoardCampaign> Campaigns, BoardFigures Figures, IReadOnlyList<BoardAgent> Agents,
    IReadOnlyList<BoardWaiting> Waiting, DateTimeOffset At);

/// <summary>The figures whose conversations can be listed.</summary>
public enum BoardFigure
{
    Attended,
    InTime,
    Completed,
    Abandoned,
    Outgoing,
    Waiting,
}

/// <summary>A conversation behind a figure.</summary>
public sealed record BehindRow(
    Guid Id, long Ticket, string Contact, string Campaign, string? Agent, ConversationState State, Ending? Ending,
    DateTimeOffset At, TimeSpan? Waited);

/// <summary>A page of them, newest first.</summary>
/// <param name="Next">Where the following page begins, or null on the last.</param>
public sealed record BehindPage(IReadOnlyList<BehindRow> Rows, PastCursor? Next);

/// <summary>
/// Reads the supervisor's board in two statements: the campaigns within reach, then everything of them. Today is read from
/// <c>conversations_assigned</c> and <c>conversations_finished</c>, which hold all columns it takes; the present from
/// <c>conversations_queue</c>, <c>_held</c> and <c>ledger_user</c>.
/// </summary>
public sealed class BoardStore(NpgsqlDataSource source, TimeProvider clock)
{
    /// <summary>How many waiting contacts are listed.</summary>
    public const int Listed = 500;

    private const string Scope = "unnest($1::uuid[], $2::timestamptz[], $3::int[]) as s(id, today, seconds)";

    // "offset 0" keeps each campaign's look at its own index: joined freely, the planner walks through the whole history.
    private const string Sql = $"""
        with scope as (select * from {Scope}),
        attended as (
            select c.direction, c.waited_ms, c.waited_ms <= s.seconds * 1000 as in_time
            from scope s cross join lateral (
                select * from conversations c where c.campaign_id = s.id and c.assigned_at >= s.today offset 0
            ) c
        ), ended as (
            select c.agent_id, c.direction, c.ending, extract(epoch from c.finished_at - c.assigned_at) * 1000 as handled_ms
            from scope s cross join lateral (
                select * from conversations c where c.campaign_id = s.id and c.state = 5 and c.finished_at >= s.today offset 0
            ) c
        ), waiting as (
            select c.id, c.campaign_id, c.contact_id, coalesce(c.offered_at, c.queued_at) as since
            from scope s cross join lateral (select * from conversations c where c.campaign_id = s.id and c.state = 1 offset 0) c
        )
        select today.*, done.*, now.*,
            (select coalesce(json_agg(w order by w."Since", w."Id"), '[]') from (
                select w.id as "Id", w.campaign_id as "Campaign", k.name as "Name", k.email as "Email", k.phone as "Phone", w.since as "Since"
                from (select * from waiting order by since, id limit $4) w join contacts k on k.id = w.contact_id
            ) w),
            (select coalesce(json_agg(a), '[]') from (
                select a.user_id as "Id", u.display_name as "Name", a.bot as "Bot", a.capacity as "Capacity",
                    case when a.bot then case when h.active is null then 2 else 3 end else coalesce(l.state, 1) end as "State",
                    coalesce(l.at, a.since) as "Since", l.break_reason as "Break", b.icon as "Icon",
                    coalesce(d.done_in, 0) as "DoneIn", coalesce(d.done_out, 0) as "DoneOut", m.campaigns as "Campaigns", h.active as "Active"
                from (select user_id, json_agg(campaign_id) as campaigns from members join scope on scope.id = campaign_id group by user_id) m
                    join agents a on a.user_id = m.user_id join users u on u.id = m.user_id
                    left join break_reasons b on b.id = a.break_reason_id
                    left join lateral (
                        select state, at, break_reason from ledger where user_id = a.user_id order by at desc, id desc limit 1
                    ) l on true
                    left join (
                        select agent_id, count(*) filter (where direction = 1) as done_in, count(*) filter (where direction = 2) as done_out
                        from ended where ending <> 2 group by agent_id
                    ) d on d.agent_id = a.user_id
                    left join lateral (
                        select json_agg(json_build_object('Id', c.id, 'Ticket', c.ticket, 'Campaign', c.campaign_id, 'Contact', k.name,
                            'At', coalesce(c.assigned_at, c.queued_at), 'Paused', c.state = 3) order by coalesce(c.assigned_at, c.queued_at)) as active
                        from conversations c join scope on scope.id = c.campaign_id join contacts k on k.id = c.contact_id
                        where c.agent_id = a.user_id and c.state in (2, 3)
                    ) h on true
                where u.active
            ) a)
        from (
            select count(*) filter (where direction = 1), count(*) filter (where direction = 1 and in_time), count(*) filter (where direction = 2),
                avg(waited_ms) filter (where direction = 1)::bigint, max(waited_ms) filter (where direction = 1)
            from attended
        ) today, (
            select count(*) filter (where ending = 2), count(*) filter (where ending <> 2), avg(handled_ms) filter (where ending <> 2)::bigint
            from ended
        ) done, (select count(*), min(since) from waiting) now
        """;

    /// <summary>The campaigns a user supervises, by name.</summary>
    public async Task<IReadOnlyList<BoardCampaign>> CampaignsAsync(Viewer viewer, CancellationToken cancel)
    {
        await using var command = source.Statement($"""
            select p.id, p.name, p.enabled, d.name, r.name, l.name, p.settings
            from campaigns p
                join departments d on d.id = p.department_id join projects r on r.id = p.project_id join clients l on l.id = r.client_id
            where p.id in {ReachSql.Campaigns} order by p.name, p.id
            """, viewer.Id, viewer.Supervises);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var campaigns = new List<BoardCampaign>();
        while (await reader.ReadAsync(cancel))
            campaigns.Add(new BoardCampaign(
                reader.GetGuid(0), reader.GetString(1), reader.GetBoolean(2), reader.GetString(3), reader.GetString(4),
                reader.GetString(5), JsonSerializer.Deserialize<CampaignSettings>(reader.GetString(6))!));
        return campaigns;
    }

    /// <summary>Everything the board shows of these campaigns.</summary>
    public async Task<BoardData> ReadAsync(IReadOnlyList<BoardCampaign> campaigns, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var command = Statement(Sql, campaigns, now);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Listed });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        var figures = new BoardFigures(
            Count(reader, 0), Count(reader, 1), Count(reader, 5), Duration(reader, 3), Duration(reader, 4), Duration(reader, 7),
            Count(reader, 6), Count(reader, 2), Count(reader, 8), reader.IsDBNull(9) ? null : reader.GetFieldValue<DateTimeOffset>(9));
        var waiting = JsonSerializer.Deserialize<List<BoardWaiting>>(reader.GetString(10))!;
        var agents = JsonSerializer.Deserialize<List<BoardAgent>>(reader.GetString(11))!;
        return new BoardData(campaigns, figures, agents, waiting, now);
    }

    /// <summary>The conversations behind a figure, newest first.</summary>
    public async Task<BehindPage> BehindAsync(
        IReadOnlyList<BoardCampaign> campaigns, BoardFigure figure, PastCursor? after, int size, CancellationToken cancel)
    {
        var (at, where) = figure switch
        {
            BoardFigure.Attended => ("c.assigned_at", "c.assigned_at >= s.today and c.direction = 1"),
            BoardFigure.InTime => ("c.assigned_at", "c.assigned_at >= s.today and c.direction = 1 and c.waited_ms <= s.seconds * 1000"),
            BoardFigure.Outgoing => ("c.assigned_at", "c.assigned_at >= s.today and c.direction = 2"),
            BoardFigure.Completed => ("c.finished_at", "c.state = 5 and c.finished_at >= s.today and c.ending <> 2"),
            BoardFigure.Abandoned => ("c.finished_at", "c.state = 5 and c.finished_at >= s.today and c.ending = 2"),
            BoardFigure.Waiting => ("c.queued_at", "c.state = 1"),
        };
        await using var command = Statement($"""
            select c.id, c.ticket, k.name, p.name, u.display_name, c.state, c.ending, {at}, c.waited_ms
            from (
                select c.* from {Scope} cross join lateral (
                    select * from conversations c
                    where c.campaign_id = s.id and {where} and ({at}, c.ticket) < ($4, $5)
                    order by {at} desc, c.ticket desc limit $6
                ) c
                order by {at} desc, c.ticket desc limit $6
            ) c
                join campaigns p on p.id = c.campaign_id
                join contacts k on k.id = c.contact_id left join users u on u.id = c.agent_id
            order by {at} desc, c.ticket desc
            """, campaigns, clock.GetUtcNow());
        var from = after?.At ?? DateTimeOffset.MaxValue.AddYears(-1);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = from.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = after?.Ticket ?? long.MaxValue });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = size + 1 });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = new List<BehindRow>();
        while (await reader.ReadAsync(cancel))
            rows.Add(new BehindRow(
                reader.GetGuid(0), reader.GetInt64(1), reader.GetString(2), reader.GetString(3),
                reader.IsDBNull(4) ? null : reader.GetString(4), (ConversationState)reader.GetInt32(5),
                reader.IsDBNull(6) ? null : (Ending)reader.GetInt32(6), reader.GetFieldValue<DateTimeOffset>(7), Duration(reader, 8)));
        var page = rows.Take(size).ToList();
        return new BehindPage(page, rows.Count > size ? new PastCursor(page[^1].At, page[^1].Ticket) : null);
    }

    private NpgsqlCommand Statement(string sql, IReadOnlyList<BoardCampaign> campaigns, DateTimeOffset now) => source.Statement(
        sql,
        campaigns.Select(campaign => campaign.Id).ToArray(),
        campaigns.Select(campaign => Opening.StartOfDay(campaign.Settings.Hours, now).UtcDateTime).ToArray(),
        campaigns.Select(campaign => campaign.Settings.ServiceLevelSeconds).ToArray());

    private static int Count(NpgsqlDataReader reader, int column) => (int)reader.GetInt64(column);

    private static TimeSpan? Duration(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : TimeSpan.FromMilliseconds(reader.GetInt64(column));
}
