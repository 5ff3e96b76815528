using ContactCenter.Domain;
using ContactCenter.Realtime;
using ContactCenter.Routing;
using ContactCenter.Security;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ContactCenter.Tests.Storage;

/// <summary>Messages of many senders are committed together, and each sender's answer is their own.</summary>
public sealed class MessageWriterTests(Scene scene) : IClassFixture<Scene>
{
    private const string NotText = "not\0text";
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    private static Guid Id() => Ids.New(TimeProvider.System);

    private string ConnectionString => scene.Get<IConfiguration>().GetConnectionString("Postgres")!;

    /// <summary>What another node has of its own.</summary>
    private sealed class Node(Scene scene, string connectionString) : IAsyncDisposable
    {
        private readonly NpgsqlDataSource source = StorageRoom.Source(connectionString);
        private MessageWriter? writer;

        public MessageWriter Writer => writer ??= new(source, scene.Clock, NullLogger<MessageWriter>.Instance);

        public MessageStore Messages => new(
            source, Writer, new LogStore(source), scene.Get<Announcer>(), scene.Get<Bots>(), scene.Clock);

        public Task<MessageOutcome> Says(
            Conversation visitor, string text, Guid? id = null, CancellationToken cancel = default) =>
            Messages.FromContactAsync(visitor.Id, visitor.ContactId, visitor.CampaignId, id ?? Id(), text, cancel);

        public async ValueTask DisposeAsync()
        {
            await Writer.DisposeAsync();
            await source.DisposeAsync();
        }
    }

    private Node Open() => new(scene, ConnectionString);

    private async Task<List<Conversation>> WaitingAsync(int count)
    {
        await scene.CampaignAsync($"c{Id():N}"[..20], settings => settings.MaximumPerAgent = 100);
        var visitors = new List<Conversation>();
        for (var n = 0; n < count; n++) visitors.Add(await scene.VisitorAsync($"Visitor {n}", text: null));
        return visitors;
    }

    private async Task<(User Lili, List<Conversation> Visitors)> AttendedAsync(int count)
    {
        var visitors = await WaitingAsync(count);
        var lili = await scene.AgentAsync($"lili{Id():N}", count);
        await scene.AssignAsync();
        for (var n = 0; n < count; n++)
            Assert.Equal(lili.Id, (visitors[n] = await scene.ReloadAsync(visitors[n])).AgentId);
        return (lili, visitors);
    }

    /// <summary>Keeps others waiting for as long as it lives.</summary>
    private sealed class Held(NpgsqlConnection connection) : IAsyncDisposable
    {
        /// <summary>Whoever writes a message waits in the middle of their statement, its rows locked.</summary>
        public static async Task<Held> AllAsync(string connectionString) =>
            await RunAsync(connectionString, "select pg_advisory_xact_lock(7)", """
                create or replace function wait_for_test() returns trigger language plpgsql
                    as 'begin perform pg_advisory_xact_lock_shared(7); return new; end';
                create or replace trigger waits before insert on messages for each row execute function wait_for_test();
                """);

        public static async Task<Held> RowAsync(string connectionString, Conversation row) =>
            await RunAsync(connectionString, $"select from conversations where id = '{row.Id}' for update");

        private static async Task<Held> RunAsync(string connectionString, string sql, string before = "")
        {
            var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
            await connection.OpenAsync();
            // The first ends with its own transaction, the second is the one that holds.
            foreach (var each in (string[])[before, $"begin; {sql}"])
            {
                await using var command = new NpgsqlCommand(each, connection);
                if (each.Length > 0) await command.ExecuteNonQueryAsync();
            }
            return new Held(connection);
        }

        public async ValueTask DisposeAsync() => await connection.DisposeAsync();
    }

    /// <summary>Asks about the common statement that waits for a lock; false where there is none.</summary>
    private async Task<bool> AskAboutBatchAsync(string what)
    {
        await using var observer = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await observer.OpenAsync();
        await using var ask = new NpgsqlCommand($"""
            select {what} from pg_stat_activity
            where datname = current_database() and wait_event_type = 'Lock' and query like '%unnest(%'
              and pid <> pg_backend_pid()
            """, observer);
        return await ask.ExecuteScalarAsync() is not null;
    }

    private Task BatchWaitsAsync() =>
        Eventually.Holds("several messages wait to be written together", () => AskAboutBatchAsync("1"));

