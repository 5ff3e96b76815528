using System.Text.Json;
using ContactCenter.Domain;
using Npgsql;

namespace ContactCenter.Storage;

/// <summary>A campaign as the board knows it.</summary>
public sealed record BoardCampaign(
    Guid Id, string Name, bool Enabled, string Department, string Project, string Client, CampaignSettings Settings);

/// <summary>
/// The counts of today (S4), over the campaigns looked at; "today" is each campaign's own day. They belong to the campaign:
/// who is a member now, and what came back to the queue, changes none that was counted.
/// </summary>
/// <param name="Attended">Incoming conversations given to an agent today, each once, whatever became of it.</param>
/// <param name="InTime">Those of them whose contact waited no longer than the campaign's service level, and does not wait again
/// for longer than that.</param>
/// <param name="Abandoned">Contacts who left the queue today.</param>
/// <param name="AverageWait">Over who waited and was attended (A1), each until the first agent.</param>
/// <param name="AverageHandling">From the assignment to the end, over those completed today.</param>
/// <param name="Outgoing">Conversations our side began today.</param>
/// <param name="Oldest">Since when the one waits who has waited longest; null where nobody does.</param>
/// <param name="Served">The attended who came by the queue and did not leave it later after all: not what was left out of hours.</param>
/// <param name="Missed">Who waits for longer than the service level, or was kept at closing, and is not among the attended.</param>
/// <param name="Overdue">Who waits now for longer than the service level.</param>
public sealed record BoardFigures(
    int Attended, int InTime, int Abandoned, TimeSpan? AverageWait, TimeSpan? LongestWait, TimeSpan? AverageHandling,
    int Completed, int Outgoing, int Waiting, DateTimeOffset? Oldest, int Served, int Missed, int Overdue)
{
    /// <summary>Percent of those who were attended in time; who is overdue counts as not; null before the first of either.</summary>
    public double? ServiceLevel => Percent(InTime, Served + Missed);

    /// <summary>The same with who left counted as not attended in time.</summary>
    public double? ServiceLevelWithAbandoned => Percent(InTime, Served + Missed + Abandoned);

    /// <summary>Percent of those who came and left the queue.</summary>
    public double? AbandonmentRate => Percent(Abandoned, Served + Abandoned);

    private static double? Percent(int part, int whole) => whole == 0 ? null : 100.0 * part / whole;
}

/// <summary>An open conversation of an agent.</summary>
public sealed record BoardConversation(Guid Id, long Ticket, Guid Campaign, string Contact, DateTimeOffset At, bool Paused);

/// <summary>A member as the board lists them (S1), or who is none any more and has worked in its campaigns today.</summary>
/// <param name="Since">When the state began.</param>
/// <param name="Campaigns">Those of the board they are a member of; none: they have left, and what they do elsewhere is not told.</param>
/// <param name="Active">Their open conversations in the campaigns of the board, oldest first.</param>
public sealed record BoardAgent(
    Guid Id, string Name, bool Bot, int Capacity, AgentState State, DateTimeOffset Since, string? Break, string? Icon,
    int DoneIn, int DoneOut, IReadOnlyList<Guid> Campaigns, IReadOnlyList<BoardConversation> Active)
{
    public bool HasLeft => Campaigns.Count == 0;
}

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
    Overdue,
}

/// <summary>A conversation behind a figure.</summary>
public sealed record BehindRow(
    Guid Id, long Ticket, string Contact, string Campaign, string? Agent, ConversationState State, Ending? Ending,
    DateTimeOffset At, TimeSpan? Waited);

/// <summary>A page of them, newest first.</summary>
/// <param name="Next">Where the following page begins, or null on the last.</param>
public sealed record BehindPage(IReadOnlyList<BehindRow> Rows, PastCursor? Next);

