namespace ContactCenter.Load;

/// <summary>
/// 200 agents and 2,000 visitors, all connected, and 100 messages a second: half of them of agents, to any of their ten
/// conversations; the other half of visitors, every second one in the conversation that their agent has open. Tabs do what
/// their scripts do (<see cref="Tab"/>). Then more messages a second, step by step, up to where they come too late.
/// </summary>
sealed class BusyMinute : IDisposable
{
    const int PerSecond = 100;

    // What somebody who waits for an answer does not notice.
    const double Prompt = 250;

    readonly IReadOnlyList<Pair> pairs;
    readonly List<Pair> open;
    readonly List<Pair> elsewhere;
    readonly Errors errors = new();
    readonly Sightings toAgent = new();
    readonly Sightings toVisitor = new();
    readonly Sightings echo = new();
    readonly List<Tab> tabs = [];
    readonly CancellationTokenSource end = new();

    BusyMinute(IReadOnlyList<Pair> pairs)
    {
        this.pairs = pairs;
        open = [.. pairs.DistinctBy(pair => pair.Agent)];
        elsewhere = [.. pairs.Except(open)];
    }

    public static async Task Measure(Server app, string connectionString, House house, bool quick, Report report)
    {
        var (agents, visitors, seconds) = quick ? (40, 400, 10) : (House.AgentsHired, 2000, 60);
        using var minute = new BusyMinute(await house.Talking(visitors, by: agents));
        var database = await Processor.OfServer(connectionString);
        var reading = await minute.Open();

        await minute.Write(PerSecond, quick ? 3 : 10);
        var memory = Highest(app, TimeSpan.FromSeconds(seconds));
        var cores = new Cores(app.Id, database);
        var sent = await minute.Write(PerSecond, seconds);
        var (appCores, databaseCores, clientCores) = (cores.App, cores.Database, cores.Client);
        await minute.Arrive();

        Add(report, "load_agent", "visitor → agent", minute.toAgent.Took);
        Add(report, "load_visitor", "agent → visitor", minute.toVisitor.Took);
        foreach (var (key, share) in new[] { ("p50", 0.5), ("p95", 0.95), ("p99", 0.99) })
            report.Add($"load_{key}_ms", $"load: visible on the other side, the slower way: {key}", minute.Slower(share), "ms");
        report.Add("load_mps", $"load: {agents} agents, {visitors:N0} visitors, messages sent for {seconds} s", sent / (double)seconds, "msg/s");
        report.Add("load_errors", "load: refused, failed or never visible", minute.errors.Count, "", Limit.Max(0));
        report.Add("rss_mb", "load: app's memory, the highest of each second", await memory / 1e6, "MB", Limit.Max(400));
        report.Add("load_app_cpu", "load: processor of the app", appCores, "cores");
        report.Add("load_db_cpu", "load: processor of the database", databaseCores, "cores");
        report.Add("load_client_cpu", "load: processor of this load itself", clientCores, "cores");
        minute.errors.Tell();

        report.Add("load_ceiling_mps", $"load: messages a second still visible within {Prompt:N0} ms at p99", await minute.Ceiling(app, database, quick ? 4 : 10), "msg/s");
        await minute.end.CancelAsync();
        minute.tabs.ForEach(tab => tab.Dispose());
        await Task.WhenAll(reading);
    }

    public void Dispose() => end.Dispose();

    /// <summary>Opens everybody's tab; returns their reading.</summary>
    async Task<IReadOnlyList<Task>> Open()
    {
        foreach (var some in pairs.Chunk(50))
            tabs.AddRange(await Task.WhenAll(some.Select(async pair => new Tab(
                await pair.Visitor.Listen(), [toVisitor, echo], errors, pair.Visitor.Receive, refresh: null))));
        foreach (var pair in open)
            tabs.Add(new Tab(
                await pair.Agent.Listen(pair.Conversation), [toAgent], errors, seq => pair.Agent.Receive(pair.Conversation, seq), pair.Agent.Refresh));
        return tabs.ConvertAll(tab => tab.Read(end.Token));
    }

    /// <summary>Writes for so long; what was measured before is forgotten. Returns how many messages left.</summary>
    async Task<int> Write(int perSecond, int seconds)
    {
        toAgent.Took.Clear();
        toVisitor.Took.Clear();
        var count = 0;
        await OpenLoop.Run(perSecond, TimeSpan.FromSeconds(seconds), random =>
        {
            count++;
            return errors.Watch(() => Send(random));
        });
        return count;
    }

    Task Send(Random random)
    {
        switch (random.Next(4))
        {
            case 0:
                return Any(open).Visitor.Send(toAgent.Expect(), "Is it *still* on its way?");
            case 1:
                // Nobody looks there; the visitor's own log shows that it was stored.
                return Any(elsewhere).Visitor.Send(echo.Expect(), "I have the order's number here.");
            default:
                var pair = Any(pairs);
                return pair.Agent.Send(pair.Conversation, toVisitor.Expect(), "It left the warehouse _this morning_.");
        }

        Pair Any(IReadOnlyList<Pair> some) => some[random.Next(some.Count)];
    }

    async Task Arrive()
    {
        foreach (var side in new[] { toAgent, toVisitor, echo })
        {
            await side.Arrive();
            for (var missing = side.Missing; missing > 0; missing--) errors.Add("A message was accepted and never became visible.");
        }
    }

    /// <summary>The highest rate of those tried at which nothing fails and messages are prompt.</summary>
    async Task<int> Ceiling(Server app, int database, int seconds)
    {
        var holds = 0;
        for (var rate = PerSecond; rate <= 1600; rate += rate < 400 ? 100 : 200)
        {
            var before = errors.Count;
            var cores = new Cores(app.Id, database);
            await Write(rate, seconds);
            Report.Say($"load: {rate} msg/s: p50 {Slower(0.5):F1} ms, p99 {Slower(0.99):F1} ms; cores: app {cores.App:F2}, database {cores.Database:F2}, this load {cores.Client:F2}; errors {errors.Count - before}");
            if (Slower(0.99) > Prompt || errors.Count > before) break;
            holds = rate;
        }
        return holds;
    }

    double Slower(double share) => Math.Max(toAgent.Took.Milliseconds(share), toVisitor.Took.Milliseconds(share));

    static void Add(Report report, string key, string what, Samples samples)
    {
        report.Add($"{key}_p50_ms", $"load: {what} visible: p50", samples.Milliseconds(0.5), "ms");
        report.Add($"{key}_p99_ms", $"load: {what} visible: p99", samples.Milliseconds(0.99), "ms");
    }

    static async Task<long> Highest(Server app, TimeSpan length)
    {
        var highest = app.ResidentBytes();
        for (var second = 0; second < length.TotalSeconds; second++)
        {
            await Task.Delay(1000);
            highest = Math.Max(highest, app.ResidentBytes());
        }
        return highest;
    }
}
