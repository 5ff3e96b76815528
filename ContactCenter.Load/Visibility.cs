using System.Collections.Concurrent;
using System.Diagnostics;
using ContactCenter.Domain;

namespace ContactCenter.Load;

/// <summary>One conversation with both its people at their browsers.</summary>
sealed record Pair(Guid Campaign, Guid Contact, Guid Conversation, Visitor Visitor, Agent Agent);

/// <summary>
/// From the moment a writer's request leaves until the message's HTML has come through the other side's stream.
/// Open loop: messages leave at the rate's random moments whether or not earlier ones have been answered.
/// </summary>
static class Visibility
{
    const int PerSecond = 50;

    public static async Task Measure(IReadOnlyList<Pair> pairs, bool quick, Report report)
    {
        var length = TimeSpan.FromSeconds(quick ? 5 : 30);
        var toAgent = new ConcurrentDictionary<Guid, long>();
        var toVisitor = new ConcurrentDictionary<Guid, long>();
        var (agentSaw, visitorSaw) = (new Samples(), new Samples());

        using var end = new CancellationTokenSource();
        var streams = new List<EventStream>();
        var readers = new List<Task>();
        foreach (var pair in pairs)
        {
            Watch(await pair.Agent.Listen(pair.Conversation), toAgent, agentSaw);
            Watch(await pair.Visitor.Listen(), toVisitor, visitorSaw);
        }

        await Write(TimeSpan.FromSeconds(quick ? 2 : 5), toAgent, (pair, id) => pair.Visitor.Send(id, "Warming up"));
        await Write(TimeSpan.FromSeconds(quick ? 2 : 5), toVisitor, (pair, id) => pair.Agent.Send(pair.Conversation, id, "Warming up"));
        agentSaw.Clear();
        visitorSaw.Clear();
        await Write(length, toAgent, (pair, id) => pair.Visitor.Send(id, "Is it *still* on its way?"));
        await Write(length, toVisitor, (pair, id) => pair.Agent.Send(pair.Conversation, id, "It left the warehouse _this morning_."));

        await end.CancelAsync();
        streams.ForEach(stream => stream.Dispose());
        await Task.WhenAll(readers);

        Add("visible_agent", "visitor → agent visible", agentSaw);
        Add("visible_visitor", "agent → visitor visible", visitorSaw);
        report.Add("visible_p50_ms", "visible on the other side, the slower way: p50", Math.Max(agentSaw.Milliseconds(0.5), visitorSaw.Milliseconds(0.5)), "ms", Limit.Max(10));
        report.Add("visible_p99_ms", "visible on the other side, the slower way: p99", Math.Max(agentSaw.Milliseconds(0.99), visitorSaw.Milliseconds(0.99)), "ms", Limit.Max(50));

        void Add(string key, string what, Samples samples)
        {
            report.Add($"{key}_p50_ms", $"{what}: p50", samples.Milliseconds(0.5), "ms");
            report.Add($"{key}_p95_ms", $"{what}: p95", samples.Milliseconds(0.95), "ms");
            report.Add($"{key}_p99_ms", $"{what}: p99", samples.Milliseconds(0.99), "ms");
        }

        void Watch(EventStream stream, ConcurrentDictionary<Guid, long> expected, Samples saw)
        {
            streams.Add(stream);
            readers.Add(Read(stream, expected, saw, end.Token));
        }

        async Task Write(TimeSpan length, ConcurrentDictionary<Guid, long> expected, Func<Pair, Guid, Task> send)
        {
            var random = new Random(50);
            var sending = new List<Task>();
            var start = Stopwatch.GetTimestamp();
            var due = TimeSpan.Zero;
            while ((due += TimeSpan.FromSeconds(-Math.Log(1 - random.NextDouble()) / PerSecond)) < length)
            {
                if (due - Stopwatch.GetElapsedTime(start) is { Ticks: > 0 } wait)
                    await Task.Delay(wait);
                var id = Ids.New(TimeProvider.System);
                expected[id] = Stopwatch.GetTimestamp();
                sending.Add(send(pairs[random.Next(pairs.Count)], id));
            }
            await Task.WhenAll(sending);
            await Arrived(expected);
        }
    }

    static async Task Read(EventStream stream, ConcurrentDictionary<Guid, long> expected, Samples saw, CancellationToken end)
    {
        try
        {
            await foreach (var item in stream.Events(end))
            {
                var now = Stopwatch.GetTimestamp();
                foreach (var id in ClientIds(item.Data))
                    if (expected.TryRemove(id, out var sent))
                        saw.Add(now - sent);
            }
        }
        catch (Exception) when (end.IsCancellationRequested)
        {
            // The measurement is over.
        }
    }

    static IEnumerable<Guid> ClientIds(string html)
    {
        const string mark = "data-client=\"";
        for (var at = html.IndexOf(mark, StringComparison.Ordinal); at >= 0; at = html.IndexOf(mark, at + 1, StringComparison.Ordinal))
            if (Guid.TryParse(html.AsSpan(at + mark.Length, 36), out var id))
                yield return id;
    }

    /// <summary>Every message must come through; one that does not is a fault, not a missing sample.</summary>
    static async Task Arrived(ConcurrentDictionary<Guid, long> expected)
    {
        for (var patience = 0; !expected.IsEmpty; patience++)
        {
            if (patience == 200)
                throw new InvalidOperationException($"{expected.Count} messages were accepted and never became visible.");
            await Task.Delay(25);
        }
    }
}
