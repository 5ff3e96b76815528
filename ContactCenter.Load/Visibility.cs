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
        var (toAgent, toVisitor) = (new Sightings(), new Sightings());

        using var end = new CancellationTokenSource();
        var streams = new List<EventStream>();
        var readers = new List<Task>();
        foreach (var pair in pairs)
        {
            Watch(await pair.Agent.Listen(pair.Conversation), toAgent);
            Watch(await pair.Visitor.Listen(), toVisitor);
        }

        await Write(TimeSpan.FromSeconds(quick ? 2 : 5), toAgent, (pair, id) => pair.Visitor.Send(id, "Warming up"));
        await Write(TimeSpan.FromSeconds(quick ? 2 : 5), toVisitor, (pair, id) => pair.Agent.Send(pair.Conversation, id, "Warming up"));
        toAgent.Took.Clear();
        toVisitor.Took.Clear();
        await Write(length, toAgent, (pair, id) => pair.Visitor.Send(id, "Is it *still* on its way?"));
        await Write(length, toVisitor, (pair, id) => pair.Agent.Send(pair.Conversation, id, "It left the warehouse _this morning_."));

        await end.CancelAsync();
        streams.ForEach(stream => stream.Dispose());
        await Task.WhenAll(readers);

        var (agentSaw, visitorSaw) = (toAgent.Took, toVisitor.Took);
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

        void Watch(EventStream stream, Sightings sightings)
        {
            streams.Add(stream);
            readers.Add(Read(stream, sightings, end.Token));
        }

        async Task Write(TimeSpan length, Sightings sightings, Func<Pair, Guid, Task> send)
        {
            await OpenLoop.Run(PerSecond, length, random =>
            {
                var pair = pairs[random.Next(pairs.Count)];
                return send(pair, sightings.Expect());
            });
            await sightings.Arrive();
            // Every message must come through; one that does not is a fault, not a missing sample.
            if (sightings.Missing > 0)
                throw new InvalidOperationException($"{sightings.Missing} messages were accepted and never became visible.");
        }
    }

    static async Task Read(EventStream stream, Sightings sightings, CancellationToken end)
    {
        try
        {
            await foreach (var item in stream.Events(end))
                sightings.Look(item);
        }
        catch (Exception) when (end.IsCancellationRequested)
        {
            // The measurement is over.
        }
    }
}