/// <summary>
/// Reads the supervisor's board: the campaigns within reach, then what happened in them today and how they stand at present, at
/// once. Today is read from <c>conversations_attended</c> and <c>conversations_finished</c>, which hold all columns it takes, and
/// from who waits; the present from <c>conversations_queue</c>, <c>_held</c> and <c>ledger_user</c>.
/// </summary>
public sealed class BoardStore(NpgsqlDataSource source, TimeProvider clock)
{
    /// <summary>How many waiting contacts are listed.</summary>
    public const int Listed = 500;

    private const string Scope = "unnest($1::uuid[], $2::timestamptz[], $3::int[]) as s(id, today, seconds)";

    // The day a conversation counts as attended is that of the first agent: being given back and again changes nothing.
    private const string Given = "coalesce(c.first_assigned_at, c.assigned_at)";
    private const string Since = "coalesce(c.offered_at, c.queued_at)";

    // Each campaign's day is counted by itself, and "offset 0" keeps each look at its own index: joined freely, the planner walks
    // through the whole history. Lists come as one array a column, which costs half of what JSON does.
    private const string Today = $"""
        with scope as (select * from {Scope}),
        ended as (
            select e.* from scope s cross join lateral (
                select c.agent_id, count(*) filter (where c.direction = 1 and c.ending <> 2) as done_in,
                    count(*) filter (where c.direction = 2 and c.ending <> 2) as done_out,
                    count(*) filter (where c.direction = 1 and c.ending = 2 and c.was_queued) as abandoned,
                    count(c.assigned_at) filter (where c.ending <> 2) as handled,
                    sum(c.finished_at - c.assigned_at) filter (where c.ending <> 2) as handling
                from conversations c where c.campaign_id = s.id and c.state = 5 and c.finished_at >= s.today
                group by c.agent_id
            ) e
        )
        select * from (
            select coalesce(sum(t.incoming), 0)::bigint, coalesce(sum(t.served), 0)::bigint, coalesce(sum(t.in_time), 0)::bigint,
                coalesce(sum(t.outgoing), 0)::bigint, (sum(t.waited) / nullif(sum(t.known), 0))::bigint, max(t.longest)
            from scope s cross join lateral (
                select count(*) filter (where c.direction = 1) as incoming,
                    count(*) filter (where c.direction = 1 and c.was_queued and c.ending is distinct from 2) as served,
                    count(*) filter (where c.direction = 1 and c.waited_ms <= s.seconds * 1000 and c.ending is distinct from 2) as in_time,
                    count(*) filter (where c.direction = 2) as outgoing, sum(c.waited_ms) filter (where c.direction = 1) as waited,
                    count(c.waited_ms) filter (where c.direction = 1) as known, max(c.waited_ms) filter (where c.direction = 1) as longest
                from conversations c where c.campaign_id = s.id and {Given} >= s.today
            ) t
        ) attended, (
            select coalesce(sum(o.overdue), 0)::bigint, coalesce(sum(o.missed), 0)::bigint, coalesce(sum(o.again), 0)::bigint
            from scope s cross join lateral (
                select count(*) filter (where c.state = 1) as overdue,
                    count(*) filter (where c.first_assigned_at is null or c.first_assigned_at < s.today) as missed,
                    count(*) filter (where c.first_assigned_at >= s.today and c.waited_ms <= s.seconds * 1000) as again
                from (
                    select c.state, c.first_assigned_at, c.waited_ms from conversations c
                    where c.campaign_id = s.id and c.state = 1 and c.direction = 1 and {Since} < $4 - make_interval(secs => s.seconds)
                    union all select c.state, c.first_assigned_at, c.waited_ms from conversations c
                    where c.campaign_id = s.id and c.state = 4 and c.direction = 1 and c.was_queued
                        and ({Since} >= s.today or c.first_assigned_at >= s.today)
                ) c
            ) o
        ) unattended, (
            select coalesce(sum(abandoned), 0)::bigint, coalesce(sum(done_in + done_out), 0)::bigint,
                (extract(epoch from sum(handling)) * 1000 / nullif(sum(handled), 0))::bigint
            from ended
        ) completed, (
            select array_agg(e.agent_id), array_agg(u.display_name), array_agg(e.done_in), array_agg(e.done_out)
            from ended e join users u on u.id = e.agent_id where e.done_in + e.done_out > 0
        ) done
        """;