    private async Task<List<Message>> EntriesAsync(Conversation conversation)
    {
        var log = await scene.LogAsync(conversation);
        Assert.Equal(Enumerable.Range(1, log.Count), log.Select(entry => entry.Seq));
        Assert.Equal(log.Count, (await scene.ReloadAsync(conversation)).Seq);
        return log;
    }

    private async Task<List<string>> SaidAsync(Conversation visitor) =>
        (await EntriesAsync(visitor)).Where(entry => entry.Author == Author.Contact).Select(entry => entry.Text).ToList();

    private static async Task AllAcceptedAsync(IEnumerable<Task<MessageOutcome>> outcomes)
    {
        foreach (var outcome in outcomes) Accepted(await outcome.WaitAsync(Long));
    }

    private static Message Accepted(MessageOutcome outcome) => Assert.IsType<MessageOutcome.Accepted>(outcome).Message;

    [Fact]
    public async Task Hundreds_who_write_at_once_on_two_nodes_lose_double_and_reorder_nothing()
    {
        const int Each = 12;
        var (lili, visitors) = await AttendedAsync(30);
        var (open, closed) = (visitors[..24], visitors[24..]);
        foreach (var visitor in closed) await scene.Conversations.FinishAsync(visitor.Id, lili.Id, "Lili", null);
        var before = (await scene.ReloadAsync(open[0])).Seq;
        await using var here = Open();
        await using var there = Open();
        Node[] nodes = [here, there];

        var said = new List<(Conversation In, Guid Id)>();
        var outcomes = new List<Task<MessageOutcome>>();
        var refused = new List<Task<MessageOutcome>>();
        for (var number = 0; number < Each; number++)
        {
            foreach (var visitor in open)
            {
                for (var at = 0; at < 2; at++)
                {
                    var (node, id, hers) = (nodes[at], Id(), Id());
                    Send(visitor, id, node.Says(visitor, $"Visitor{at} {number}", id));
                    if (number % 3 == 0) Send(visitor, id, node.Says(visitor, $"Visitor{at} {number}", id));
                    Send(visitor, hers, node.Messages.FromAgentAsync(
                        visitor.Id, lili.Id, "Lili", hers, $"Lili{at} {number}", int.MaxValue));
                }
                // And by two ways at once.
                var twice = Id();
                foreach (var node in nodes) Send(visitor, twice, node.Says(visitor, $"twice {number}", twice));
            }
            foreach (var visitor in closed) refused.Add(nodes[number % 2].Says(visitor, "too late"));
        }
        var answers = await Task.WhenAll(outcomes).WaitAsync(Long);
        var answered = said.Zip(answers, (each, answer) => (each.In, each.Id, Told: Accepted(answer))).ToList();

        foreach (var outcome in await Task.WhenAll(refused)) Assert.IsType<MessageOutcome.Closed>(outcome);
        foreach (var visitor in closed)
            Assert.DoesNotContain("too late", await SaidAsync(visitor), StringComparer.Ordinal);
        foreach (var visitor in open)
        {
            var log = await EntriesAsync(visitor);
            Assert.Equal(before + 5 * Each, log.Count);
            foreach (var by in (string[])["Visitor0", "Visitor1", "Lili0", "Lili1"])
                Assert.Equal(
                    Enumerable.Range(0, Each).Select(number => $"{by} {number}"),
                    log.Select(entry => entry.Text).Where(text => text.StartsWith(by + " ", StringComparison.Ordinal)),
                    StringComparer.Ordinal);
            // Each was told the place at which their words stand.
            foreach (var (_, id, told) in answered.Where(each => each.In == visitor))
            {
                var entry = Assert.Single(log, entry => entry.ClientId == id);
                Assert.Equal((entry.Seq, entry.Text, entry.At), (told.Seq, told.Text, told.At));
                Assert.Equal((entry.Author, entry.AuthorName), (told.Author, told.AuthorName));
            }
            var after = await scene.ReloadAsync(visitor);
            Assert.Equal((log[^1].Text, log[^1].Author), (after.LastText, after.LastAuthor));
            Assert.Equal(log.Last(entry => entry.Author == Author.Contact).Seq, after.LastContactSeq);
            Assert.Equal(3 * Each, after.Unread);
            Assert.NotNull(after.AnsweredAt);
        }
        Assert.True(await CommitsAsync(open) * 4 < open.Count * 5 * Each, "they were written together");

        void Send(Conversation visitor, Guid id, Task<MessageOutcome> outcome)
        {
            said.Add((visitor, id));
            outcomes.Add(outcome);
        }
    }

