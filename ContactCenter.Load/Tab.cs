using System.Net.ServerSentEvents;

namespace ContactCenter.Load;

/// <summary>
/// An open tab of a visitor or an agent: its stream, and what its scripts do about it. They tell how far the reader is
/// 400 ms after something came (log.js), and an agent's page fetches its list or its figures again when the stream says so.
/// </summary>
sealed class Tab(EventStream stream, Sightings[] sightings, Errors errors, Func<int, Task> receive, Func<string, Task>? refresh) : IDisposable
{
    static readonly TimeSpan Gathered = TimeSpan.FromMilliseconds(400);

    int shown;
    int armed;

    /// <summary>Reads until the measurement ends; a stream that ends before is an error.</summary>
    public async Task Read(CancellationToken end)
    {
        try
        {
            await foreach (var item in stream.Events(end))
                React(item, end);
            errors.Add("A stream ended.");
        }
        catch (Exception) when (end.IsCancellationRequested)
        {
            // The measurement is over.
        }
        catch (IOException broken)
        {
            errors.Add(broken.Message);
        }
    }

    public void Dispose() => stream.Dispose();

    void React(SseItem<string> item, CancellationToken end)
    {
        if (item.EventType is "inbox" or "figures" && refresh is not null) _ = errors.Watch(() => refresh(item.EventType));
        if (!int.TryParse(item.EventId, out var seq)) return;
        foreach (var each in sightings) each.Look(item);
        Interlocked.Exchange(ref shown, seq);
        if (Interlocked.Exchange(ref armed, 1) == 0) _ = Receive(end);
    }

    async Task Receive(CancellationToken end)
    {
        await Task.Delay(Gathered, CancellationToken.None);
        Interlocked.Exchange(ref armed, 0);
        if (!end.IsCancellationRequested) await errors.Watch(() => receive(shown));
    }
}

/// <summary>What went wrong: counted, and the first few told.</summary>
sealed class Errors
{
    readonly List<string> all = [];

    public int Count
    {
        get
        {
            lock (all) return all.Count;
        }
    }

    public void Add(string problem)
    {
        lock (all) all.Add(problem);
    }

    public async Task Watch(Func<Task> doing)
    {
        try
        {
            await doing();
        }
        catch (Exception problem)
        {
            Add(problem.Message);
        }
    }

    public void Tell()
    {
        lock (all)
            foreach (var problem in all.Take(5)) Report.Say($"load: {problem}");
    }
}
