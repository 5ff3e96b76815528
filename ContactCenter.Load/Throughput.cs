using System.Diagnostics;
using ContactCenter.Domain;
using Npgsql;

namespace ContactCenter.Load;

/// <summary>
/// Accepted visitor messages a second, closed loop, against two bare endpoints: the floor, with one statement for each
/// message, and one that commits them together as the application does. Rounds take turns and every other one goes
/// backwards, so that a drift of the machine falls on all alike; a ratio is the median of the rounds' ratios.
/// </summary>
static class Throughput
{
    const string Text = "Good morning, has my order from last Tuesday left the warehouse yet?";

    // Enough that no two connections write to the same conversation at 64.
    const int Conversations = 256;

    /// <summary>Who is measured: where it listens, and one prepared request for each conversation.</summary>
    sealed record Target(string Name, Uri Server, PreparedPost[] Posts);

    sealed record Round(double PerSecond, List<long> Ticks);

    public static async Task Measure(Uri server, string connectionString, House house, bool quick, string folder, Report report)
    {
        var bare = new Launch(
            typeof(Floor).Assembly.Location, ["floor"], Launch.FreeAddress(), "/", Path.Combine(folder, "floor.log"),
            [("ConnectionStrings__Postgres", connectionString)]);
        await using var floorServer = await Server.Start(bare);

        var pairs = await house.Talking(3 * Conversations, by: 20);
        var app = new Target("app", server, [.. pairs.Take(Conversations).Select(pair =>
            new PreparedPost(server, pair.Visitor.MessagesPath, Text, ("X-Visitor", pair.Visitor.Token)))]);
        var floor = new Target("floor", bare.Address, [.. pairs.Skip(Conversations).Take(Conversations).Select(pair =>
            new PreparedPost(bare.Address, Floor.Path(pair), Text))]);
        var batched = new Target("batched", bare.Address, [.. pairs.Skip(2 * Conversations).Select(pair =>
            new PreparedPost(bare.Address, Floor.BatchedPath(pair), Text))]);
        var written = pairs.Take(Conversations).Select(pair => pair.Conversation).ToArray();

        // Inboxes are open, as they are wherever somebody answers these visitors.
        var tabs = new List<EventStream>();
        foreach (var agent in pairs.Select(pair => pair.Agent).Distinct())
            tabs.Add(await agent.Listen());
        await using var source = NpgsqlDataSource.Create(connectionString);
        foreach (var target in new[] { app, floor, batched, app, floor, batched })
            Run(target, 32, TimeSpan.FromSeconds(quick ? 3 : 6));
        foreach (var connections in new[] { 1, 8, 32, 64 })
        {
            var since = TimeProvider.System.GetUtcNow();
            Compare([app, floor, batched], connections, quick, report);
            if (connections == 32)
                report.Add(
                    "batch_avg_32", "app: messages in a commit at 32 connections",
                    await TogetherAsync(source, written, since), "msg");
        }
        tabs.ForEach(tab => tab.Dispose());
    }

    static void Compare(Target[] targets, int connections, bool quick, Report report)
    {
        var length = TimeSpan.FromSeconds(quick ? 2 : 4);
        var rounds = targets.ToDictionary(target => target.Name, _ => new List<Round>(), StringComparer.Ordinal);
        for (var round = 0; round < (quick ? 3 : 7); round++)
        {
            foreach (var target in round % 2 == 0 ? targets : targets.Reverse())
                rounds[target.Name].Add(Run(target, connections, length));
            var figures = string.Join(", ", rounds.Select(each => $"{each.Key} {each.Value[^1].PerSecond:F0}/s"));
            Report.Say($"throughput {connections} connections, round {round + 1}: {figures}");
        }
        foreach (var (name, its) in rounds)
            Add(report, name, connections, its);
        report.Add(
            $"ratio_{connections}", $"app ÷ floor at {connections} connections", Ratio("floor"), "",
            connections switch { 1 => null, 8 => Limit.Min(1.1), _ => Limit.Min(1.5) });
        report.Add($"batched_ratio_{connections}", $"app ÷ batched at {connections} connections", Ratio("batched"), "");

        double Ratio(string to) => Samples.Median(
            rounds["app"].Zip(rounds[to], (app, other) => app.PerSecond / other.PerSecond));
    }

    /// <summary>How many messages were committed at once: rows of one transaction bear its number.</summary>
    static async Task<double> TogetherAsync(NpgsqlDataSource source, Guid[] conversations, DateTimeOffset since)
    {
        await using var ask = source.CreateCommand(
            """
            select count(*)::float8 / count(distinct xmin::text) from messages where conversation_id = any($1) and at >= $2
            """);
        ask.Parameters.Add(new() { Value = conversations });
        ask.Parameters.Add(new() { Value = since.UtcDateTime });
        return (double)(await ask.ExecuteScalarAsync())!;
    }

    static void Add(Report report, string name, int connections, List<Round> rounds)
    {
        var latencies = new Samples();
        rounds.ForEach(round => latencies.Add(round.Ticks));
        report.Add($"{name}_mps_{connections}", $"{name}: accepted at {connections} connections", Samples.Median(rounds.Select(round => round.PerSecond)), "msg/s");
        var key = name == "app" && connections == 1 ? "p50_ms_1" : $"{name}_p50_ms_{connections}";
        report.Add(key, $"{name}: p50 at {connections} connections", latencies.Milliseconds(0.50), "ms");
        report.Add($"{name}_p95_ms_{connections}", $"{name}: p95 at {connections} connections", latencies.Milliseconds(0.95), "ms");
        report.Add($"{name}_p99_ms_{connections}", $"{name}: p99 at {connections} connections", latencies.Milliseconds(0.99), "ms");
    }

    static Round Run(Target target, int connections, TimeSpan length)
    {
        var wires = Enumerable.Range(0, connections).Select(_ => new Wire(target.Server)).ToArray();
        var results = new List<long>[connections];
        Exception? failure = null;
        var start = Stopwatch.GetTimestamp();
        var end = start + (long)(length.TotalSeconds * Stopwatch.Frequency);

        // Each connection has conversations of its own and goes through them in turn.
        var threads = Enumerable.Range(0, connections).Select(n => new Thread(
            () =>
            {
                try
                {
                    results[n] = Loop(wires[n], [.. target.Posts.Where((_, post) => post % connections == n)], end);
                }
                catch (Exception thrown)
                {
                    failure = thrown;
                }
            },
            maxStackSize: 256 * 1024)).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        foreach (var wire in wires)
            wire.Dispose();
        if (failure is not null)
            throw new InvalidOperationException($"{target.Name} failed under load: {failure.Message}", failure);

        var ticks = results.SelectMany(result => result).ToList();
        return new(ticks.Count / seconds, ticks);
    }

    static List<long> Loop(Wire wire, PreparedPost[] posts, long end)
    {
        var ticks = new List<long>(16 * 1024);
        for (var n = 0; Stopwatch.GetTimestamp() < end; n++)
        {
            var request = posts[n % posts.Length].As(Ids.New(TimeProvider.System));
            var sent = Stopwatch.GetTimestamp();
            var status = wire.Exchange(request);
            ticks.Add(Stopwatch.GetTimestamp() - sent);
            if (status != 200)
                throw new InvalidOperationException($"answer {status}: {wire.Answer(400)}");
        }
        return ticks;
    }
}
