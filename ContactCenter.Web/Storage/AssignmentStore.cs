using System.Text.Json;
using ContactCenter.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ContactCenter.Storage;

/// <summary>A conversation that was just given to an agent.</summary>
public sealed record AssignmentDone(Guid Conversation, Guid Agent, TimeSpan Waited, IReadOnlyList<Message> Entries);

/// <summary>How long an agent whose connection is gone still counts as connected.</summary>
public sealed class PresenceOptions
{
    /// <summary>Seconds, 10 to 3,600: long enough for a reload, a restart of the server or a short tunnel.</summary>
    public int PresenceGraceSeconds { get; set; } = 45;

    public TimeSpan Grace => TimeSpan.FromSeconds(PresenceGraceSeconds);
}

/// <summary>
/// The assignment transaction (Q8). It holds the campaign's advisory lock, so that one campaign decides one
/// conversation at a time, and the chosen agent's row, so that campaigns sharing the agent cannot overfill them.
/// </summary>
public sealed class AssignmentStore(
    NpgsqlDataSource source, IDbContextFactory<Database> databases, IOptions<PresenceOptions> presence, TimeProvider clock)
{
    // What this agent holds, over all campaigns and in this one; served by the index conversations_held.
    private const string Held = """
        (select count(*)::int from conversations c where c.agent_id = a.user_id and c.state in (2, 3)),
        (select count(*)::int from conversations c where c.agent_id = a.user_id and c.campaign_id = $1 and c.state in (2, 3))
        """;

    /// <summary>Gives the campaign's longest waiting conversation to an agent.</summary>
    /// <returns>What was done, or null where nobody waits or nobody can take it.</returns>
    public async Task<AssignmentDone?> AssignHeadAsync(Guid campaignId, CancellationToken cancel)
    {
        // Most calls find an empty queue; that costs one look and no lock.
        if (!await AnyWaitingAsync(campaignId, cancel)) return null;
        await using var database = await databases.CreateDbContextAsync(cancel);
        var campaign = await database.Campaigns.AsNoTracking().Include(c => c.Department)
            .SingleOrDefaultAsync(c => c.Id == campaignId && c.Enabled, cancel);
        if (campaign is null) return null;

        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await ExecuteAsync(connection, "select pg_advisory_xact_lock(hashtextextended($1, 1))", cancel, campaignId.ToString("N"));
        var candidates = await CandidatesAsync(connection, campaignId, cancel);
        while (Assignment.Decide(campaign.Settings, candidates) is AssignmentOutcome.Assigned chosen)
        {
            await transaction.SaveAsync("choice", cancel);
            var locked = await LockAsync(connection, campaignId, chosen.To.Agent, cancel);
            if (locked != chosen.To)
            {
                // Let go of this agent before asking for another: two campaigns holding one each would wait for ever.
                await transaction.RollbackAsync("choice", cancel);
                // Another campaign filled this agent, or they left, between the look and the lock: decide again.
                candidates = [.. candidates.Select(c => c.Agent == chosen.To.Agent ? locked ?? c with { Accepting = false } : c)];
                continue;
            }
            var done = await TakeHeadAsync(connection, campaign, chosen, cancel);
            if (done is not null) await transaction.CommitAsync(cancel);
            return done;
        }
        return null;
    }

    /// <summary>The campaigns in which this agent could be given something that waits.</summary>
    public async Task<IReadOnlyList<Guid>> CampaignsOfAsync(Guid agent, CancellationToken cancel)
    {
        await using var command = source.Statement("""
            select m.campaign_id from members m
            where m.user_id = $1
              and exists (select from conversations c where c.campaign_id = m.campaign_id and c.state = 1)
            order by (select min(queued_at) from conversations c where c.campaign_id = m.campaign_id and c.state = 1)
            """, agent);
        return await IdsAsync(command, cancel);
    }

    /// <summary>Every campaign somebody waits in: what the sweep looks at.</summary>
    public async Task<IReadOnlyList<Guid>> WaitingCampaignsAsync(CancellationToken cancel)
    {
        await using var command = source.Statement(
            "select id from campaigns where enabled and exists (select from conversations c where c.campaign_id = campaigns.id and c.state = 1)");
        return await IdsAsync(command, cancel);
    }

    /// <summary>Conversations to go back to their place: their agent is gone, or has not answered in the campaign's time.</summary>
    public async Task<IReadOnlyList<ReturnDue>> ReturnsDueAsync(int limit, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var command = source.Statement("""
            select c.id, c.agent_id, u.display_name, a.seen_at >= $1
            from conversations c
            join agents a on a.user_id = c.agent_id
            join users u on u.id = c.agent_id
            join campaigns k on k.id = c.campaign_id
            where c.state in (2, 3)
              and (coalesce(a.seen_at, '-infinity') < $1
                or (c.state = 2 and c.answered_at is null and (k.settings ->> 'AnswerWithinSeconds')::int > 0
                    and c.assigned_at < $2 - make_interval(secs => (k.settings ->> 'AnswerWithinSeconds')::int)))
            order by c.queued_at
            limit $3
            """, now - presence.Value.Grace, now, limit);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var due = new List<ReturnDue>();
        while (await reader.ReadAsync(cancel))
        {
            var connected = !reader.IsDBNull(3) && reader.GetBoolean(3);
            due.Add(new ReturnDue(reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2), Unanswered: connected));
        }
        return due;
    }

    private async Task<bool> AnyWaitingAsync(Guid campaign, CancellationToken cancel)
    {
        await using var command = source.Statement(
            "select exists (select from conversations where campaign_id = $1 and state = 1)", campaign);
        return (bool)(await command.ExecuteScalarAsync(cancel))!;
    }

    private async Task<List<Candidate>> CandidatesAsync(NpgsqlConnection connection, Guid campaign, CancellationToken cancel)
    {
        await using var command = connection.Statement($"""
            select a.user_id, u.display_name, a.accepting and u.active, coalesce(a.seen_at >= $2, false), a.capacity,
                   a.last_assigned_at, {Held}
            from members m join agents a on a.user_id = m.user_id join users u on u.id = m.user_id
            where m.campaign_id = $1
            order by m.position, a.user_id
            """, campaign, clock.GetUtcNow() - presence.Value.Grace);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var candidates = new List<Candidate>();
        while (await reader.ReadAsync(cancel)) candidates.Add(ReadCandidate(reader));
        return candidates;
    }

    /// <summary>Holds the agent's row and reads them as they are now that nobody else can fill them.</summary>
    private async Task<Candidate?> LockAsync(NpgsqlConnection connection, Guid campaign, Guid agent, CancellationToken cancel)
    {
        await ExecuteAsync(connection, "select from agents where user_id = $1 for update", cancel, agent);
        // A statement of its own: it sees what was committed while the lock was waited for.
        await using var command = connection.Statement($"""
            select a.user_id, u.display_name, a.accepting and u.active, coalesce(a.seen_at >= $2, false), a.capacity,
                   a.last_assigned_at, {Held}
            from agents a join users u on u.id = a.user_id
            where a.user_id = $3
            """, campaign, clock.GetUtcNow() - presence.Value.Grace, agent);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) ? ReadCandidate(reader) : null;
    }

    private static Candidate ReadCandidate(NpgsqlDataReader reader) => new(
        reader.GetGuid(0), reader.GetString(1), reader.GetBoolean(2), reader.GetBoolean(3),
        Held: reader.GetInt32(6), HeldHere: reader.GetInt32(7), reader.GetInt32(4),
        reader.IsDBNull(5) ? null : reader.GetFieldValue<DateTimeOffset>(5));

    private async Task<AssignmentDone?> TakeHeadAsync(
        NpgsqlConnection connection, Campaign campaign, AssignmentOutcome.Assigned chosen, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var greeted = campaign.Settings.AgentGreeting;
        await using var take = connection.Statement("""
            with head as (
                select id from conversations where campaign_id = $1 and state = 1 order by queued_at, id limit 1 for update
            ), given as (
                update agents set last_assigned_at = $3 where user_id = $2 and exists (select from head)
            )
            update conversations c set
                state = 2, agent_id = $2, assigned_at = $3, opened_at = null, answered_at = null,
                waited_ms = coalesce(waited_ms, (extract(epoch from $3 - queued_at) * 1000)::bigint)
            from head, contacts p
            where c.id = head.id and p.id = c.contact_id
            returning c.id, c.seq, c.language, c.ticket, c.queued_at, p.name
            """, campaign.Id, chosen.To.Agent, now);
        Guid conversation;
        int seq;
        string greeting;
        TimeSpan waited;
        await using (var reader = await take.ExecuteReaderAsync(cancel))
        {
            if (!await reader.ReadAsync(cancel)) return null;
            (conversation, seq) = (reader.GetGuid(0), reader.GetInt32(1));
            waited = now - reader.GetFieldValue<DateTimeOffset>(4);
            greeting = Variables.Fill(
                greeted.In(reader.GetString(2)), campaign.Name, campaign.Department.Name, reader.GetString(5),
                reader.GetInt64(3), chosen.To.Name);
        }
        var entries = new List<Message>
        {
            new()
            {
                ConversationId = conversation,
                Seq = seq + 1,
                ClientId = Ids.New(clock),
                At = now,
                Author = Author.Event,
                AuthorId = chosen.To.Agent,
                AuthorName = chosen.To.Name,
                Event = EventKind.Assigned,
                Because = chosen.Because,
            },
        };
        if (greeting.Length > 0)
            entries.Add(new Message
            {
                ConversationId = conversation,
                Seq = seq + 2,
                ClientId = Ids.New(clock),
                At = now,
                Author = Author.Campaign,
                AuthorName = chosen.To.Name,
                Text = greeting,
            });
        foreach (var entry in entries) await InsertAsync(connection, entry, cancel);
        await ExecuteAsync(
            connection, "update conversations set seq = $2, last_at = $3 where id = $1", cancel, conversation, entries[^1].Seq, now);
        return new AssignmentDone(conversation, chosen.To.Agent, waited, entries);
    }

    private static async Task InsertAsync(NpgsqlConnection connection, Message entry, CancellationToken cancel)
    {
        await using var command = connection.Statement("""
            insert into messages (conversation_id, seq, client_id, at, author, author_id, author_name, text, event, because)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb)
            """, entry.ConversationId, entry.Seq, entry.ClientId, entry.At, (int)entry.Author, entry.AuthorId,
            entry.AuthorName, entry.Text, (int?)entry.Event,
            entry.Because is null ? null : JsonSerializer.Serialize(entry.Because));
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancel, params object?[] values)
    {
        await using var command = connection.Statement(sql, values);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static async Task<IReadOnlyList<Guid>> IdsAsync(NpgsqlCommand command, CancellationToken cancel)
    {
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(cancel)) ids.Add(reader.GetGuid(0));
        return ids;
    }
}

/// <summary>A conversation that must go back to its place in the queue.</summary>
/// <param name="Unanswered">True: the agent is there and silent; false: the agent is gone.</param>
public sealed record ReturnDue(Guid Conversation, Guid Agent, string AgentName, bool Unanswered);
