using System.Collections.Concurrent;

namespace ContactCenter.Load.Chaos;

/// <summary>What the run counts while it goes on, and whether it storms.</summary>
sealed class Tally
{
    readonly ConcurrentQueue<Task> late = new();
    readonly ConcurrentDictionary<string, int> strange = new(StringComparer.Ordinal);
    readonly ConcurrentQueue<DateTimeOffset> failures = new();
    int lost, twice, delayed, reconnects, retries, signIns;
    volatile bool stormy;

    /// <summary>Whether requests are delayed, doubled and their answers lost.</summary>
    public bool Stormy { get => stormy; set => stormy = value; }

    public int AnswersLost => lost;
    public int RequestsLate => late.Count;
    public int RequestsTwice => twice;
    public int RequestsDelayed => delayed;
    public int Reconnects => reconnects;
    public int Retries => retries;

    /// <summary>When answers came that said the server could not (5xx).</summary>
    public IReadOnlyCollection<DateTimeOffset> Failures => failures;

    public int SignIns => signIns;

    /// <summary>Answers that nothing here explains, with how often they came.</summary>
    public IEnumerable<string> Strange => strange.Select(pair => $"{pair.Key} ({pair.Value} times)");

    public void Lost() => Interlocked.Increment(ref lost);
    public void Twice() => Interlocked.Increment(ref twice);
    public void Delayed() => Interlocked.Increment(ref delayed);
    public void Reconnected() => Interlocked.Increment(ref reconnects);
    public void Retried() => Interlocked.Increment(ref retries);
    public void SignedIn() => Interlocked.Increment(ref signIns);

    /// <summary>A request whose sender has given up is on its way.</summary>
    public void Late(Task request) => late.Enqueue(request);

    public void Heard(HttpMethod method, Uri? address, int status)
    {
        if (status >= 500) failures.Enqueue(TimeProvider.System.GetUtcNow());
        // 409: somebody was not current, or the conversation had ended; 404: it is somebody else's now.
        else if (status is >= 400 and not (401 or 404 or 409 or 429))
            strange.AddOrUpdate($"{method} {address?.AbsolutePath} answered {status}", 1, (_, count) => count + 1);
    }

    /// <summary>Every request has arrived or failed by now.</summary>
    public Task Arrived() => Task.WhenAll(late);
}
