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

/// <summary>
/// The hot path: a message is written (<see cref="MessageWriter"/>), and announced after the commit. Whoever stops waiting
/// for the answer changes nothing of either.
/// </summary>
public sealed class MessageStore(
    NpgsqlDataSource source, MessageWriter writer, LogStore log, Announcer announcer, Bots bots, TimeProvider clock)
{
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

    /// <summary>
    /// The same for an agent. $1 conversation, $2 agent, $3 name, $4 the agent's id for the message, $5 text,
    /// $6 preview, $7 time, $8 the highest place the agent has been shown.
    /// </summary>
    internal const string FromAgentSql = """
        with c as (
            update conversations set
                seq = seq + 1, last_text = $6, last_author = 2, last_at = $7, answered_at = coalesce(answered_at, $7)
            where id = $1 and agent_id = $2 and state = 2 and last_contact_seq <= $8
              and not exists (select from messages where conversation_id = $1 and client_id = $4)
            returning id, seq, agent_id, state, campaign_id, bot_read, answered_at
        ), m as (
            insert into messages (conversation_id, seq, client_id, at, author, author_id, author_name, text)
            select id, seq, $4, $7, 2, $2, $3, $5 from c
        )
        select seq, agent_id, state, campaign_id, bot_read is not null, answered_at = $7 from c
        """;

    /// <summary>Stores what a contact wrote. The text is clean already (<see cref="MessageText.Clean"/>).</summary>
    /// <exception cref="OverloadedException">Nothing is stored; it may be repeated.</exception>
    public async Task<MessageOutcome> FromContactAsync(
        Guid conversation, Guid contact, Guid campaign, Guid clientId, string text, CancellationToken cancel = default)
    {
        using var activity = Telemetry.Source.StartActivity("message.accept");
        var write = new MessageWrite(
            conversation, Author.Contact, contact, campaign, clientId, text, clock.GetUtcNow().Stored(), "", 0);
        return await FromContactAsync(write).WaitAsync(cancel);
    }

    private async Task<MessageOutcome> FromContactAsync(MessageWrite write)
    {
        if (await writer.WriteAsync(write) is not { } stored) return await WhyContactNotAsync(write);
        var message = new Message
        {
            ConversationId = write.Conversation,
            Seq = stored.Seq,
            ClientId = write.ClientId,
            At = write.At,
            Author = Author.Contact,
            Text = write.Text,
        };
        announcer.Added(message);
        if (stored.IsWithBot) bots.Wake(write.Conversation);
        else if (stored.Agent is { } holder) announcer.Announce(new Announcement(Topic.Agent(holder), Signals.Inbox));
        else if (stored.State == ConversationState.Waiting)
            announcer.Announce(new Announcement(Topic.Campaign(stored.Campaign), Signals.Inbox));
        Telemetry.Messages.Add(1, Telemetry.FromContact);
        return new MessageOutcome.Accepted(message);
    }

    /// <summary>Stores what an agent wrote.</summary>
    /// <param name="seen">The highest place the agent has been shown; <see cref="int.MaxValue"/> to send regardless (A18).</param>
    /// <exception cref="OverloadedException">Nothing is stored; it may be repeated.</exception>
    public async Task<MessageOutcome> FromAgentAsync(
        Guid conversation, Guid agent, string agentName, Guid clientId, string text, int seen,
        CancellationToken cancel = default)
    {
        using var activity = Telemetry.Source.StartActivity("message.accept");
        var write = new MessageWrite(
            conversation, Author.Agent, agent, default, clientId, text, clock.GetUtcNow().Stored(), agentName, seen);
        return await FromAgentAsync(write).WaitAsync(cancel);
    }

    private async Task<MessageOutcome> FromAgentAsync(MessageWrite write)
    {
        if (await writer.WriteAsync(write) is not { } stored) return await WhyAgentNotAsync(write);
        var message = new Message
        {
            ConversationId = write.Conversation,
            Seq = stored.Seq,
            ClientId = write.ClientId,
            At = write.At,
            Author = Author.Agent,
            AuthorId = write.Writer,
            AuthorName = write.Name,
            Text = write.Text,
        };
        announcer.Added(message);
        // With the first answer the conversation goes back to no queue any more, which its pane may have said.
        announcer.Announce(new Announcement(
            Topic.Agent(write.Writer), stored.IsFirstAnswer ? Signals.Inbox | Signals.State : Signals.Inbox));
        Telemetry.Messages.Add(1, Telemetry.FromAgent);
        return new MessageOutcome.Accepted(message);
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

    // Not to be cancelled: what is asked here was begun with the message.
    private async Task<MessageOutcome> WhyContactNotAsync(MessageWrite write)
    {
        await using var command = source.Statement(
            "select 1 from conversations where id = $1 and contact_id = $2 and coalesce(came_by, campaign_id) = $3",
            write.Conversation, write.Writer, write.Campaign);
        if (await command.ExecuteScalarAsync() is null) return new MessageOutcome.NotFound();
        return await log.FindAsync(write.Conversation, write.ClientId, default) is { Author: Author.Contact } first
            ? Again(first)
            : new MessageOutcome.Closed();
    }

    private async Task<MessageOutcome> WhyAgentNotAsync(MessageWrite write)
    {
        await using var command = source.Statement(
            "select agent_id, state, last_contact_seq from conversations where id = $1", write.Conversation);
        ConversationState state;
        int lastContactSeq;
        await using (var reader = await command.ExecuteReaderAsync())
        {
            if (!await reader.ReadAsync()) return new MessageOutcome.NotFound();
            if (reader.IsDBNull(0) || reader.GetGuid(0) != write.Writer) return new MessageOutcome.NotFound();
            (state, lastContactSeq) = ((ConversationState)reader.GetInt32(1), reader.GetInt32(2));
        }
        var first = await log.FindAsync(write.Conversation, write.ClientId, default);
        if (first is not null && first.AuthorId == write.Writer) return Again(first);
        return state == ConversationState.Attending && lastContactSeq > write.Seen
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
