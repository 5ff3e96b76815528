using ContactCenter.Domain;
using Npgsql;

namespace ContactCenter.Storage;

/// <summary>A conversation with all its header shows (A5).</summary>
/// <param name="AwaySince">While the contact waits and their page is gone: since when.</param>
/// <param name="ReturnsAt">When it goes back to the queue unless its agent answers, where that is to be said now (Q8).</param>
public sealed record Dossier(
    Guid Id, long Ticket, ConversationState State, Ending? Ending, string? Note, Guid? AgentId, string? Agent,
    DateTimeOffset QueuedAt, DateTimeOffset? AssignedAt, DateTimeOffset? FinishedAt, TimeSpan? Waited, bool Opened,
    int Seq, int LastContactSeq, Marks Marks, Channel Channel, string Campaign, string Department, string Project, string Client,
    int HistoryHours, Eligibility Eligibility, Contact Contact, int ContactConversations, DateTimeOffset? AwaySince = null,
    DateTimeOffset? ReturnsAt = null);

/// <summary>A conversation in a list of past ones (A14, history).</summary>
public sealed record PastConversation(
    Guid Id, long Ticket, string Contact, string Campaign, Channel Channel, ConversationState State, Ending? Ending,
    string? Agent, DateTimeOffset At, string LastText, string? Note);

/// <summary>A page of past conversations.</summary>
/// <param name="Next">Where the following page begins, or null on the last.</param>
public sealed record PastPage(IReadOnlyList<PastConversation> Conversations, PastCursor? Next);

/// <summary>The last row of a page: the next begins after it. Costs the same on page one and page one thousand.</summary>
public sealed record PastCursor(DateTimeOffset At, long Ticket);

/// <summary>Reads conversations as people look at them, each within the reader's reach, each in one round trip.</summary>
public sealed class DossierStore(NpgsqlDataSource source, Absence absence, TimeProvider clock)
{
    private const string PastColumns = """
        c.id, c.ticket, k.name, p.name, p.channel, c.state, c.ending, u.display_name,
            coalesce(c.finished_at, c.queued_at), c.last_text, c.note
        from conversations c
            join campaigns p on p.id = c.campaign_id join contacts k on k.id = c.contact_id
            left join users u on u.id = c.agent_id
        """;

    /// <summary>The conversation, or null where there is none within reach.</summary>
    public async Task<Dossier?> FindAsync(Viewer viewer, Guid id, CancellationToken cancel)
    {
        await using var batch = source.PlannedOnce($"""
            select c.id, c.ticket, c.state, c.ending, c.note, c.agent_id, u.display_name,
                c.queued_at, c.assigned_at, c.finished_at, c.waited_ms, c.opened_at is not null, c.seq, c.last_contact_seq,
                c.contact_delivered, c.contact_read, c.staff_delivered, c.staff_read,
                p.channel, p.name, d.name, r.name, l.name, coalesce((p.settings ->> 'HistoryHours')::int, 0),
                coalesce((p.settings ->> 'Eligibility')::int, 1),
                k.id, k.name, k.email, k.phone, k.language, k.first_seen_at,
                (select count(*) from conversations o where o.contact_id = c.contact_id), case when c.state = 1 then c.seen_at end,
                {InboxStore.AnswerDue}, {InboxStore.AnswerWithin}
            from conversations c
                join campaigns p on p.id = c.campaign_id join departments d on d.id = p.department_id
                join projects r on r.id = p.project_id join clients l on l.id = r.client_id
                join contacts k on k.id = c.contact_id left join users u on u.id = c.agent_id
            where c.id = $3 and {ReachSql.Readable}
            """, viewer.Id, viewer.Supervises, id);
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        if (!await reader.ReadAsync(cancel)) return null;
        return new Dossier(
            reader.GetGuid(0), reader.GetInt64(1), (ConversationState)reader.GetInt32(2),
            reader.IsDBNull(3) ? null : (Ending)reader.GetInt32(3), Text(reader, 4),
            reader.IsDBNull(5) ? null : reader.GetGuid(5), Text(reader, 6),
            reader.GetFieldValue<DateTimeOffset>(7), Time(reader, 8), Time(reader, 9),
            reader.IsDBNull(10) ? null : TimeSpan.FromMilliseconds(reader.GetInt64(10)), reader.GetBoolean(11),
            reader.GetInt32(12), reader.GetInt32(13),
            new Marks(reader.GetInt32(14), reader.GetInt32(15), reader.GetInt32(16), reader.GetInt32(17)),
            (Channel)reader.GetInt32(18), reader.GetString(19), reader.GetString(20), reader.GetString(21),
            reader.GetString(22), reader.GetInt32(23), (Eligibility)reader.GetInt32(24),
            new Contact
            {
                Id = reader.GetGuid(25),
                Name = reader.GetString(26),
                Email = Text(reader, 27),
                Phone = Text(reader, 28),
                Language = reader.GetString(29),
                FirstSeenAt = reader.GetFieldValue<DateTimeOffset>(30),
            },
            (int)reader.GetInt64(31),
            absence.Since is { } since && Time(reader, 32) is { } seen && seen < since ? seen : null,
            InboxStore.ReturnsAt(reader, 33, clock.GetUtcNow()));
    }

