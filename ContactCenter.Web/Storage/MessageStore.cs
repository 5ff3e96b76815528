using System.Text.Json;
using ContactCenter.Domain;
using ContactCenter.Realtime;
using ContactCenter.Routing;
using Npgsql;

namespace ContactCenter.Storage;

/// <summary>What came of a message.</summary>
public abstract record MessageOutcome
{
    /// <summary>It is stored, now or by an earlier send with the same id.</summary>
    public sealed record Accepted(Message Message) : MessageOutcome;

    /// <summary>No such conversation within the writer's reach.</summary>
    public sealed record NotFound : MessageOutcome;

    /// <summary>The conversation takes no more messages from this writer.</summary>
    public sealed record Closed : MessageOutcome;

    /// <summary>The contact has written something the agent has not been shown (A18).</summary>
    public sealed record Unseen : MessageOutcome;
}

/// <summary>The hot path: one statement and one commit for each message, announced after the commit.</summary>
public sealed class MessageStore(NpgsqlDataSource source, LogStore log, Announcer announcer, Bots bots, TimeProvider clock)
{
    private const int PreviewLength = 120;

    /// <summary>
    /// Takes the next place and writes the message there, unless the contact's id for it is known. $1 conversation,
    /// $2 contact, $3 the campaign they came by, $4 the contact's id for the message, $5 text, $6 preview, $7 time.
    /// </summary>
    public const string FromContactSql = """
        with c as (
            update conversations set
                seq = seq + 1, last_contact_seq = seq + 1, last_text = $6, last_author = 1, last_at = $7, unread = unread + 1
            where id = $1 and contact_id = $2 and coalesce(came_by, campaign_id) = $3 and state <> 5
              and not exists (select from messages where conversation_id = $1 and client_id = $4)
            returning id, seq, agent_id, state, campaign_id, bot_read
        ), m as (
            insert into messages (conversation_id, seq, client_id, at, author, author_name, text)
            select id, seq, $4, $7, 1, '', $5 from c
        )
        select seq, agent_id, state, campaign_id, bot_read is not null from c
        """;

    private const string FromAgentSql = """
        with c as (
            update conversations set
                seq = seq + 1, last_text = $6, last_author = 2, last_at = $7, answered_at = coalesce(answered_at, $7)
            where id = $1 and agent_id = $2 and state = 2 and last_contact_seq <= $8
              and not exists (select from messages where conversation_id = $1 and client_id = $4)
            returning id, seq, answered_at
        ), m as (
            insert into messages (conversation_id, seq, client_id, at, author, author_id, author_name, text)
            select id, seq, $4, $7, 2, $2, $3, $5 from c
        )
        select seq, answered_at = $7 from c
        """;

    /// <summary>Stores what a contact wrote. The text is clean already (<see cref="MessageText.Clean"/>).</summary>
    public async Task<MessageOutcome> FromContactAsync(
        Guid conversation, Guid contact, Guid campaign, Guid clientId, string text, CancellationToken cancel = default)
    {
        using var activity = Telemetry.Source.StartActivity("message.accept");
        var now = clock.GetUtcNow().Stored();
        var preview = MessageText.ToPlain(text, PreviewLength);
        int seq;
        Guid? agent;
        ConversationState state;
        Guid queue;
        bool isWithBot;
        try
        {
            if (await WriteAsync() is not { } written) return await WhyNotAsync(conversation, clientId, contact, campaign, cancel);
            (seq, agent, state, queue, isWithBot) = written;
        }
        catch (PostgresException problem) when (problem.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // The same message was on its way twice and the other one was first.
            return await WhyNotAsync(conversation, clientId, contact, campaign, cancel);
        }
        var message = new Message
        {
            ConversationId = conversation,
            Seq = seq,
            ClientId = clientId,
            At = now,
            Author = Author.Contact,
            Text = text,
        };
        announcer.Added(message);
        if (isWithBot) bots.Wake(conversation);
        else if (agent is { } holder) announcer.Announce(new Announcement(Topic.Agent(holder), Signals.Inbox));
        else if (state == ConversationState.Waiting)
            announcer.Announce(new Announcement(Topic.Campaign(queue), Signals.Inbox));
        Telemetry.Messages.Add(1, Telemetry.FromContact);
        return new MessageOutcome.Accepted(message);

        async Task<(int Seq, Guid? Agent, ConversationState State, Guid Queue, bool IsWithBot)?> WriteAsync()
        {
            await using var command = source.Statement(
                FromContactSql, conversation, contact, campaign, clientId, text, preview, now);
            await using var reader = await command.ExecuteReaderAsync(cancel);
            if (!await reader.ReadAsync(cancel)) return null;
            return (reader.GetInt32(0), reader.IsDBNull(1) ? null : reader.GetGuid(1), (ConversationState)reader.GetInt32(2),
                reader.GetGuid(3), reader.GetBoolean(4));
        }
    }

