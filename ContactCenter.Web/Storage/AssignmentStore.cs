using System.Text.Json;
using ContactCenter.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ContactCenter.Storage;

/// <summary>A conversation that was just given to an agent.</summary>
public sealed record AssignmentDone(Guid Conversation, Guid Campaign, Guid Agent, TimeSpan Waited, IReadOnlyList<Message> Entries);

/// <summary>What came of an agent's wish to take a conversation.</summary>
public abstract record TakeResult
{
    public sealed record Taken(AssignmentDone Done) : TakeResult;

    public sealed record Refused(TakeRefusal Why) : TakeResult;

    /// <summary>Somebody else was quicker, or the contact left.</summary>
    /// <param name="Holder">Who has it, or null where nobody does.</param>
    public sealed record Gone(string? Holder) : TakeResult;

    /// <summary>No such conversation, or the agent is no member of its campaign.</summary>
    public sealed record NotFound : TakeResult;
}

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
    NpgsqlDataSource source, IDbContextFactory<Database> databases, IOptions<PresenceOptions> presence, Absence absence, TimeProvider clock)
{
    // Looked at from the front: with this many contacts waiting for their exclusive agents, the sweep looks again.
    private const int Looked = 50;

    // For how long a conversation that somebody let go unanswered waits until another of those who are there has room.
    private static readonly TimeSpan AsksOthers = TimeSpan.FromSeconds(60);

    // A member as the decision sees them, in one pass over what each holds (conversations_held) and completed today
    // (conversations_completed). Eligibilities 2 and 3 give one at a time. $1 campaign, $2 connected since, $3 today, $4 the
    // only agent asked for, or null.
    private const string CandidatesSql = """
        with one_at_a_time as materialized (
            select id from campaigns where (settings ->> 'Eligibility')::int in (2, 3)
        )
        select a.user_id, u.display_name, a.accepting and u.active, coalesce(a.seen_at >= $2, false) and a.leaving_at is null, a.capacity, a.last_assigned_at,
            held.everywhere, held.here, held.exclusive, completed.today, m.position, m.penalty
        from members m
        join agents a on a.user_id = m.user_id
        join users u on u.id = m.user_id
        cross join lateral (
            select count(*)::int everywhere,
                count(*) filter (where c.campaign_id = $1)::int here,
                coalesce(bool_or(c.campaign_id in (select id from one_at_a_time)), false) exclusive
            from conversations c
            where c.agent_id = a.user_id and c.state in (2, 3)
        ) held
        cross join lateral (
            select count(*)::int today from conversations c
            where c.campaign_id = $1 and c.agent_id = a.user_id and c.state = 5 and c.finished_at >= $3
        ) completed
        where m.campaign_id = $1 and not a.bot and ($4::uuid is null or m.user_id = $4)
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

        if (Assignment.TakenByAgents(campaign.Settings.Eligibility) || !campaign.IsOpen(clock.GetUtcNow())) return null;
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var (candidates, last, waiting) = await TurnAsync(connection, campaign, cancel);
        foreach (var head in waiting)
        {
            var @case = new AssignmentCase(last, head.Exclusive, head.Silent, head.AsksOthers);
            var outcome = Assignment.Decide(campaign.Settings, candidates, @case, Random.Shared.Next);
            while (outcome is AssignmentOutcome.Assigned chosen)
            {
                await transaction.SaveAsync("choice", cancel);
                var locked = await LockAsync(connection, campaign, chosen.To.Agent, cancel);
                if (locked == chosen.To)
                {
                    var done = await TakeAsync(
                        connection, campaign, head.Conversation, ConversationState.Waiting, chosen.To, chosen.Because, cancel);
                    if (done is null) break;
                    await transaction.CommitAsync(cancel);
                    return done;
                }
                // Another campaign filled this agent, or they left, between the look and the lock. Let go of them before
                // asking for another: two campaigns holding one each would wait for ever.
                await transaction.RollbackAsync("choice", cancel);
                candidates = [.. candidates.Select(c => c.Agent == chosen.To.Agent ? locked ?? c with { Accepting = false } : c)];
                outcome = Assignment.Decide(campaign.Settings, candidates, @case, Random.Shared.Next);
            }
            // One contact waits for their exclusive agent, or for another than who was silent; the next may not have to.
            if (outcome is AssignmentOutcome.Nobody { Because: not (NobodyBecause.WaitsForExclusive or NobodyBecause.WaitsForAnother) }) return null;
        }
        return null;
    }

    /// <summary>
    /// Gives a conversation to the agent who asks for it: a waiting one (ringall, ringallmultiple), or one that was kept
    /// out of hours (W4).
    /// </summary>
    public async Task<TakeResult> TakeAsync(Guid conversation, Guid agent, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        var campaign = await database.Campaigns.AsNoTracking().Include(c => c.Department)
            .SingleOrDefaultAsync(c => database.Conversations.Any(asked => asked.Id == conversation && asked.CampaignId == c.Id), cancel);
        if (campaign is null) return new TakeResult.NotFound();

        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var (members, _, waiting) = await TurnAsync(connection, campaign, cancel);
        if (await LockAsync(connection, campaign, agent, cancel) is not { } candidate) return new TakeResult.NotFound();
        // Where nobody who waits is there, whoever is away may be taken: the list and the timeline say so.
        var isOldest = waiting.Count == 0 || waiting[0].Conversation == conversation;
        var state = await StateAsync(connection, conversation, cancel);
        if (state is not (ConversationState.Waiting or ConversationState.OutOfHours))
            return new TakeResult.Gone(await HolderAsync(connection, conversation, cancel));
        var decision = state == ConversationState.OutOfHours
            ? Assignment.DecideTakeOutOfHours(candidate, members.Count)
            : Assignment.DecideTake(campaign.Settings, candidate, isOldest, members.Count);
        switch (decision)
        {
            case TakeOutcome.Refused refused:
                return new TakeResult.Refused(refused.Why);
            case TakeOutcome.Taken taken when await TakeAsync(connection, campaign, conversation, state, candidate, taken.Because, cancel) is { } done:
                await transaction.CommitAsync(cancel);
                return new TakeResult.Taken(done);
            default:
                return new TakeResult.Gone(await HolderAsync(connection, conversation, cancel));
        }
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

    /// <summary>
    /// Conversations to go back to their place: their agent is gone, has not answered in the campaign's time, or is no member
    /// of the campaign any more, where whoever removed them could not give it back.
    /// </summary>
    public async Task<IReadOnlyList<ReturnDue>> ReturnsDueAsync(int limit, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var command = source.Statement("""
            select c.id, c.agent_id, u.display_name, a.seen_at >= $1, m.user_id is null, greatest(c.assigned_at, c.answer_from)
            from conversations c
            join agents a on a.user_id = c.agent_id
            join users u on u.id = c.agent_id
            join campaigns k on k.id = c.campaign_id
            left join members m on m.campaign_id = c.campaign_id and m.user_id = c.agent_id
            where c.state in (2, 3) and not a.bot
              and (m.user_id is null or coalesce(a.seen_at, '-infinity') < $1
                or (c.state = 2 and c.answered_at is null and (k.settings ->> 'AnswerWithinSeconds')::int > 0
                    and greatest(c.assigned_at, c.answer_from) < $2 - make_interval(secs => (k.settings ->> 'AnswerWithinSeconds')::int)))
            order by c.queued_at
            limit $3
            """, now - presence.Value.Grace, now, limit);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var due = new List<ReturnDue>();
        while (await reader.ReadAsync(cancel))
        {
            var connected = !reader.IsDBNull(3) && reader.GetBoolean(3);
            due.Add(new ReturnDue(
                reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2), Unanswered: connected, Removed: reader.GetBoolean(4),
                reader.IsDBNull(5) ? null : reader.GetFieldValue<DateTimeOffset>(5)));
        }
        return due;
    }

    private async Task<bool> AnyWaitingAsync(Guid campaign, CancellationToken cancel)
    {
        await using var command = source.Statement(
            "select exists (select from conversations where campaign_id = $1 and state = 1)", campaign);
        return (bool)(await command.ExecuteScalarAsync(cancel))!;
    }

    /// <summary>
    /// Waits for the campaign's turn and looks at its members, who was last, and who waits. One way to the server and back:
    /// what comes after the lock sees all that was committed before it was given.
    /// </summary>
    private async Task<(List<Candidate> Members, Guid? Last, List<InQueue> Waiting)> TurnAsync(
        NpgsqlConnection connection, Campaign campaign, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("select pg_advisory_xact_lock(hashtextextended($1, 1))", campaign.Id.ToString("N"));
        AddCandidates(batch, campaign, null);
        batch.Add("select last_agent_id from rotations where campaign_id = $1", campaign.Id);
        // Longest first, with the exclusive agent they still wait for (Q5). Who is away keeps their place and is passed over; who
        // was kept out of hours left it to be answered.
        batch.Add("""
            select c.id, e.user_id, c.silent_agents, coalesce(c.returned_at > $5, false)
            from conversations c
            left join exclusive_agents e on e.contact_id = c.contact_id and e.campaign_id = c.campaign_id
                and coalesce(c.offered_at, c.queued_at) > $2
            where c.campaign_id = $1 and c.state = 1 and (c.offered_at is not null or coalesce(c.seen_at >= $4, true))
            order by c.queued_at, c.id
            limit $3
            """, campaign.Id, clock.GetUtcNow() - TimeSpan.FromMinutes(campaign.Settings.ExclusiveWaitMinutes), Looked,
            absence.SinceIn(campaign.Settings) ?? DateTimeOffset.MinValue, clock.GetUtcNow() - AsksOthers);
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        await reader.NextResultAsync(cancel);
        var members = await CandidatesAsync(reader, cancel);
        await reader.NextResultAsync(cancel);
        var last = await reader.ReadAsync(cancel) && !reader.IsDBNull(0) ? reader.GetGuid(0) : (Guid?)null;
        await reader.NextResultAsync(cancel);
        var waiting = new List<InQueue>();
        while (await reader.ReadAsync(cancel))
            waiting.Add(new InQueue(
                reader.GetGuid(0), reader.IsDBNull(1) ? null : reader.GetGuid(1), reader.GetFieldValue<Guid[]>(2), reader.GetBoolean(3)));
        return (members, last, waiting);
    }

    private void AddCandidates(NpgsqlBatch batch, Campaign campaign, Guid? only)
    {
        var now = clock.GetUtcNow();
        batch.Add(CandidatesSql, campaign.Id, now - presence.Value.Grace, Opening.StartOfDay(campaign.Settings.Hours, now), only.OrNull());
    }

    private static async Task<List<Candidate>> CandidatesAsync(NpgsqlDataReader reader, CancellationToken cancel)
    {
        var candidates = new List<Candidate>();
        while (await reader.ReadAsync(cancel))
            candidates.Add(new Candidate(
                reader.GetGuid(0), reader.GetString(1), reader.GetBoolean(2), reader.GetBoolean(3),
                Held: reader.GetInt32(6), HeldHere: reader.GetInt32(7), reader.GetInt32(4),
                reader.IsDBNull(5) ? null : reader.GetFieldValue<DateTimeOffset>(5),
                HoldsExclusive: reader.GetBoolean(8), CompletedToday: reader.GetInt32(9),
                Position: reader.GetInt32(10), Penalty: reader.GetInt32(11)));
        return candidates;
    }

    /// <summary>Holds the agent's row and reads them as they are now that nobody else can fill them.</summary>
    private async Task<Candidate?> LockAsync(NpgsqlConnection connection, Campaign campaign, Guid agent, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("select from agents where user_id = $1 for update", agent);
        // A statement of its own: it sees what was committed while the lock was waited for.
        AddCandidates(batch, campaign, agent);
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        await reader.NextResultAsync(cancel);
        return await CandidatesAsync(reader, cancel) is [var found] ? found : null;
    }

    private static async Task<ConversationState> StateAsync(
        NpgsqlConnection connection, Guid conversation, CancellationToken cancel)
    {
        await using var command = connection.Statement("select state from conversations where id = $1", conversation);
        return (ConversationState)(int)(await command.ExecuteScalarAsync(cancel))!;
    }

    private static async Task<string?> HolderAsync(NpgsqlConnection connection, Guid conversation, CancellationToken cancel)
    {
        await using var command = connection.Statement(
            "select u.display_name from conversations c join users u on u.id = c.agent_id where c.id = $1", conversation);
        return await command.ExecuteScalarAsync(cancel) as string;
    }

    private async Task<AssignmentDone?> TakeAsync(
        NpgsqlConnection connection, Campaign campaign, Guid waiting, ConversationState from, Candidate to, Because because,
        CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var greeted = campaign.Settings.AgentGreeting;
        await using var take = connection.Statement("""
            with head as (
                select id from conversations where id = $4 and campaign_id = $1 and state = $5 for update
            ), known as (
                select exists (select from messages where conversation_id = $4 and event = 2 and author_id = $2) as before,
                    coalesce((select event = 3 and author_id = $2 from messages
                        where conversation_id = $4 and event in (2, 3, 4) order by seq desc limit 1), false) as paused
            ), given as (
                update agents set last_assigned_at = $3 where user_id = $2 and exists (select from head)
            ), turned as (
                insert into rotations (campaign_id, last_agent_id) select $1, $2 where exists (select from head)
                on conflict (campaign_id) do update set last_agent_id = excluded.last_agent_id
            )
            update conversations c set
                state = case when known.paused and not $6 then 3 else 2 end,
                agent_id = $2, assigned_at = $3, opened_at = null, answered_at = null,
                waited_ms = case when $5 = 1
                    then coalesce(waited_ms, (extract(epoch from $3 - coalesce(offered_at, queued_at)) * 1000)::bigint)
                    else waited_ms end
            from head, known, contacts p
            where c.id = head.id and p.id = c.contact_id
            returning c.id, c.seq, c.language, c.ticket, coalesce(c.offered_at, c.queued_at), p.name, c.seen_at, known.before, c.state = 3
            """, campaign.Id, to.Agent, now, waiting, (int)from, because.Taken);
        Guid conversation;
        bool paused;
        int seq;
        string greeting;
        TimeSpan waited;
        await using (var reader = await take.ExecuteReaderAsync(cancel))
        {
            if (!await reader.ReadAsync(cancel)) return null;
            (conversation, seq) = (reader.GetGuid(0), reader.GetInt32(1));
            waited = now - reader.GetFieldValue<DateTimeOffset>(4);
            var isAway = from == ConversationState.Waiting && absence.Since is { } since && !reader.IsDBNull(6) && reader.GetFieldValue<DateTimeOffset>(6) < since;
            if (isAway) because = because with { Away = true };
            // Who had it before has greeted already.
            greeting = reader.GetBoolean(7) ? "" : Variables.Fill(
                greeted.In(reader.GetString(2)), campaign.Name, campaign.Department.Name, reader.GetString(5),
                reader.GetInt64(3), to.Name);
            paused = reader.GetBoolean(8);
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
                AuthorId = to.Agent,
                AuthorName = to.Name,
                Event = EventKind.Assigned,
                Because = because,
            },
        };
        // A pause survives a return: whoever parked it has it as they left it. Another agent, or who takes it, attends it.
        if (paused)
            entries.Add(new Message
            {
                ConversationId = conversation,
                Seq = seq + 2,
                ClientId = Ids.New(clock),
                At = now,
                Author = Author.Event,
                AuthorId = to.Agent,
                AuthorName = to.Name,
                Event = EventKind.Paused,
            });
        if (greeting.Length > 0)
            entries.Add(new Message
            {
                ConversationId = conversation,
                Seq = seq + entries.Count + 1,
                ClientId = Ids.New(clock),
                At = now,
                Author = Author.Campaign,
                AuthorName = to.Name,
                Text = greeting,
            });
        await using (var batch = new NpgsqlBatch(connection))
        {
            foreach (var entry in entries) AddInsert(batch, entry);
            batch.Add("update conversations set seq = $2, last_at = $3 where id = $1", conversation, entries[^1].Seq, now);
            await batch.ExecuteNonQueryAsync(cancel);
        }
        // The agent's row is held: only the first conversation makes them busy.
        if (to.Held == 0)
            await Ledger.AppendAsync(connection, to.Agent, new LedgerAuthor(LedgerCause.Conversation), null, clock, cancel);
        return new AssignmentDone(conversation, campaign.Id, to.Agent, waited, entries);
    }

    private static void AddInsert(NpgsqlBatch batch, Message entry) => batch.Add("""
        insert into messages (conversation_id, seq, client_id, at, author, author_id, author_name, text, event, because)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb)
        """, entry.ConversationId, entry.Seq, entry.ClientId, entry.At, (int)entry.Author, entry.AuthorId,
        entry.AuthorName, entry.Text, (int?)entry.Event,
        entry.Because is null ? null : JsonSerializer.Serialize(entry.Because));

    private static async Task<IReadOnlyList<Guid>> IdsAsync(NpgsqlCommand command, CancellationToken cancel)
    {
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(cancel)) ids.Add(reader.GetGuid(0));
        return ids;
    }
}

/// <summary>A waiting conversation as the decision sees it.</summary>
sealed record InQueue(Guid Conversation, Guid? Exclusive, Guid[] Silent, bool AsksOthers);

/// <summary>A conversation that must go back to its place in the queue.</summary>
/// <param name="Unanswered">True: the agent is there and silent; false: the agent is gone.</param>
/// <param name="Removed">The agent is no member of its campaign any more.</param>
/// <param name="From">From when the time for the first answer ran.</param>
public sealed record ReturnDue(
    Guid Conversation, Guid Agent, string AgentName, bool Unanswered, bool Removed, DateTimeOffset? From);
