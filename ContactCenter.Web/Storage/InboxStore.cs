using ContactCenter.Domain;
using Npgsql;

namespace ContactCenter.Storage;

/// <summary>The four tabs of the inbox (A3).</summary>
public enum InboxTab
{
    Waiting,
    Attending,
    Paused,
    OutOfHours,
}

/// <summary>A conversation as the inbox lists it.</summary>
/// <param name="Fresh">Assigned and not opened yet (A4).</param>
/// <param name="Away">Its contact waits and their page is gone: the place is kept, and nobody is assigned (J1).</param>
/// <param name="ReturnsAt">When it goes back to the queue unless the agent answers, where that is to be said now (Q8).</param>
public sealed record InboxItem(
    Guid Id, long Ticket, Channel Channel, ConversationState State, string Contact, string Campaign, string Department,
    string LastText, Author LastAuthor, DateTimeOffset LastAt, DateTimeOffset QueuedAt, int Unread, bool Fresh, bool Away = false,
    DateTimeOffset? ReturnsAt = null);

/// <summary>The inbox of one user: a tab's list, every tab's count, and what calls for attention.</summary>
/// <param name="More">Whether the tab holds more than is listed.</param>
/// <param name="Pending">One's own conversations not opened or not read yet, and those one may take, newest first (A4, N2).</param>
/// <param name="PendingCount">How many of them there are, also where more than are listed.</param>
public sealed record InboxView(
    InboxTab Tab, string Query, IReadOnlyDictionary<InboxTab, int> Counts, IReadOnlyList<InboxItem> Items, bool More,
    CallsView Calls, int PendingCount)
{
    public IReadOnlyList<InboxItem> Pending => Calls.Pending;
}

/// <summary>What calls for attention, as the bell lists it.</summary>
/// <param name="Pending">Newest first.</param>
/// <param name="Returning">One's own that go back to the queue within a minute unless they are answered (Q8).</param>
/// <param name="Returned">One's own that went back a short while ago, newest first.</param>
public sealed record CallsView(
    IReadOnlyList<InboxItem> Pending, IReadOnlyList<InboxItem> Returning, IReadOnlyList<ReturnedItem> Returned);

/// <summary>A conversation that went back to the queue.</summary>
/// <param name="Why">One of the kinds that say so: unanswered, disconnected.</param>
public sealed record ReturnedItem(Guid Id, string Contact, EventKind Why, DateTimeOffset At);

/// <summary>The figures of A1, over the user's campaigns; the waits over those who waited and were attended today, which is each
/// campaign's own day as on the board.</summary>
/// <param name="AverageWait">Null where nobody has been attended yet.</param>
/// <param name="Oldest">Since when the one waits who has waited longest; null where nobody does.</param>
public sealed record Kpis(TimeSpan? AverageWait, TimeSpan? LongestWait, int Waiting, int AgentsOnline, DateTimeOffset? Oldest);

/// <summary>What the availability switch and the break menu show (A2).</summary>
/// <param name="Break">The reason of the break the agent is on; null where there is none.</param>
/// <param name="By">The supervisor who sent the agent on it, or null.</param>
/// <param name="Reasons">What can be chosen.</param>
/// <param name="Problem">Why what was just chosen is not so.</param>
public sealed record AvailabilityView(
    bool Accepting, DateTimeOffset Since, BreakReason? Break, string? By, IReadOnlyList<BreakReason> Reasons, string? Problem = null);

/// <summary>Reads what an agent's inbox shows: one round trip each, from the indexes <c>conversations_queue</c>,
/// <c>_held</c>, <c>_off_hours</c> and <c>_attended</c>.</summary>
public sealed class InboxStore(NpgsqlDataSource source, Absence absence, TimeProvider clock)
{
    /// <summary>How many break reasons are offered at most, here and to supervisors.</summary>
    internal const int BreakReasonsOffered = 100;
    private const int Listed = 100;
    private const int PendingListed = 12;

    // The viewer's campaigns, once for a whole statement.
    private const string Mine = $"with mine as materialized (select id from {ReachSql.Distinct} c)";

