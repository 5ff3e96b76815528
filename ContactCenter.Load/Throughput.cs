using System.Diagnostics;
using ContactCenter.Domain;

namespace ContactCenter.Load;

/// <summary>
/// Accepted visitor messages a second, closed loop, against the floor. Rounds alternate and every other pair is
/// turned round, so that a drift of the machine falls on both alike; the ratio is the median of the pairs' ratios.
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

        var pairs = await house.Talking(2 * Conversations, by: 20);
        var app = new Target("app", server, [.. pairs.Take(Conversations).Select(pair =>
            new PreparedPost(server, pair.Visitor.MessagesPath, Text, ("X-Visitor", pair.Visitor.Token)))]);
        var floor = new Target("floor", bare.Address, [.. pairs.Skip(Conversations).Select(pair =>
            new PreparedPost(bare.Address, Floor.Path(pair), Text))]);

        // Inboxes are open, as they are wherever somebody answers these visitors.
        var tabs = new List<EventStream>();
        foreach (var agent in pairs.Select(pair => pair.Agent).Distinct())
            tabs.Add(await agent.Listen());
        Compare(app, floor, quick, report);
        tabs.ForEach(tab => tab.Dispose());
    }

    static void Compare(Target app, Target floor, bool quick, Report report)
    {
        var rounds = quick ? 3 : 7;
        var length = TimeSpan.FromSeconds(quick ? 2 : 4);
        foreach (var target in new[] { app, floor, app, floor })
            Run(target, 32, TimeSpan.FromSeconds(quick ? 3 : 6));

        foreach (var connections in new[] { 8, 32, 64 })
        {
            var pairs = new List<(Round App, Round Floor)>();
            for (var round = 0; round < rounds; round++)
            {
                var first = Run(round % 2 == 0 ? app : floor, connections, length);
                var second = Run(round % 2 == 0 ? floor : app, connections, length);
                pairs.Add(round % 2 == 0 ? (first, second) : (second, first));
                Report.Say($"throughput {connections} connections, round {round + 1}: app {pairs[^1].App.PerSecond:F0}/s, floor {pairs[^1].Floor.PerSecond:F0}/s");
            }
            Add(report, floor.Name, connections, pairs.ConvertAll(pair => pair.Floor));
            Add(report, app.Name, connections, pairs.ConvertAll(pair => pair.App));
            report.Add(
                $"ratio_{connections}", $"app ÷ floor at {connections} connections",
                Samples.Median(pairs.Select(pair => pair.App.PerSecond / pair.Floor.PerSecond)), "", Limit.Min(0.6));
        }
    }

    static void Add(Report report, string name, int connections, List<Round> rounds)
    {
        var latencies = new Samples();
        rounds.ForEach(round => latencies.Add(round.Ticks));
        report.Add($"{name}_mps_{connections}", $"{name}: accepted at {connections} connections", Samples.Median(rounds.Select(round => round.PerSecond)), "msg/s");
        report.Add($"{name}_p50_ms_{connections}", $"{name}: p50 at {connections} connections", latencies.Milliseconds(0.50), "ms");
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
