using System.Runtime.InteropServices;
using System.Text.Json;
using ContactCenter.Domain;
using Npgsql;

namespace ContactCenter.Storage;

/// <summary>Reads logs of conversations: always by place (the primary key), always at most a page.</summary>
public sealed class LogStore(NpgsqlDataSource source)
{
    private const string Columns =
        "conversation_id, seq, client_id, at, author, author_id, author_name, text, event, because";

    /// <summary>What <see cref="StartIn"/> reads of a row <c>c</c> of conversations.</summary>
    internal const string StartColumns =
        "c.seq, c.campaign_id, c.state, c.contact_delivered, c.contact_read, c.staff_delivered, c.staff_read, c.bot_read is not null";

    /// <summary>The entries after a place, oldest first.</summary>
    public Task<IReadOnlyList<Message>> AfterAsync(Guid conversation, int after, int limit, CancellationToken cancel) =>
        ReadAsync(source.Statement(
            $"select {Columns} from messages where conversation_id = $1 and seq > $2 order by seq limit $3",
            conversation, after, limit), cancel);

    /// <summary>The last entries before a place, oldest first.</summary>
    public async Task<IReadOnlyList<Message>> BeforeAsync(Guid conversation, int before, int limit, CancellationToken cancel)
    {
        var found = await ReadAsync(source.Statement(
            $"select {Columns} from messages where conversation_id = $1 and seq < $2 order by seq desc limit $3",
            conversation, before, limit), cancel);
        return [.. found.Reverse()];
    }

    /// <summary>The events of a conversation, oldest first (A13).</summary>
    public Task<IReadOnlyList<Message>> TimelineAsync(Guid conversation, int limit, CancellationToken cancel) =>
        ReadAsync(source.Statement(
            $"select {Columns} from messages where conversation_id = $1 and event is not null order by seq limit $2",
            conversation, limit), cancel);

    /// <summary>The entry a writer's id already made, or null.</summary>
    public async Task<Message?> FindAsync(Guid conversation, Guid clientId, CancellationToken cancel) =>
        (await ReadAsync(source.Statement(
            $"select {Columns} from messages where conversation_id = $1 and client_id = $2",
            conversation, clientId), cancel)) is [var first] ? first : null;

    /// <summary>The newest place of each of these conversations.</summary>
    public async Task<Dictionary<Guid, int>> HeadsAsync(Guid[] conversations, CancellationToken cancel)
    {
        await using var command = source.Statement("select id, seq from conversations where id = any($1)", [conversations]);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var heads = new Dictionary<Guid, int>();
        while (await reader.ReadAsync(cancel)) heads[reader.GetGuid(0)] = reader.GetInt32(1);
        return heads;
    }

    /// <summary>What a stream needs to begin, or null where there is no such conversation.</summary>
    /// <param name="contact">Only this contact's, where given.</param>
    public async Task<StreamStart?> StartAsync(Guid conversation, Guid? contact, CancellationToken cancel)
    {
        await using var command = source.Statement(
            $"select {StartColumns} from conversations c where c.id = $1 and ($2::uuid is null or c.contact_id = $2)", conversation, contact.OrNull());
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) ? StartIn(reader, 0) : null;
    }

    /// <param name="at">The first of <see cref="StartColumns"/>.</param>
    internal static StreamStart StartIn(NpgsqlDataReader reader, int at) => new(
        reader.GetInt32(at), reader.GetGuid(at + 1), (ConversationState)reader.GetInt32(at + 2),
        new Marks(reader.GetInt32(at + 3), reader.GetInt32(at + 4), reader.GetInt32(at + 5), reader.GetInt32(at + 6)), reader.GetBoolean(at + 7));

    private static async Task<IReadOnlyList<Message>> ReadAsync(NpgsqlCommand command, CancellationToken cancel)
    {
        await using var _ = command;
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var found = new List<Message>();
        while (await reader.ReadAsync(cancel))
            found.Add(new Message
            {
                ConversationId = reader.GetGuid(0),
                Seq = reader.GetInt32(1),
                ClientId = reader.GetGuid(2),
                At = reader.GetFieldValue<DateTimeOffset>(3),
                Author = (Author)reader.GetInt32(4),
                AuthorId = reader.IsDBNull(5) ? null : reader.GetGuid(5),
                AuthorName = reader.GetString(6),
                Text = reader.GetString(7),
                Event = reader.IsDBNull(8) ? null : (EventKind)reader.GetInt32(8),
                Because = reader.IsDBNull(9) ? null : JsonSerializer.Deserialize<Because>(reader.GetString(9)),
            });
        return found;
    }
}

/// <summary>Where a stream of a conversation begins.</summary>
[StructLayout(LayoutKind.Auto)]
/// <param name="IsWithBot">A menu bot leads it.</param>
public readonly record struct StreamStart(int Seq, Guid CampaignId, ConversationState State, Marks Marks, bool IsWithBot)
{
    /// <summary>Whether no person has come yet, so that a contact who is gone has abandoned (J1).</summary>
    public bool Waits => State == ConversationState.Waiting || IsWithBot;
}