    /// <summary>The contact's conversation before this one within reach, or null (A6).</summary>
    public async Task<PastConversation?> EarlierAsync(
        Viewer viewer, Guid contact, DateTimeOffset before, CancellationToken cancel)
    {
        await using var command = source.Statement($"""
            select {PastColumns} where c.contact_id = $3 and c.queued_at < $4 and {ReachSql.Readable}
            order by c.queued_at desc limit 1
            """, viewer.Id, viewer.Supervises, contact, before);
        return await ReadAsync(command, cancel) is [var first, ..] ? first : null;
    }

    /// <summary>How many earlier conversations the client of a conversation lets agents see (A14).</summary>
    public async Task<int> HistoryCountAsync(Guid? conversation, CancellationToken cancel)
    {
        await using var command = source.Statement("""
            select l.history_count from conversations c
                join campaigns p on p.id = c.campaign_id join projects r on r.id = p.project_id join clients l on l.id = r.client_id
            where c.id = $1::uuid
            """, conversation);
        return await command.ExecuteScalarAsync(cancel) as int? ?? Client.UsualHistory;
    }

    /// <summary>The contact's conversations within reach, newest first (A14).</summary>
    public async Task<IReadOnlyList<PastConversation>> OfContactAsync(
        Viewer viewer, Guid contact, int limit, CancellationToken cancel)
    {
        await using var command = source.Statement($"""
            select {PastColumns} where c.contact_id = $3 and {ReachSql.Readable} order by c.queued_at desc limit $4
            """, viewer.Id, viewer.Supervises, contact, limit);
        return await ReadAsync(command, cancel);
    }

    /// <summary>Finished conversations of the reader's campaigns, newest first, a page at a time.</summary>
    public async Task<PastPage> FinishedAsync(Viewer viewer, PastCursor? after, int size, CancellationToken cancel)
    {
        // A page from each campaign's own index (conversations_finished), merged: the cost follows the page and not the history.
        // Who they are about is read of the page alone.
        await using var command = source.Statement($"""
            select c.id, c.ticket, k.name, p.name, p.channel, c.state, c.ending, u.display_name, c.finished_at, c.last_text, c.note
            from (
                select c.* from {ReachSql.Distinct} mine cross join lateral (
                    select * from conversations f
                    where f.state = 5 and f.campaign_id = mine.id and (f.finished_at, f.ticket) < ($3, $4)
                    order by f.finished_at desc, f.ticket desc limit $5
                ) c
                order by c.finished_at desc, c.ticket desc limit $5
            ) c
                join campaigns p on p.id = c.campaign_id
                join contacts k on k.id = c.contact_id left join users u on u.id = c.agent_id
            order by c.finished_at desc, c.ticket desc
            """,
            viewer.Id, viewer.Supervises, after?.At ?? DateTimeOffset.MaxValue.AddYears(-1), after?.Ticket ?? long.MaxValue, size + 1);
        var found = await ReadAsync(command, cancel);
        var page = found.Take(size).ToList();
        return new PastPage(page, found.Count > size ? new PastCursor(page[^1].At, page[^1].Ticket) : null);
    }

    private static async Task<IReadOnlyList<PastConversation>> ReadAsync(NpgsqlCommand command, CancellationToken cancel)
    {
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var found = new List<PastConversation>();
        while (await reader.ReadAsync(cancel))
            found.Add(new PastConversation(
                reader.GetGuid(0), reader.GetInt64(1), reader.GetString(2), reader.GetString(3),
                (Channel)reader.GetInt32(4), (ConversationState)reader.GetInt32(5),
                reader.IsDBNull(6) ? null : (Ending)reader.GetInt32(6), Text(reader, 7),
                reader.GetFieldValue<DateTimeOffset>(8), reader.GetString(9), Text(reader, 10)));
        return found;
    }

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static DateTimeOffset? Time(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
}
