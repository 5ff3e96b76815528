using System.Runtime.CompilerServices;
using ContactCenter.Domain;
using Npgsql;
using NpgsqlTypes;

namespace ContactCenter.Storage;

/// <summary>A message on its way into its conversation's log.</summary>
/// <param name="Writer">The contact or the agent.</param>
/// <param name="Campaign">The campaign a contact came by; of no meaning for an agent.</param>
/// <param name="Name">The agent's name; empty for a contact.</param>
/// <param name="Seen">The highest place an agent has been shown; of no meaning for a contact.</param>
internal sealed record MessageWrite(
    Guid Conversation, Author Author, Guid Writer, Guid Campaign, Guid ClientId, string Text, DateTimeOffset At,
    string Name, int Seen)
{
    private const int PreviewLength = 120;

    /// <summary>What lists show of it.</summary>
    public string Preview { get; } = MessageText.ToPlain(Text, PreviewLength);
}

/// <summary>The place a message was given, and what its conversation was then.</summary>
/// <param name="IsFirstAnswer">It is the agent's first since they were given the conversation.</param>
internal sealed record StoredMessage(
    int Seq, Guid? Agent, ConversationState State, Guid Campaign, bool IsWithBot, bool IsFirstAnswer);

/// <summary>
/// More wait to be written than can be within a moment. Nothing of this request is stored; it may be repeated.
/// </summary>
public sealed class OverloadedException() : Exception("too many messages wait to be written");

