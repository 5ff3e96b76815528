using System.Diagnostics;
using System.Globalization;

namespace ContactCenter.Load.Chaos;

/// <summary>
/// One run: people at work, faults by the plan, and at the end everybody's account of it. Faults and scripts follow from the
/// seed; what happens at the same moment does not.
/// </summary>
sealed class Performance : IAsyncDisposable
{
    // Longer than any pause of a browser between two tries.
    static readonly TimeSpan Settling = TimeSpan.FromSeconds(6);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    readonly Installation installation;
    readonly Size size;
    readonly int seed;
    readonly Tally tally = new();
    readonly List<Guest> guests = [];
    readonly List<Desk> desks = [];
    readonly List<Outage> outages = [];
    readonly List<HttpClient> browsers = [];
    readonly CancellationTokenSource stop = new(), over = new();
    readonly long began = Stopwatch.GetTimestamp();
    int written;

    Performance(Installation installation, Size size, int seed) => (this.installation, this.size, this.seed) = (installation, size, seed);

    public static async Task<Report> Play(string app, string folder, int seed, Size size)
    {
        Report.Say($"chaos: seed {seed}, {size.Visitors} visitors, {size.Agents} agents, {size.PerSecond} messages/s");
        await using var shaken = await Installation.Start(app, folder, size);
        await using var performance = new Performance(shaken, size, seed);
        var facts = await performance.Play();
        return performance.Tell(new Verdict(facts), facts);
    }

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        browsers.ForEach(browser => browser.Dispose());
        stop.Dispose();
        over.Dispose();
    }

    async Task<Facts> Play()
    {
        for (var n = 0; n < size.Agents; n++) desks.Add(new(Browse($"198.19.0.{n + 1}", n), n, seed, tally));
        for (var n = 0; n < size.Visitors; n++) guests.Add(new(Browse($"198.18.{n / 200}.{n % 200 + 1}", 1000 + n), n, seed, tally));
        foreach (var desk in desks) await desk.SitDown();

        List<Task> people = [.. desks.Select(desk => desk.Work(over.Token)), .. guests.Select(guest => guest.Live(stop.Token, over.Token))];
        await Until(
            "everybody is in a conversation or in the queue, and the agents have all they may hold",
            () => guests.TrueForAll(guest => guest.Talk is not null)
                && Talks().Count(talk => talk.Stage == "attending") >= Math.Min(size.Visitors, size.Agents * size.Each));
        var begin = TimeProvider.System.GetUtcNow();
        Say($"everybody is at work");
        var pace = Pace(stop.Token);
        tally.Stormy = true;
        foreach (var incident in Plan.Of(seed, size))
        {
            await Watch(people, incident.After);
            Say($"{incident.Fault}, node {incident.Node}, for {incident.Lasting.TotalSeconds:F1} s");
            outages.Add(await installation.Suffer(incident));
            Say($"{incident.Fault} mended");
        }
        await Watch(people, Settling);

        await stop.CancelAsync();
        tally.Stormy = false;
        await pace;
        await tally.Arrived();
        await Until("everything written has been answered", () => Talks().All(talk => talk.Composer.Idle) && Pages().All(page => page.Composer.Idle || !page.Mine));
        await Settle();
        installation.RequireNodes();
        Say($"over");
        return await Collect(people, begin);
    }

    /// <summary>Until every open log shows the last message, but no longer than that may take.</summary>
    async Task Settle()
    {
        var last = await Records.LastMessages(installation.ConnectionString);
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Settling && !Current();) await Task.Delay(50);

        bool Current() => Talks().Select(talk => talk.Screen).Concat(Pages().Where(page => page.Mine).Select(page => page.Screen))
            .All(screen => screen.Top >= last.GetValueOrDefault(screen.Conversation));
    }

    void Say(FormattableString line) => Report.Say($"chaos: {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s: {line.ToString(CultureInfo.InvariantCulture)}");

    HttpClient Browse(string address, int part)
    {
        var browser = new HttpClient(new Weather(Browser.Network(), Plan.Dice(seed, 40_000 + part), tally)) { BaseAddress = installation.Address, Timeout = Timeout.InfiniteTimeSpan };
        // Everybody writes from an address of their own, so that the limits of an address are those of a person.
        browser.DefaultRequestHeaders.Add("X-Forwarded-For", address);
        browsers.Add(browser);
        return browser;
    }

    IEnumerable<Talk> Talks() => guests.Select(guest => guest.Talk).OfType<Talk>().Where(talk => talk.Stage != "ended");

    IEnumerable<Page> Pages() => desks.SelectMany(desk => desk.Pages);

    /// <summary>Lets time pass, but not over somebody who broke off.</summary>
    async Task Watch(List<Task> people, TimeSpan time)
    {
        var waiting = Task.Delay(time);
        var first = await Task.WhenAny([waiting, .. people]);
        if (first != waiting) await first;
        installation.RequireNodes();
    }

    /// <summary>Gives people something to write, at the rate's random moments, whether or not earlier messages have been answered.</summary>
    async Task Pace(CancellationToken end)
    {
        var dice = Plan.Dice(seed, 0);
        var ending = new List<Task>();
        var (start, due) = (Stopwatch.GetTimestamp(), TimeSpan.Zero);
        while (!end.IsCancellationRequested)
        {
            due += TimeSpan.FromSeconds(-Math.Log(1 - dice.NextDouble()) / size.PerSecond);
            if (due - Stopwatch.GetElapsedTime(start) is { Ticks: > 0 } wait)
                await Task.Delay(wait, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (Next(dice.Next(guests.Count), dice.NextDouble() < 0.55) is { IsCompleted: false } leaving) ending.Add(leaving);
        }
        await Task.WhenAll(ending);
    }

    /// <summary>One more message of a conversation, or its end when the script is through.</summary>
    Task Next(int who, bool byVisitor)
    {
        if (guests[who].Talk is not { Ending: false } talk || talk.Stage == "ended") return Task.CompletedTask;
        var page = desks.Select(desk => desk.Find(talk.Conversation)).FirstOrDefault(page => page is { Mine: true });
        if (talk.Written >= talk.Script.Messages)
        {
            if (page is null || talk.Stage != "attending") return Task.CompletedTask;
            talk.Ending = true;
            return talk.Script.VisitorEnds ? talk.Leave(over.Token) : page.Finish(over.Token);
        }
        // In the queue one says what it is about, and then waits.
        if (page is null && talk.Written >= 3) return Task.CompletedTask;
        talk.Written++;
        var text = $"{Interlocked.Increment(ref written)}: ¿dónde está “{guests[who].Name}” & co? 🚚 <{talk.Written}>";
        if (byVisitor || page is null) talk.Composer.Write(text);
        else page.Composer.Write(text);
        return Task.CompletedTask;
    }

    async Task<Facts> Collect(List<Task> people, DateTimeOffset begin)
    {
        // What is on the screens now is what they were shown; a reload must show the same.
        var end = TimeProvider.System.GetUtcNow();
        var shown = new List<ShownLog>();
        foreach (var talk in guests.SelectMany(guest => guest.Talks)) shown.Add(talk.Screen.Log(1, null));
        foreach (var page in Pages()) shown.Add(page.Screen.Log(null, page.TakenAway ? page.Screen.Top : null));
        foreach (var talk in Talks().ToList()) shown.Add((await talk.Reload(over.Token)).Log(1, null));
        foreach (var page in Pages().Where(page => page.Mine).ToList())
            if (await page.Reload(over.Token) is { } fresh)
                shown.Add(fresh.Log(1, null));

        await over.CancelAsync();
        await Task.WhenAll(people).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var broken in people.Where(person => person.IsFaulted)) await broken;
        var stored = await Records.Entries(installation.ConnectionString);
        return new(
            [.. guests.SelectMany(guest => guest.Talks).SelectMany(talk => talk.Composer.Told()), .. Pages().SelectMany(page => page.Composer.Told())],
            stored, shown, Dues(stored, await Records.Agents(installation.ConnectionString), end),
            await Records.Shifts(installation.ConnectionString, end), outages, size.Each, begin, end)
        {
            Standstills = Standstills.Of(
                await Records.JobRuns(installation.ConnectionString),
                Jobs.JobDefinition.All.Where(job => job.Shared)
                    .ToDictionary(job => job.Name, job => job.Every, StringComparer.Ordinal),
                [.. outages.Where(outage => outage.Fault == Fault.StopDatabase)
                    .Select(outage => new Span(outage.From, outage.Until))],
                begin, end),
        };
    }

    /// <summary>Agents' inboxes had to list what was given to them, and visitors' panes to follow the conversation.</summary>
    List<Due> Dues(IReadOnlyList<StoredEntry> stored, Dictionary<string, Guid> agents, DateTimeOffset end)
    {
        var dues = new List<Due>();
        var inboxes = desks.ToDictionary(desk => agents[desk.Email]);
        var talks = guests.SelectMany(guest => guest.Talks).ToDictionary(talk => talk.Conversation);
        var timelines = new Timelines(stored, end);
        foreach (var first in timelines.Holds.GroupBy(hold => (hold.Agent, hold.Conversation)).Select(holds => holds.First()))
            dues.Add(new(
                $"The inbox of {inboxes[first.Agent].Email}", first.Span.From,
                inboxes[first.Agent].Listed.TryGetValue(first.Conversation, out var listed) ? listed : null, first.Span.Until));
        foreach (var hold in timelines.Holds)
        {
            if (!talks.TryGetValue(hold.Conversation, out var talk)) continue;
            Stage(talk, "attending", hold.Span.From, hold.Span.Until);
            if (hold.Span.Until < end && talk.Stage == "ended") Stage(talk, "ended", hold.Span.Until, end);
        }
        return dues;

        void Stage(Talk talk, string stage, DateTimeOffset from, DateTimeOffset until)
        {
            var shown = talk.Stages.Where(each => each.Stage == stage && each.At >= from).Select(each => (DateTimeOffset?)each.At).FirstOrDefault();
            dues.Add(new($"The pane of {talk.Screen.Whose}: {stage}", from, shown, until));
        }
    }

    static async Task Until(string what, Func<bool> holds)
    {
        var start = Stopwatch.GetTimestamp();
        while (!holds())
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
                throw new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"Not within {Patience.TotalSeconds} s: {what}."));
            await Task.Delay(50);
        }
    }

    Report Tell(Verdict verdict, Facts facts)
    {
        foreach (var complaint in verdict.Complaints.Take(40)) Report.Say($"chaos: {complaint}");
        if (verdict.Complaints.Count > 40) Report.Say($"chaos: and {verdict.Complaints.Count - 40} more");
        foreach (var strange in tally.Strange) Report.Say($"chaos: {strange}");
        Report.Say($"chaos: stalest: {verdict.Stalest}");
        Report.Say($"chaos: {verdict.Unluckiest}");
        Report.Say($"chaos: {string.Join("; ", facts.Standstills)}");
        var report = new Report { Machine = $"seed {seed}: {size.Visitors} visitors, {size.Agents} agents with {size.Each} each, {size.PerSecond} messages/s" };
        report.Add("seed", "seed", seed, "");
        report.Add("faults", "faults", outages.Count + tally.AnswersLost + tally.RequestsLate + tally.RequestsTwice + tally.RequestsDelayed, "");
        foreach (var fault in Enum.GetValues<Fault>())
            report.Add(Key(fault), $"  {Name(fault)}", outages.Count(outage => outage.Fault == fault), "");
        report.Add("answers_lost", "  answers lost after the commit", tally.AnswersLost, "");
        report.Add("requests_late", "  requests arriving after their sender gave up", tally.RequestsLate, "");
        report.Add("requests_twice", "  requests arriving twice", tally.RequestsTwice, "");
        report.Add("requests_delayed", "  requests delayed past others", tally.RequestsDelayed, "");
        report.Add("reconnects", "streams connected again", tally.Reconnects, "");
        report.Add("retries", "requests sent again", tally.Retries, "");
        report.Add("failures", "answers 5xx", tally.Failures.Count, "");
        report.Add("failures_unexplained", "  a second or more after the recovery", tally.Failures.Count(at => !outages.Exists(outage => outage.From <= at && at <= outage.Until.AddSeconds(1))), "");
        report.Add("sign_ins", "agents signed in again", tally.SignIns, "");
        report.Add("conversations", "conversations", facts.Stored.Select(entry => entry.Conversation).Distinct().Count(), "");
        report.Add("returned", "  given back to the queue", facts.Stored.Count(entry => entry.Event is Domain.EventKind.ReturnedDisconnected or Domain.EventKind.ReturnedUnanswered), "");
        report.Add("refused", "messages refused", facts.Told.Count(told => !told.Accepted), "");
        report.Add("acknowledged", "messages acknowledged", verdict.Acknowledged, "", Limit.Min(1));
        report.Add("lost", "  lost, or not shown", verdict.Lost, "", Limit.Max(0));
        report.Add("doubled", "  doubled", verdict.Doubled, "", Limit.Max(0));
        report.Add("reordered", "  out of order", verdict.Reordered, "", Limit.Max(0));
        report.Add("unasked", "messages stored, though nobody was told so", verdict.Unasked, "", Limit.Max(0));
        report.Add("overfilled", "agents given more than they may hold", verdict.Overfilled, "", Limit.Max(0));
        report.Add("unassigned", "conversations left waiting with an agent free", verdict.Unassigned, "", Limit.Max(0));
        report.Add("unassigned_max_ms", "  longest wait with an agent free", verdict.UnassignedMax.TotalMilliseconds, "ms");
        report.Add("strange", "answers that nothing explains", tally.Strange.Count(), "", Limit.Max(0));
        report.Add(
            "standstill_max_ms", "longest a job stood still, from when it was due",
            verdict.StandstillMax.TotalMilliseconds, "ms", Limit.Max(Verdict.Soon.TotalMilliseconds));
        report.Add("stale_max_ms", "longest a live view was behind, from the recovery", verdict.StaleMax.TotalMilliseconds, "ms", Limit.Max(Verdict.Soon.TotalMilliseconds));
        return report;
    }

    static string Key(Fault fault) => fault switch
    {
        Fault.KillNode => "nodes_killed",
        Fault.StopDatabase => "database_stopped",
        Fault.FreezeNode => "nodes_frozen",
        Fault.CutConnections => "connections_cut",
    };

    static string Name(Fault fault) => fault switch
    {
        Fault.KillNode => "node killed and started again",
        Fault.StopDatabase => "PostgreSQL stopped at once and started again",
        Fault.FreezeNode => "node frozen",
        Fault.CutConnections => "all connections to a node cut",
    };
}
