using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;

namespace ContactCenter.Load;

/// <summary>
/// Resident memory of the app for each idle stream, as the difference to the same process without them; both read
/// after a forced collection and once the figure has come to rest.
/// </summary>
static class Connections
{
    const long GarbageCollectHeap = 0x80_0000;

    /// <param name="start">Starts the app again: a process that has done other work has memory of its own.</param>
    public static async Task Measure(Func<Task<Server>> start, House house, Report report)
    {
        List<Visitor> visitors;
        IReadOnlyList<Agent> agents;
        await using (await start())
        {
            agents = await house.Agents(House.AgentsHired);
            visitors = [.. (await house.Talking(5000, by: House.AgentsHired)).Select(pair => pair.Visitor)];
        }
        await using (var app = await start())
            await MeasureIdle(app, visitors, report);
        await using (var app = await start())
            await MeasureHouse(app, visitors[..2000], agents, report);
    }

    static async Task MeasureIdle(Server app, List<Visitor> visitors, Report report)
    {
        // The first streams pay for code and buffers that all later ones share.
        (await Open(visitors.Take(500))).ForEach(stream => stream.Dispose());
        var before = await Settled(app);

        var streams = new List<EventStream>();
        foreach (var count in new[] { 1000, visitors.Count })
        {
            streams.AddRange(await Open(visitors.Take(count).Skip(streams.Count)));
            var after = await Settled(app);
            var each = (after - before) / 1000.0 / count;
            Report.Say($"connections: {before / 1e6:F1} MB before, {after / 1e6:F1} MB with {count} idle streams");
            report.Add($"app_mb_{count}", $"app's memory with {count} idle streams", after / 1e6, "MB");
            if (count == visitors.Count)
                report.Add("sse_kb_per_connection", $"memory of each of {count} idle streams", each, "KB", Limit.Max(20));
            else
                report.Add($"sse_kb_{count}", $"memory of each of {count} idle streams", each, "KB");
        }
        streams.ForEach(stream => stream.Dispose());
    }

    static async Task MeasureHouse(Server app, List<Visitor> visitors, IReadOnlyList<Agent> agents, Report report)
    {
        var streams = await Open(visitors);
        foreach (var agent in agents)
            streams.Add(await agent.Listen());
        var bytes = await Settled(app);
        streams.ForEach(stream => stream.Dispose());
        report.Add("app_mb_house", $"app's memory, {agents.Count} agents and {visitors.Count} visitors", bytes / 1e6, "MB", Limit.Max(400));
    }

    static async Task<List<EventStream>> Open(IEnumerable<Visitor> visitors)
    {
        var streams = new List<EventStream>();
        foreach (var some in visitors.Chunk(50))
            streams.AddRange(await Task.WhenAll(some.Select(visitor => visitor.Listen())));
        return streams;
    }

    static async Task<long> Settled(Server app)
    {
        // Past a heartbeat: what is kept for viewers who are a moment behind is let go by then.
        await Task.Delay(TimeSpan.FromSeconds(17));
        await Collect(app.Id);
        var lowest = long.MaxValue;
        for (var second = 0; second < 10; second++)
        {
            await Task.Delay(1000);
            lowest = Math.Min(lowest, app.ResidentBytes());
        }
        return lowest;
    }

    /// <summary>A trace session that asks for the heap makes the runtime collect it first; its events go nowhere.</summary>
    static async Task Collect(int process)
    {
        var provider = new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, GarbageCollectHeap);
        using var session = await new DiagnosticsClient(process).StartEventPipeSessionAsync([provider], requestRundown: false, circularBufferMB: 1, CancellationToken.None);
        var drained = session.EventStream.CopyToAsync(Stream.Null);
        await session.StopAsync(CancellationToken.None);
        await drained;
    }
}