    // Rows of one transaction bear its number.
    private async Task<long> CommitsAsync(List<Conversation> conversations)
    {
        await using var count = scene.Get<NpgsqlDataSource>().CreateCommand(
            "select count(distinct xmin::text) from messages where conversation_id = any($1) and author in (1, 2)");
        count.Parameters.Add(new() { Value = conversations.Select(each => each.Id).ToArray() });
        return (long)(await count.ExecuteScalarAsync())!;
    }

    [Fact]
    public async Task Who_is_refused_among_many_is_told_why_and_the_others_are_not()
    {
        var (lili, visitors) = await AttendedAsync(8);
        await using var node = Open();
        var (first, seen) = (Id(), (await scene.ReloadAsync(visitors[1])).Seq);
        Accepted(await node.Says(visitors[1], "wait, one more thing"));
        var place = Accepted(await node.Says(visitors[2], "once", first)).Seq;
        await scene.Conversations.FinishAsync(visitors[3].Id, lili.Id, "Lili", null);

        Task<MessageOutcome>[] outcomes;
        await using (await Held.AllAsync(ConnectionString))
        {
            outcomes =
            [
                node.Says(visitors[0], "alone"),
                node.Messages.FromAgentAsync(visitors[1].Id, lili.Id, "Lili", Id(), "answer", seen),
                node.Says(visitors[2], "once", first),
                node.Says(visitors[3], "too late"),
                node.Messages.FromContactAsync(
                    visitors[4].Id, visitors[5].ContactId, visitors[4].CampaignId, Id(), "not mine"),
                node.Messages.FromAgentAsync(visitors[5].Id, Id(), "Omar", Id(), "not mine", int.MaxValue),
                node.Says(visitors[6], "hello"),
                node.Messages.FromAgentAsync(visitors[7].Id, lili.Id, "Lili", Id(), "hello", int.MaxValue),
            ];
            await BatchWaitsAsync();
        }
        var answers = await Task.WhenAll(outcomes).WaitAsync(Long);

        Assert.Equal(
            "Accepted Unseen Accepted Closed NotFound NotFound Accepted Accepted",
            string.Join(' ', answers.Select(answer => answer.GetType().Name)));
        Assert.Equal(place, Accepted(answers[2]).Seq);
        foreach (var visitor in visitors)
            Assert.DoesNotContain(
                await EntriesAsync(visitor), entry => entry.Text is "answer" or "too late" or "not mine");
    }

    [Fact]
    public async Task A_message_that_cannot_be_stored_fails_alone()
    {
        var visitors = await WaitingAsync(12);
        await using var node = Open();
        // On fresh connections and on used ones: a statement that fails at its first use is another case to the driver.
        for (var again = 0; again < 3; again++)
        {
            List<Task<MessageOutcome>> outcomes;
            await using (await Held.AllAsync(ConnectionString))
            {
                var text = $"hello {again}";
                outcomes = [.. visitors.Select((visitor, n) => node.Says(visitor, n == 5 ? NotText : text))];
                await Eventually.Holds("the bad one has failed", () => outcomes[5].IsFaulted);
            }
            for (var n = 0; n < outcomes.Count; n++)
            {
                if (n == 5) await Assert.ThrowsAsync<PostgresException>(() => outcomes[5].WaitAsync(Long));
                else Accepted(await outcomes[n].WaitAsync(Long));
            }
        }
        for (var n = 0; n < visitors.Count; n++)
            Assert.Equal(n == 5 ? 0 : 3, (await SaidAsync(visitors[n])).Count);
    }