    // What rings: one's own that are not opened or not read, and, while accepting, who waits where agents take (6, 7: Q2).
    // Whoever is away (last seen before `since`) waits for nobody just now.
    private static string Pending(string since) => $"""
        (select o.id from conversations o where o.agent_id = $1 and o.state in (2, 3) and (o.unread > 0 or o.opened_at is null)
        union all select w.id
        from agents a
            join members m on m.user_id = a.user_id
            join campaigns r on r.id = m.campaign_id and r.enabled and (r.settings ->> 'Eligibility')::int in (6, 7)
            join conversations w on w.campaign_id = r.id and w.state = 1
                and (w.offered_at is not null or (r.settings ->> 'AbandonAfter')::int = 0 or coalesce(w.seen_at >= {since}, true))
        where a.user_id = $1 and a.accepting)
        """;

    // With what is not answered yet: some of it may be about to go back.
    private const string Latest = "order by c.last_at desc, c.id limit 50";
    private static readonly string CallItems = $"""
        {Items($"""
            select c.* from conversations c
            where c.id in {Pending("$2")} or c.agent_id = $1 and c.state = 2 and c.answered_at is null {Latest}
            """)} {Latest}
        """;

    // By messages_returned. What has come to the agent again since is not gone; whoever is no member any more reads nothing of it.
    private const string ReturnedItems = """
        select m.conversation_id, k.name, m.event, m.at
        from messages m join conversations c on c.id = m.conversation_id join contacts k on k.id = c.contact_id
            join members mine on mine.campaign_id = c.campaign_id and mine.user_id = $1
        where m.author_id = $1 and m.event in (7, 8) and m.at > $2 and c.agent_id is distinct from $1
        order by m.at desc limit 10
        """;

    private static readonly TimeSpan ReturnedShown = TimeSpan.FromMinutes(10);

    public async Task<InboxView> ReadAsync(Viewer viewer, InboxTab tab, string query, CancellationToken cancel)
    {
        var (from, order) = tab switch
        {
            InboxTab.Waiting => ("mine join conversations c on c.campaign_id = mine.id and c.state = 1", "c.queued_at, c.id"),
            InboxTab.OutOfHours => ("mine join conversations c on c.campaign_id = mine.id and c.state = 4", "c.queued_at, c.id"),
            // Whoever waits for an answer stays above; a list that reorders with each message cannot be worked.
            InboxTab.Attending => ("conversations c where c.agent_id = $1 and c.state = 2", "c.opened_at is not null, c.last_at desc, c.id"),
            InboxTab.Paused => ("conversations c where c.agent_id = $1 and c.state = 3", "c.unread = 0, c.last_at desc, c.id"),
        };
        var first = $"order by {order} limit {Listed + 1}";
        var since = absence.Since;
        await using var batch = source.CreateBatch();
        // One picture: a conversation assigned in between is neither counted twice nor listed uncounted.
        batch.Add("begin isolation level repeatable read read only");
        batch.PlanOnce();
        batch.Add($"""
            {Mine}
            select
                (select count(*) from mine join conversations c on c.campaign_id = mine.id and c.state = 1),
                (select count(*) from conversations where state = 2 and agent_id = $1),
                (select count(*) from conversations where state = 3 and agent_id = $1),
                (select count(*) from mine join conversations c on c.campaign_id = mine.id and c.state = 4),
                (select count(*) from {Pending("$3")} pending)
            """, viewer.Id, viewer.Supervises, since ?? DateTimeOffset.MinValue);
        batch.Add($"""
            {Mine}
            {Items($"select c.* from {from} {(query.Length == 0 ? first : "")}")}
            where $3 = '' or fold(k.name) like $3 or fold(p.name) like $3
            {first}
            """, viewer.Id, viewer.Supervises, Folding.Pattern(query));
        batch.Add(CallItems, viewer.Id, since ?? DateTimeOffset.MinValue);
        batch.Add(ReturnedItems, viewer.Id, clock.GetUtcNow() - ReturnedShown);
        batch.Add("commit");

        await using var reader = await batch.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        var counts = Enum.GetValues<InboxTab>().ToDictionary(each => each, each => (int)reader.GetInt64((int)each));
        var pendingCount = (int)reader.GetInt64(4);
        await reader.NextResultAsync(cancel);
        var items = await ItemsAsync(reader, since, cancel);
        await reader.NextResultAsync(cancel);
        var calls = await CallsAsync(reader, since, cancel);
        return new InboxView(tab, query, counts, [.. items.Take(Listed)], items.Count > Listed, calls, pendingCount);
    }