/// <summary>
/// Writes messages, those of many senders together: what arrives while a write is under way goes with the next one, in
/// one statement and with one flush. One write is under way at a time; a message that comes alone goes at once, by a
/// statement of its own. Whatever the common statement did not store, for whatever reason (refused, somebody else holds
/// the row, the statement or its connection failed), is tried by itself: each sender's answer is their own, one bad
/// message spoils no other, and what was stored although nobody was told is found by its id.
/// </summary>
public sealed partial class MessageWriter(NpgsqlDataSource source, TimeProvider clock, ILogger<MessageWriter> log)
    : IAsyncDisposable
{
    /// <summary>How many messages may wait to be written: at most a second's.</summary>
    internal const int Capacity = 2_048;

    /// <summary>How many are written together at most. More wait longer for each other than they gain.</summary>
    internal const int Together = 64;

    // One alone may have to wait for whoever holds its conversation's row. Others wait no longer with it than this.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    private const long NoTurn = 0;

    // The common statement waits for no row: where it takes this long, its connection leads nowhere.
    private const int TogetherSeconds = 5;

    // When the node stops, requests have ended by themselves or been given up before this.
    private static readonly TimeSpan LastWrites = TimeSpan.FromSeconds(5);

    /// <summary>
    /// What <see cref="MessageStore.FromContactSql"/> and its counterpart for agents do, for many at once.
    /// $1 conversations, each once and in order, $2 authors, $3 contacts or agents, $4 campaigns, $5 clients' ids,
    /// $6 texts, $7 previews, $8 times, $9 names, $10 places seen. One row for each message that was stored.
    /// The sub-query beside each message is asked for one after the other, by the primary key: rows are locked in the
    /// order of the arrays. A row somebody else holds is left out, so that nodes never wait for one another in a
    /// circle, and nobody for a conversation that is not theirs.
    /// </summary>
    public const string TogetherSql = """
        with asked as materialized (
            select a.* from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                as a (conversation, author, writer, campaign, client_id, text, preview, at, name, seen)
            cross join lateral (
                select from conversations c
                where c.id = a.conversation
                  and case a.author
                        when 1 then c.contact_id = a.writer
                            and coalesce(c.came_by, c.campaign_id) = a.campaign and c.state <> 5
                        else c.agent_id = a.writer and c.state = 2 and c.last_contact_seq <= a.seen
                      end
                  and not exists (
                        select from messages m where m.conversation_id = a.conversation and m.client_id = a.client_id)
                for no key update of c skip locked
            ) held
        ), c as (
            update conversations c set
                seq = c.seq + 1, last_text = a.preview, last_author = a.author, last_at = a.at,
                last_contact_seq = case a.author when 1 then c.seq + 1 else c.last_contact_seq end,
                unread = case a.author when 1 then c.unread + 1 else c.unread end,
                answered_at = case a.author when 2 then coalesce(c.answered_at, a.at) else c.answered_at end
            from asked a where c.id = a.conversation
            returning c.id, c.seq, c.agent_id, c.state, c.campaign_id, c.bot_read, c.answered_at,
                a.author, a.writer, a.client_id, a.text, a.at, a.name
        ), m as (
            insert into messages (conversation_id, seq, client_id, at, author, author_id, author_name, text)
            select id, seq, client_id, at, author, case author when 2 then writer end, name, text from c
        )
        select id, seq, agent_id, state, campaign_id, bot_read is not null, author = 2 and answered_at = at from c
        """;

    private readonly Lock gate = new();
    private readonly CommitQueue<Pending> queue = new(pending => pending.Write.Conversation, Capacity, Together);
    private bool isWriting;

    // The write under way is of one message: it may be left to itself.
    private bool isAlone;

    // Counts writes, so that one that was left to itself does not end another one's turn.
    private long turn;
    private bool isWatched;
    private TaskCompletionSource? closing;

    /// <summary>Writes it. Ends when the answer is certain, whether or not anybody still waits for it.</summary>
    /// <returns>What was stored, or null where nothing was: the store finds out why.</returns>
    /// <exception cref="OverloadedException">Too many wait, or this node is stopping.</exception>
    internal Task<StoredMessage?> WriteAsync(MessageWrite write)
    {
        var pending = new Pending(write);
        long mine;
        lock (gate)
        {
            if (closing is not null || !queue.TryAdd(pending))
                return Task.FromException<StoredMessage?>(new OverloadedException());
            // Where none is written, either nothing else waits or something of the same conversation is on its own way.
            if (isWriting || !queue.HasReady) return pending.Task;
            queue.Take();
            mine = Begin(alone: true);
        }
        return AloneAsync(write, mine);
    }

    /// <summary>What has been taken is written; nothing more is.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            closing ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (queue.IsIdle) closing.TrySetResult();
        }
        await WithinAsync(LastWrites, closing.Task);
    }

    private ConfiguredTaskAwaitable WithinAsync(TimeSpan time, Task task) =>
        task.WaitAsync(time, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private long Begin(bool alone)
    {
        (isWriting, isAlone) = (true, alone);
        if (alone) Telemetry.Batch.Record(1);
        if (alone && !isWatched)
        {
            isWatched = true;
            ThreadPool.UnsafeQueueUserWorkItem(static writer => _ = writer.WatchAsync(), this, preferLocal: false);
        }
        return ++turn;
    }

    // One timer for all that go alone in its time: one for each would cost a lone message more than all else here.
    private async Task WatchAsync()
    {
        while (true)
        {
            var seen = Interlocked.Read(ref turn);
            await Task.Delay(Patience, clock);
            lock (gate)
            {
                if (turn != seen) continue;
                if (isAlone)
                {
                    turn++;
                    GoOn();
                    continue;
                }
                isWatched = false;
                return;
            }
        }
    }

    private void GoOn()
    {
        isAlone = false;
        isWriting = queue.HasReady;
        if (isWriting) Start();
    }

    // Without the context of the request that comes at this moment, which would be kept for as long as there is work.
    private void Start() =>
        ThreadPool.UnsafeQueueUserWorkItem(static writer => _ = writer.RunAsync(), this, preferLocal: false);

    private async Task RunAsync()
    {
        while (true)
        {
            List<Pending> batch;
            long mine;
            lock (gate)
            {
                batch = queue.Take();
                if (batch.Count == 0)
                {
                    isWriting = false;
                    return;
                }
                mine = Begin(alone: batch.Count == 1);
            }
            if (batch is [var only])
            {
                _ = AnswerAloneAsync(only, mine);
                return;
            }
            await TogetherAsync(batch);
        }
    }

    private async Task TogetherAsync(List<Pending> batch)
    {
        Telemetry.Batch.Record(batch.Count);
        NpgsqlConnection connection;
        try
        {
            connection = await source.OpenConnectionAsync();
        }
        // Nothing was sent, and it would be no different for each of them.
        catch (Exception problem)
        {
            foreach (var pending in batch)
            {
                Release(pending.Write.Conversation);
                pending.TrySetException(problem);
            }
            return;
        }
        Dictionary<Guid, StoredMessage> stored = [];
        try
        {
            await using (connection) stored = await StoreAsync(connection, batch);
        }
        catch (PostgresException problem) when (problem.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // One of them was on its way by another node, too, which was first.
        }
        // Of whatever kind. What was stored nevertheless is found by its id; which was at fault, by trying each.
        catch (Exception problem)
        {
            LogFailed(batch.Count, problem);
        }
        foreach (var pending in batch)
        {
            if (!stored.TryGetValue(pending.Write.Conversation, out var message))
            {
                _ = AnswerAloneAsync(pending, NoTurn);
                continue;
            }
            Release(pending.Write.Conversation);
            pending.TrySetResult(message);
        }
    }

    private async Task AnswerAloneAsync(Pending pending, long mine)
    {
        try
        {
            pending.TrySetResult(await AloneAsync(pending.Write, mine));
        }
        catch (Exception problem)
        {
            pending.TrySetException(problem);
        }
    }

    private async Task<StoredMessage?> AloneAsync(MessageWrite write, long mine)
    {
        try
        {
            return await StoreAsync(write);
        }
        finally
        {
            Release(write.Conversation, mine);
        }
    }

    private void Release(Guid conversation, long mine = NoTurn)
    {
        lock (gate)
        {
            queue.Done(conversation);
            if (!isWriting || (isAlone && mine == turn)) GoOn();
            if (queue.IsIdle) closing?.TrySetResult();
        }
    }

    private static async Task<Dictionary<Guid, StoredMessage>> StoreAsync(
        NpgsqlConnection connection, List<Pending> batch)
    {
        await using var command = connection.Statement(
            TogetherSql,
            Each(write => write.Conversation), Each(write => (int)write.Author), Each(write => write.Writer),
            Each(write => write.Campaign), Each(write => write.ClientId), Each(write => write.Text),
            Each(write => write.Preview),
            new NpgsqlParameter
            {
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz,
                Value = Each(write => write.At.UtcDateTime),
            },
            Each(write => write.Name), Each(write => write.Seen));
        command.CommandTimeout = TogetherSeconds;
        await using var reader = await command.ExecuteReaderAsync();
        var stored = new Dictionary<Guid, StoredMessage>(batch.Count);
        while (await reader.ReadAsync()) stored.Add(reader.GetGuid(0), Read(reader, 1, reader.GetBoolean(6)));
        return stored;

        T[] Each<T>(Func<MessageWrite, T> value) => [.. batch.Select(pending => value(pending.Write))];
    }

    // Rows come before the commit does. Where that fails, the reader throws when it is closed.
    private async Task<StoredMessage?> StoreAsync(MessageWrite write)
    {
        for (var repeats = 2; ; repeats--)
        {
            try
            {
                var isAgent = write.Author == Author.Agent;
                await using var command = isAgent
                    ? source.Statement(
                        MessageStore.FromAgentSql, write.Conversation, write.Writer, write.Name, write.ClientId,
                        write.Text, write.Preview, write.At, write.Seen)
                    : source.Statement(
                        MessageStore.FromContactSql, write.Conversation, write.Writer, write.Campaign, write.ClientId,
                        write.Text, write.Preview, write.At);
                await using var reader = await command.ExecuteReaderAsync();
                return await reader.ReadAsync() ? Read(reader, 0, isAgent && reader.GetBoolean(5)) : null;
            }
            catch (PostgresException problem) when (problem.SqlState == PostgresErrorCodes.UniqueViolation)
            {
                // The same message was on its way twice and the other one was first.
                return null;
            }
            catch (Exception problem) when (repeats > 0 && StaleNames.IsOf(problem))
            {
                // On another connection it goes well.
            }
        }
    }

    private static StoredMessage Read(NpgsqlDataReader reader, int at, bool isFirstAnswer) => new(
        reader.GetInt32(at), reader.IsDBNull(at + 1) ? null : reader.GetGuid(at + 1),
        (ConversationState)reader.GetInt32(at + 2), reader.GetGuid(at + 3), reader.GetBoolean(at + 4), isFirstAnswer);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "{Count} messages could not be written together; each is tried by itself")]
    private partial void LogFailed(int count, Exception problem);

    private sealed class Pending(MessageWrite write)
        : TaskCompletionSource<StoredMessage?>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public MessageWrite Write => write;
    }
}