    // The parts are joined in two groups ("offset 0" again), since the planner tries every order of them.
    private const string Present = $"""
        with scope as (select * from {Scope}),
        waiting as (
            select w.* from scope s cross join lateral (
                select c.id, c.campaign_id, c.contact_id, coalesce(c.offered_at, c.queued_at) as since
                from conversations c where c.campaign_id = s.id and c.state = 1 offset 0
            ) w
        ), held as materialized (
            select c.agent_id, c.id, c.ticket, c.campaign_id, c.contact_id, coalesce(c.assigned_at, c.queued_at) as at, c.state = 3 as paused
            from conversations c where c.state in (2, 3) and c.campaign_id = any ($1)
        ), staff as (
            select a.user_id, u.display_name, a.bot, a.capacity, a.since, a.break_reason_id
            from (select m.user_id from members m join scope s on s.id = m.campaign_id union select agent_id from held) who
                join agents a on a.user_id = who.user_id join users u on u.id = who.user_id
            where u.active
        )
        select queue.*, people.*, open.*
        from (select * from (select count(*), min(since) from waiting) present, (
            select array_agg(w.id), array_agg(w.campaign_id), array_agg(w.name), array_agg(w.email), array_agg(w.phone), array_agg(w.since)
            from (
                select w.*, k.name, k.email, k.phone
                from (select * from waiting order by since, id limit $4) w join contacts k on k.id = w.contact_id order by w.since, w.id
            ) w
        ) listed offset 0) queue, (select * from (
            select array_agg(a.user_id), array_agg(a.display_name), array_agg(a.bot), array_agg(a.capacity), array_agg(coalesce(l.state, 1)),
                array_agg(coalesce(l.at, a.since)), array_agg(l.break_reason), array_agg(b.icon)
            from staff a left join break_reasons b on b.id = a.break_reason_id
                left join lateral (
                    select state, at, break_reason from ledger where user_id = a.user_id order by at desc, id desc limit 1
                ) l on true
        ) agents, (
            select array_agg(m.user_id), array_agg(m.campaign_id) from members m join scope s on s.id = m.campaign_id
        ) membership offset 0) people, (
            select array_agg(c.agent_id), array_agg(c.id), array_agg(c.ticket), array_agg(c.campaign_id), array_agg(k.name),
                array_agg(c.at), array_agg(c.paused)
            from held c join contacts k on k.id = c.contact_id
        ) open
        """;

