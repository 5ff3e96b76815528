using System.Diagnostics;

namespace ContactCenter.Load;

/// <summary>
/// From a visitor's start request until the chosen agent's browser knows: its stream was nudged and the inbox list it
/// fetched again names the visitor. One arrival at a time; each leaves when assigned, so that the inboxes stay short.
/// </summary>
static class Assignment
{
    public static async Task Measure(HttpClient visitors, string campaign, IReadOnlyList<Agent> agents, bool quick, Report report)
    {
        var (started, known) = (new Samples(), new Samples());
        var awaited = new Awaited();
        using var end = new CancellationTokenSource();
        var streams = new List<EventStream>();
        foreach (var agent in agents)
        {
            streams.Add(await agent.Listen());
            await agent.Accept();
        }
        var readers = agents.Select((agent, n) => Watch(agent, streams[n], awaited, end.Token)).ToList();

        var warmUp = quick ? 10 : 30;
        for (var arrival = 0; arrival < warmUp + (quick ? 50 : 300); arrival++)
        {
            var name = $"Arrival {arrival:D4}";
            var seen = awaited.Expect(name);
            var start = Stopwatch.GetTimestamp();
            var visitor = await Visitor.Start(visitors, campaign, name);
            var answered = Stopwatch.GetTimestamp();
            var knownAt = await seen.WaitAsync(TimeSpan.FromSeconds(10));
            await visitor.Leave();
            if (arrival < warmUp)
                continue;
            started.Add(answered - start);
            known.Add(knownAt - start);
        }

        foreach (var agent in agents)
            await agent.Accept(false);
        await end.CancelAsync();
        streams.ForEach(stream => stream.Dispose());
        await Task.WhenAll(readers);

        report.Add("start_post_p50_ms", "visitor's start answered: p50", started.Milliseconds(0.5), "ms");
        report.Add("assign_p50_ms", "assignment: arrival → agent's browser, p50", known.Milliseconds(0.5), "ms");
        report.Add("assign_p95_ms", "assignment: arrival → agent's browser, p95", known.Milliseconds(0.95), "ms");
        report.Add("assign_p99_ms", "assignment: arrival → agent's browser, p99", known.Milliseconds(0.99), "ms", Limit.Max(250));
    }

    /// <summary>The one arrival everybody looks out for.</summary>
    sealed class Awaited
    {
        (string Name, TaskCompletionSource<long> Seen)? arrival;

        public Task<long> Expect(string name)
        {
            var seen = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            arrival = (name, seen);
            return seen.Task;
        }

        public bool Open => arrival is { Seen.Task.IsCompleted: false };

        public void Look(string inbox, long now)
        {
            if (arrival is { } awaited && inbox.Contains(awaited.Name, StringComparison.Ordinal))
                awaited.Seen.TrySetResult(now);
        }
    }

    static async Task Watch(Agent agent, EventStream stream, Awaited awaited, CancellationToken end)
    {
        try
        {
            await foreach (var item in stream.Events(end))
                if (item.EventType == "inbox" && awaited.Open)
                    awaited.Look(await agent.Inbox(), Stopwatch.GetTimestamp());
        }
        catch (Exception) when (end.IsCancellationRequested)
        {
            // The measurement is over.
        }
    }
}