    [Fact]
    public async Task What_fails_at_the_commit_is_told_to_nobody_as_stored()
    {
        var visitors = await WaitingAsync(6);
        await using var change = scene.Get<NpgsqlDataSource>().CreateCommand("""
            create function refuse() returns trigger language plpgsql as $$
                begin
                    if new.text = 'refused at the commit' then raise exception 'refused at the commit'; end if;
                    return null;
                end $$;
            create constraint trigger refusal after insert on messages deferrable initially deferred
                for each row execute function refuse();
            """);
        await change.ExecuteNonQueryAsync();
        await using var node = Open();
        try
        {
            const string Refused = "refused at the commit";
            await Assert.ThrowsAsync<PostgresException>(() => node.Says(visitors[0], Refused));
            List<Task<MessageOutcome>> outcomes;
            await using (await Held.AllAsync(ConnectionString))
            {
                outcomes = [.. visitors.Select((visitor, n) => node.Says(visitor, n == 3 ? Refused : "hello"))];
                await BatchWaitsAsync();
            }
            for (var n = 0; n < outcomes.Count; n++)
            {
                if (n == 3) await Assert.ThrowsAsync<PostgresException>(() => outcomes[3].WaitAsync(Long));
                else Accepted(await outcomes[n].WaitAsync(Long));
            }
            for (var n = 0; n < visitors.Count; n++)
                Assert.Equal(n == 3 ? 0 : 1, (await SaidAsync(visitors[n])).Count);
        }
        finally
        {
            await using var back = scene.Get<NpgsqlDataSource>().CreateCommand(
                "drop trigger refusal on messages; drop function refuse");
            await back.ExecuteNonQueryAsync();
        }
    }

    [Fact]
    public async Task When_the_connection_of_many_breaks_in_the_middle_each_is_stored_once_and_told_so()
    {
        var (lili, visitors) = await AttendedAsync(20);
        await using var node = Open();
        var ids = visitors.ConvertAll(_ => Id());
        List<Task<MessageOutcome>> outcomes;
        await using (await Held.AllAsync(ConnectionString))
        {
            outcomes = [.. visitors.Select((visitor, n) => n % 2 == 0
                ? node.Says(visitor, "hello", ids[n])
                : node.Messages.FromAgentAsync(visitor.Id, lili.Id, "Lili", ids[n], "hello", int.MaxValue))];
            await Eventually.Holds(
                "the statement of many is ended", () => AskAboutBatchAsync("pg_terminate_backend(pid)"));
            await Eventually.Holds("it waits no more", async () => !await AskAboutBatchAsync("1"));
        }
        for (var n = 0; n < visitors.Count; n++)
        {
            var told = Accepted(await outcomes[n].WaitAsync(Long));
            Assert.Equal(told.Seq, Assert.Single(await EntriesAsync(visitors[n]), entry => entry.Text == "hello").Seq);
            Assert.Equal(ids[n], told.ClientId);
        }
    }

    [Fact]
    public async Task What_was_committed_although_its_answer_was_lost_is_found_and_not_written_again()
    {
        var visitors = await WaitingAsync(20);
        using var gate = new Gate(new NpgsqlConnectionStringBuilder(ConnectionString).Port);
        await using var node = new Node(
            scene, new NpgsqlConnectionStringBuilder(ConnectionString) { Port = gate.Port }.ConnectionString);
        List<Task<MessageOutcome>> outcomes;
        await using (await Held.AllAsync(ConnectionString))
        {
            outcomes = visitors.ConvertAll(visitor => node.Says(visitor, "hello"));
            await BatchWaitsAsync();
            gate.Shut();
            gate.Open();
            // The server has not noticed, and goes on as soon as it may.
            Assert.True(await AskAboutBatchAsync("1"));
        }
        // Who went alone is told nothing but that the way was cut, as ever; everybody else is certain.
        var answers = await Task.WhenAll(outcomes.Select(async outcome =>
        {
            try
            {
                return Accepted(await outcome.WaitAsync(Long));
            }
            catch (NpgsqlException problem) when (problem.IsTransient)
            {
                return null;
            }
        }));
        Assert.True(answers.Count(answer => answer is null) <= 1);
        for (var n = 0; n < visitors.Count; n++)
        {
            var entry = Assert.Single(await EntriesAsync(visitors[n]), entry => entry.Text == "hello");
            if (answers[n] is { } told) Assert.Equal(entry.Seq, told.Seq);
        }
        Assert.Equal(2, await CommitsAsync(visitors));
    }

    [Fact]
    public async Task A_conversation_that_somebody_holds_keeps_only_its_own_messages_waiting_and_in_order()
    {
        var visitors = await WaitingAsync(12);
        await using var node = Open();
        List<Task<MessageOutcome>> hers;
        await using (await Held.RowAsync(ConnectionString, visitors[0]))
        {
            // Alone at first, then among others.
            hers = [node.Says(visitors[0], "m0"), node.Says(visitors[0], "m1")];
            await AllAcceptedAsync(visitors[1..].ConvertAll(visitor => node.Says(visitor, "hello")));
            hers.Add(node.Says(visitors[0], "m2"));
            await AllAcceptedAsync(visitors[1..].ConvertAll(visitor => node.Says(visitor, "hello again")));
            Assert.DoesNotContain(hers, outcome => outcome.IsCompleted);
        }
        await AllAcceptedAsync(hers);
        Assert.Equal(["m0", "m1", "m2"], await SaidAsync(visitors[0]));
    }