    /// <summary>The campaigns a user supervises, by name.</summary>
    public async Task<IReadOnlyList<BoardCampaign>> CampaignsAsync(Viewer viewer, CancellationToken cancel)
    {
        await using var command = source.Statement($"""
            select p.id, p.name, p.enabled, d.name, r.name, l.name, p.settings
            from campaigns p
                join departments d on d.id = p.department_id join projects r on r.id = p.project_id join clients l on l.id = r.client_id
            where p.id in {ReachSql.Supervised} order by p.name, p.id
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
        // At once, each on a connection of its own: they take as long as one another.
        var today = TodayAsync(campaigns, now, cancel);
        var present = PresentAsync(campaigns, now, cancel);
        await Task.WhenAll(today, present);
        var (figures, done) = await today;
        var (queue, oldest, waiting, agents) = await present;
        var here = agents.Select(agent => agent.Id).ToHashSet();
        // Who has left the campaign, or the house, takes nothing with them.
        var gone = done.Where(each => !here.Contains(each.Key)).Select(each => new BoardAgent(
            each.Key, each.Value.Name, false, 0, AgentState.Disconnected, now, null, null, each.Value.In, each.Value.Out, [], []));
        return new BoardData(
            campaigns, figures with { Waiting = queue, Oldest = oldest },
            [
                .. agents.Select(agent => done.TryGetValue(agent.Id, out var count) ? agent with { DoneIn = count.In, DoneOut = count.Out } : agent),
                .. gone,
            ],
            waiting, now);
    }

    private async Task<(BoardFigures, Dictionary<Guid, (string Name, int In, int Out)>)> TodayAsync(
        IReadOnlyList<BoardCampaign> campaigns, DateTimeOffset now, CancellationToken cancel)
    {
        await using var batch = source.PlannedOnce(Today, [.. Scoped(campaigns, now), now.UtcDateTime]);
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        var row = new Row(reader);
        var (incoming, served, inTime, outgoing) = (row.Count(), row.Count(), row.Count(), row.Count());
        var (averageWait, longestWait) = (row.Duration(), row.Duration());
        var (overdue, missed, again) = (row.Count(), row.Count(), row.Count());
        var (abandoned, completed, averageHandling) = (row.Count(), row.Count(), row.Duration());
        var (agents, names, doneIn, doneOut) = (row.List<Guid>(), row.List<string>(), row.List<long>(), row.List<long>());
        var done = new Dictionary<Guid, (string Name, int In, int Out)>();
        // An agent of several campaigns comes once for each.
        for (var n = 0; n < agents.Length; n++)
        {
            var sum = done.GetValueOrDefault(agents[n]);
            done[agents[n]] = (names[n], sum.In + (int)doneIn[n], sum.Out + (int)doneOut[n]);
        }
        var figures = new BoardFigures(
            incoming, inTime - again, abandoned, averageWait, longestWait, averageHandling, completed, outgoing, 0, null,
            served, missed, overdue);
        return (figures, done);
    }

    private async Task<(int Queue, DateTimeOffset? Oldest, List<BoardWaiting> Waiting, List<BoardAgent> Agents)> PresentAsync(
        IReadOnlyList<BoardCampaign> campaigns, DateTimeOffset now, CancellationToken cancel)
    {
        await using var batch = source.PlannedOnce(Present, [.. Scoped(campaigns, now), Listed]);
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        var row = new Row(reader);
        return (row.Count(), row.Time(), Waiting(row), Agents(row));
    }

    private static List<BoardWaiting> Waiting(Row row)
    {
        var (ids, campaigns, names) = (row.List<Guid>(), row.List<Guid>(), row.List<string>());
        var (emails, phones, since) = (row.List<string?>(), row.List<string?>(), row.List<DateTimeOffset>());
        return [.. ids.Select((id, n) => new BoardWaiting(id, campaigns[n], names[n], emails[n], phones[n], since[n]))];
    }

    private static List<BoardAgent> Agents(Row row)
    {
        var (ids, names, bots, capacities) = (row.List<Guid>(), row.List<string>(), row.List<bool>(), row.List<int>());
        var (states, since, breaks, icons) = (row.List<int>(), row.List<DateTimeOffset>(), row.List<string?>(), row.List<string?>());
        var campaigns = row.List<Guid>().Zip(row.List<Guid>()).ToLookup(member => member.First, member => member.Second);
        var open = Open(row);
        return
        [
            .. ids.Select((id, n) =>
            {
                var active = open[id].OrderBy(conversation => conversation.At).ToList();
                if (!campaigns.Contains(id))
                    return new BoardAgent(id, names[n], bots[n], capacities[n], AgentState.Disconnected, since[n], null, null, 0, 0, [], active);
                var state = !bots[n] ? (AgentState)states[n] : active.Count == 0 ? AgentState.Free : AgentState.Busy;
                return new BoardAgent(
                    id, names[n], bots[n], capacities[n], state, since[n], breaks[n], icons[n], 0, 0, [.. campaigns[id]], active);
            }),
        ];
    }

    private static ILookup<Guid, BoardConversation> Open(Row row)
    {
        var (agents, ids, tickets, campaigns) = (row.List<Guid>(), row.List<Guid>(), row.List<long>(), row.List<Guid>());
        var (contacts, at, paused) = (row.List<string>(), row.List<DateTimeOffset>(), row.List<bool>());
        return agents.Select((agent, n) => (agent, Conversation: new BoardConversation(ids[n], tickets[n], campaigns[n], contacts[n], at[n], paused[n])))
            .ToLookup(each => each.agent, each => each.Conversation);
    }

    /// <summary>The conversations behind a figure, newest first.</summary>
    public async Task<BehindPage> BehindAsync(
        IReadOnlyList<BoardCampaign> campaigns, BoardFigure figure, PastCursor? after, int size, CancellationToken cancel)
    {
        const string overdue = $"{Since} < $7 - make_interval(secs => s.seconds)";
        var (at, where) = figure switch
        {
            BoardFigure.Attended => (Given, $"{Given} >= s.today and c.direction = 1"),
            BoardFigure.InTime => (Given, $"""
                {Given} >= s.today and c.direction = 1 and c.waited_ms <= s.seconds * 1000 and c.ending is distinct from 2
                and c.state <> 4 and not (c.state = 1 and {overdue})
                """),
            BoardFigure.Outgoing => (Given, $"{Given} >= s.today and c.direction = 2"),
            BoardFigure.Completed => ("c.finished_at", "c.state = 5 and c.finished_at >= s.today and c.ending <> 2"),
            BoardFigure.Abandoned => (
                "c.finished_at", "c.state = 5 and c.finished_at >= s.today and c.direction = 1 and c.ending = 2 and c.was_queued"),
            BoardFigure.Waiting => ("c.queued_at", "c.state = 1"),
            BoardFigure.Overdue => ("c.queued_at", $"c.state = 1 and c.direction = 1 and {overdue}"),
        };
        var now = clock.GetUtcNow();
        var from = after?.At ?? DateTimeOffset.MaxValue.AddYears(-1);
        await using var command = source.Statement($"""
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
            """, [.. Scoped(campaigns, now), from, after?.Ticket ?? long.MaxValue, size + 1, now]);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = new List<BehindRow>();
        while (await reader.ReadAsync(cancel))
            rows.Add(new BehindRow(
                reader.GetGuid(0), reader.GetInt64(1), reader.GetString(2), reader.GetString(3),
                reader.IsDBNull(4) ? null : reader.GetString(4), (ConversationState)reader.GetInt32(5),
                reader.IsDBNull(6) ? null : (Ending)reader.GetInt32(6), reader.GetFieldValue<DateTimeOffset>(7),
                reader.IsDBNull(8) ? null : TimeSpan.FromMilliseconds(reader.GetInt64(8))));
        var page = rows.Take(size).ToList();
        return new BehindPage(page, rows.Count > size ? new PastCursor(page[^1].At, page[^1].Ticket) : null);
    }

    /// <summary>The values of <see cref="Scope"/>.</summary>
    private static object[] Scoped(IReadOnlyList<BoardCampaign> campaigns, DateTimeOffset now) =>
    [
        campaigns.Select(campaign => campaign.Id).ToArray(),
        campaigns.Select(campaign => Opening.StartOfDay(campaign.Settings.Hours, now).UtcDateTime).ToArray(),
        campaigns.Select(campaign => campaign.Settings.ServiceLevelSeconds).ToArray(),
    ];

    /// <summary>The columns of the one row, read in their order.</summary>
    private sealed class Row(NpgsqlDataReader reader)
    {
        private int column;

        public int Count() => (int)reader.GetInt64(column++);

        public TimeSpan? Duration() => reader.IsDBNull(column++) ? null : TimeSpan.FromMilliseconds(reader.GetInt64(column - 1));

        public DateTimeOffset? Time() => reader.IsDBNull(column++) ? null : reader.GetFieldValue<DateTimeOffset>(column - 1);

        /// <summary>An aggregate over nothing is null.</summary>
        public T[] List<T>() => reader.IsDBNull(column++) ? [] : reader.GetFieldValue<T[]>(column - 1);
    }
}