    /// <summary>What calls for the user's attention, newest first, and how much there is.</summary>
    public async Task<(CallsView Calls, int Pending)> CallsAsync(Guid user, CancellationToken cancel)
    {
        var since = absence.Since;
        await using var batch = source.CreateBatch();
        batch.Add("begin isolation level repeatable read read only");
        batch.PlanOnce();
        batch.Add($"select count(*) from {Pending("$2")} pending", user, since ?? DateTimeOffset.MinValue);
        batch.Add(CallItems, user, since ?? DateTimeOffset.MinValue);
        batch.Add(ReturnedItems, user, clock.GetUtcNow() - ReturnedShown);
        batch.Add("commit");
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        var count = (int)reader.GetInt64(0);
        await reader.NextResultAsync(cancel);
        return (await CallsAsync(reader, since, cancel), count);
    }

    /// <param name="grace">How long after the last sign of life an agent counts as connected.</param>
    public async Task<Kpis> KpisAsync(Viewer viewer, TimeSpan grace, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        // Where a day begins is told by the same rules as everywhere, not by the database's list of time zones.
        var (campaigns, days) = await DaysAsync(viewer, now, cancel);
        // "offset 0" as on the board: each campaign's day from its own index, whatever the planner knows about the day.
        await using var batch = source.PlannedOnce("""
            with mine as materialized (select * from unnest($1::uuid[], $2::timestamptz[]) as s(id, today))
            select waiting.*,
                (select count(*) from agents a where a.seen_at > $3 and a.leaving_at is null and exists (
                    select from members m join mine on mine.id = m.campaign_id where m.user_id = a.user_id)),
                attended.*
            from (
                select count(*), min(coalesce(c.offered_at, c.queued_at))
                from mine join conversations c on c.campaign_id = mine.id and c.state = 1
            ) waiting, (
                select avg(c.waited_ms)::bigint, max(c.waited_ms)
                from mine cross join lateral (
                    select c.waited_ms from conversations c
                    where c.campaign_id = mine.id and coalesce(c.first_assigned_at, c.assigned_at) >= mine.today
                        and c.direction = 1 and c.waited_ms is not null
                    offset 0
                ) c
            ) attended
            """, campaigns, days, (now - grace).UtcDateTime);
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return new Kpis(
            Duration(reader, 3), Duration(reader, 4), (int)reader.GetInt64(0), (int)reader.GetInt64(2),
            reader.IsDBNull(1) ? null : reader.GetFieldValue<DateTimeOffset>(1));
    }

    /// <summary>The viewer's campaigns, and when the day of each began.</summary>
    private async Task<(Guid[] Campaigns, DateTime[] Days)> DaysAsync(Viewer viewer, DateTimeOffset now, CancellationToken cancel)
    {
        await using var command = source.Statement($"""
            select p.id, p.settings -> 'Hours' ->> 'TimeZone' from {ReachSql.Distinct} mine join campaigns p on p.id = mine.id
            """, viewer.Id, viewer.Supervises);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var (campaigns, days) = (new List<Guid>(), new List<DateTime>());
        while (await reader.ReadAsync(cancel))
        {
            campaigns.Add(reader.GetGuid(0));
            days.Add(Opening.StartOfDay(new OpeningHours { TimeZone = reader.GetString(1) }, now).UtcDateTime);
        }
        return ([.. campaigns], [.. days]);
    }