    [Fact]
    public async Task A_conversation_that_somebody_holds_does_not_hold_up_a_common_write_it_is_part_of()
    {
        var visitors = await WaitingAsync(12);
        await using var node = Open();
        await using (await Held.RowAsync(ConnectionString, visitors[5]))
        {
            var outcomes = visitors.ConvertAll(visitor => node.Says(visitor, "hello"));
            for (var n = 0; n < visitors.Count; n++)
                if (n != 5) Accepted(await outcomes[n].WaitAsync(Long));
            Assert.False(outcomes[5].IsCompleted);
            Assert.True(await CommitsAsync(visitors) <= 2, "the others were written together");
        }
        await Eventually.Holds("it is there", async () => (await SaidAsync(visitors[5])).Contains("hello"));
    }

    [Fact]
    public async Task Who_stops_waiting_stops_nobodys_message_not_even_their_own()
    {
        var visitors = await WaitingAsync(6);
        await using var node = Open();
        using var gone = new CancellationTokenSource();
        using var viewer = scene.Get<Hub>().Subscribe(Topic.Conversation(visitors[2].Id));
        List<Task<MessageOutcome>> outcomes;
        await using (await Held.AllAsync(ConnectionString))
        {
            outcomes =
            [
                .. visitors.Select((visitor, n) => node.Says(visitor, "hello", cancel: n == 2 ? gone.Token : default)),
            ];
            await BatchWaitsAsync();
            await gone.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => outcomes[2].WaitAsync(Long));
        }
        for (var n = 0; n < visitors.Count; n++)
            if (n != 2) Accepted(await outcomes[n].WaitAsync(Long));
        // It is told like any other.
        Assert.Equal(Signals.Messages, await viewer.NextAsync().AsTask().WaitAsync(Long));
        Assert.Single(await EntriesAsync(visitors[2]), entry => entry.Text == "hello");
    }

    [Fact]
    public async Task Beyond_so_many_who_wait_the_next_are_told_to_come_back_and_nothing_of_theirs_is_stored()
    {
        var visitors = await WaitingAsync(MessageWriter.Together);
        await using var node = Open();
        List<Task<MessageOutcome>> outcomes;
        await using (await Held.AllAsync(ConnectionString))
            outcomes =
            [
                .. Enumerable.Range(0, MessageWriter.Capacity + 200)
                    .Select(n => node.Says(visitors[n % visitors.Count], $"{n}")),
            ];
        var stored = 0;
        var refused = 0;
        foreach (var outcome in outcomes)
        {
            try
            {
                Accepted(await outcome.WaitAsync(Long));
                stored++;
            }
            catch (OverloadedException problem)
            {
                Assert.True(problem.SaysAway());
                refused++;
            }
        }
        Assert.True(refused > 0);
        Assert.True(stored >= MessageWriter.Capacity);
        var there = 0;
        foreach (var visitor in visitors) there += (await SaidAsync(visitor)).Count;
        Assert.Equal(stored, there);
        Accepted(await node.Says(visitors[0], "afterwards"));
    }

    [Fact]
    public async Task A_node_that_stops_writes_what_it_has_taken_and_takes_nothing_more()
    {
        var visitors = await WaitingAsync(6);
        await using var node = Open();
        List<Task<MessageOutcome>> outcomes;
        Task stopped;
        await using (await Held.AllAsync(ConnectionString))
        {
            outcomes = [.. visitors.Concat(visitors).Select(visitor => node.Says(visitor, "hello"))];
            stopped = node.Writer.DisposeAsync().AsTask();
            await Assert.ThrowsAsync<OverloadedException>(() => node.Says(visitors[0], "too late"));
            Assert.False(stopped.IsCompleted);
        }
        await stopped.WaitAsync(Long);
        await AllAcceptedAsync(outcomes);
        foreach (var visitor in visitors) Assert.Equal(["hello", "hello"], await SaidAsync(visitor));
    }
}