    /// <summary>Stores what an agent wrote.</summary>
    /// <param name="seen">The highest place the agent has been shown; <see cref="int.MaxValue"/> to send regardless (A18).</param>
    public async Task<MessageOutcome> FromAgentAsync(
        Guid conversation, Guid agent, string agentName, Guid clientId, string text, int seen,
        CancellationToken cancel = default)
    {
        using var activity = Telemetry.Source.StartActivity("message.accept");
        var now = clock.GetUtcNow().Stored();
        var preview = MessageText.ToPlain(text, PreviewLength);
        int seq;
        bool isFirst;
        try
        {
            if (await WriteAsync() is not { } written) return await WhyNotAsync(conversation, clientId, agent, seen, cancel);
            (seq, isFirst) = written;
        }
        catch (PostgresException problem) when (problem.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return await WhyNotAsync(conversation, clientId, agent, seen, cancel);
        }
        var message = new Message
        {
            ConversationId = conversation,
            Seq = seq,
            ClientId = clientId,
            At = now,
            Author = Author.Agent,
            AuthorId = agent,
            AuthorName = agentName,
            Text = text,
        };
        announcer.Added(message);
        // With the first answer the conversation goes back to no queue any more, which its pane may have said.
        announcer.Announce(new Announcement(Topic.Agent(agent), isFirst ? Signals.Inbox | Signals.State : Signals.Inbox));
        Telemetry.Messages.Add(1, Telemetry.FromAgent);
        return new MessageOutcome.Accepted(message);

        // Its connection is free again before anybody is asked why not: with another one in hand, many would wait for each other.
        async Task<(int Seq, bool IsFirst)?> WriteAsync()
        {
            await using var command = source.Statement(
                FromAgentSql, conversation, agent, agentName, clientId, text, preview, now, seen);
            await using var reader = await command.ExecuteReaderAsync(cancel);
            return await reader.ReadAsync(cancel) ? (reader.GetInt32(0), reader.GetBoolean(1)) : null;
        }
    }

    /// <summary>Moves the contact's marks forward; repeated or older receipts change nothing (A9).</summary>
    public async Task ContactReceiptAsync(
        Guid conversation, Guid contact, int delivered, int read, CancellationToken cancel = default)
    {
        await using var command = source.Statement("""
            update conversations set
                contact_read = greatest(contact_read, least($4, seq)),
                contact_delivered = greatest(contact_delivered, least(greatest($3, $4), seq))
            where id = $1 and contact_id = $2 and (contact_read < least($4, seq) or contact_delivered < least(greatest($3, $4), seq))
            returning contact_delivered, contact_read, staff_delivered, staff_read
            """, conversation, contact, delivered, read);
        await AnnounceMarksAsync(conversation, command, cancel);
    }

    /// <summary>Moves the staff's marks forward; reading also clears the unread count of the agent who holds it.</summary>
    public async Task AgentReceiptAsync(
        Guid conversation, Guid agent, int delivered, int read, CancellationToken cancel = default)
    {
        await using var command = source.Statement("""
            update conversations set
                staff_read = greatest(staff_read, least($4, seq)),
                staff_delivered = greatest(staff_delivered, least(greatest($3, $4), seq)),
                unread = case when $4 >= last_contact_seq then 0 else unread end,
                opened_at = case when $4 > 0 then coalesce(opened_at, $5) else opened_at end
            where id = $1 and agent_id = $2 and (staff_read < least($4, seq) or staff_delivered < least(greatest($3, $4), seq)
                or (unread > 0 and $4 >= last_contact_seq) or ($4 > 0 and opened_at is null))
            returning contact_delivered, contact_read, staff_delivered, staff_read
            """, conversation, agent, delivered, read, clock.GetUtcNow());
        if (await AnnounceMarksAsync(conversation, command, cancel) && read > 0)
            announcer.Announce(new Announcement(Topic.Agent(agent), Signals.Inbox));
    }

    private async Task<bool> AnnounceMarksAsync(Guid conversation, NpgsqlCommand command, CancellationToken cancel)
    {
        Marks marks;
        await using (var reader = await command.ExecuteReaderAsync(cancel))
        {
            if (!await reader.ReadAsync(cancel)) return false;
            marks = new Marks(reader.GetInt32(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3));
        }
        announcer.Announce(new Announcement(Topic.Conversation(conversation), Signals.Marks, marks.ToJson()));
        return true;
    }

    private async Task<MessageOutcome> WhyNotAsync(
        Guid conversation, Guid clientId, Guid contact, Guid campaign, CancellationToken cancel)
    {
        await using var command = source.Statement(
            "select 1 from conversations where id = $1 and contact_id = $2 and coalesce(came_by, campaign_id) = $3",
            conversation, contact, campaign);
        if (await command.ExecuteScalarAsync(cancel) is null) return new MessageOutcome.NotFound();
        return await log.FindAsync(conversation, clientId, cancel) is { Author: Author.Contact } first
            ? Again(first)
            : new MessageOutcome.Closed();
    }

    private async Task<MessageOutcome> WhyNotAsync(
        Guid conversation, Guid clientId, Guid agent, int seen, CancellationToken cancel)
    {
        await using var command = source.Statement(
            "select agent_id, state, last_contact_seq from conversations where id = $1", conversation);
        ConversationState state;
        int lastContactSeq;
        await using (var reader = await command.ExecuteReaderAsync(cancel))
        {
            if (!await reader.ReadAsync(cancel)) return new MessageOutcome.NotFound();
            if (reader.IsDBNull(0) || reader.GetGuid(0) != agent) return new MessageOutcome.NotFound();
            (state, lastContactSeq) = ((ConversationState)reader.GetInt32(1), reader.GetInt32(2));
        }
        if (await log.FindAsync(conversation, clientId, cancel) is { } first && first.AuthorId == agent)
            return Again(first);
        return state == ConversationState.Attending && lastContactSeq > seen
            ? new MessageOutcome.Unseen()
            : new MessageOutcome.Closed();
    }

    // Whoever stored it may have been killed before it told anybody; that may be why it is sent again.
    private MessageOutcome.Accepted Again(Message first)
    {
        announcer.Added(first);
        return new MessageOutcome.Accepted(first);
    }
}

internal static class MarksJson
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    public static string ToJson(this Marks marks) => JsonSerializer.Serialize(marks, Web);
}