    /// <summary>The user's switch, or null for who is no agent.</summary>
    public async Task<AvailabilityView?> AvailabilityAsync(Guid user, CancellationToken cancel)
    {
        await using var command = source.Statement($"""
            select a.accepting, a.since, b.id, b.name, b.icon,
                (select l.by_name from ledger l where l.user_id = a.user_id and l.at >= a.since and l.cause = 2 order by l.at limit 1),
                r.id, r.name, r.icon
            from agents a
                left join break_reasons b on b.id = a.break_reason_id and not a.accepting
                left join break_reasons r on r.active
            where a.user_id = $1
            order by r.name limit {BreakReasonsOffered}
            """, user);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        AvailabilityView? view = null;
        var reasons = new List<BreakReason>();
        while (await reader.ReadAsync(cancel))
        {
            view ??= new AvailabilityView(
                reader.GetBoolean(0), reader.GetFieldValue<DateTimeOffset>(1), Reason(reader, 2),
                reader.IsDBNull(5) ? null : reader.GetString(5), reasons);
            if (Reason(reader, 6) is { } reason) reasons.Add(reason);
        }
        return view;
    }

    private async Task<CallsView> CallsAsync(NpgsqlDataReader reader, DateTimeOffset? since, CancellationToken cancel)
    {
        var items = await ItemsAsync(reader, since, cancel);
        await reader.NextResultAsync(cancel);
        var returned = new List<ReturnedItem>();
        while (await reader.ReadAsync(cancel))
            returned.Add(new ReturnedItem(
                reader.GetGuid(0), reader.GetString(1), (EventKind)reader.GetInt32(2), reader.GetFieldValue<DateTimeOffset>(3)));
        return new CallsView(
            [.. items.Where(item => item.Fresh || item.Unread > 0 || item.State == ConversationState.Waiting).Take(PendingListed)],
            [.. items.Where(item => item.ReturnsAt is not null).OrderBy(item => item.ReturnsAt)],
            returned);
    }

    /// <summary>What a list shows of these conversations: chosen first, so that only theirs is looked up.</summary>
    private static string Items(string chosen) => $"""
        select c.id, c.ticket, p.channel, c.state, k.name, p.name, d.name,
            c.last_text, c.last_author, c.last_at, c.queued_at, c.unread, c.agent_id is not null and c.opened_at is null,
            case when c.state = 1 then c.seen_at end, {AnswerDue}, {AnswerWithin}
        from ({chosen}) c
            join campaigns p on p.id = c.campaign_id join departments d on d.id = p.department_id
            join contacts k on k.id = c.contact_id
        """;

    /// <summary>When the time for the first answer is over, of a conversation c of a campaign p; null where none runs.</summary>
    internal const string AnswerDue = $"""
        case when c.state = 2 and c.answered_at is null and {AnswerWithin} > 0
            then greatest(c.assigned_at, c.answer_from) + make_interval(secs => {AnswerWithin}) end
        """;

    internal const string AnswerWithin = "coalesce((p.settings ->> 'AnswerWithinSeconds')::int, 0)";

    /// <param name="column">Where <see cref="AnswerDue"/> and <see cref="AnswerWithin"/> stand.</param>
    internal static DateTimeOffset? ReturnsAt(NpgsqlDataReader reader, int column, DateTimeOffset now) => AnswerTime.Said(
        reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column), reader.GetInt32(column + 1), now);

    private static BreakReason? Reason(NpgsqlDataReader reader, int column) => reader.IsDBNull(column)
        ? null
        : new BreakReason { Id = reader.GetGuid(column), Name = reader.GetString(column + 1), Icon = reader.GetString(column + 2) };

    private static TimeSpan? Duration(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : TimeSpan.FromMilliseconds(reader.GetInt64(column));

    private async Task<List<InboxItem>> ItemsAsync(NpgsqlDataReader reader, DateTimeOffset? since, CancellationToken cancel)
    {
        var items = new List<InboxItem>();
        while (await reader.ReadAsync(cancel))
            items.Add(new InboxItem(
                reader.GetGuid(0), reader.GetInt64(1), (Channel)reader.GetInt32(2), (ConversationState)reader.GetInt32(3),
                reader.GetString(4), reader.GetString(5), reader.GetString(6), reader.GetString(7),
                (Author)reader.GetInt32(8), reader.GetFieldValue<DateTimeOffset>(9),
                reader.GetFieldValue<DateTimeOffset>(10), reader.GetInt32(11), reader.GetBoolean(12),
                Away: since is not null && !reader.IsDBNull(13) && reader.GetFieldValue<DateTimeOffset>(13) < since,
                ReturnsAt(reader, 14, clock.GetUtcNow())));
        return items;
    }
}
