using System.Net.ServerSentEvents;

namespace ContactCenter.Load.Chaos;

/// <summary>How a stream ended for good.</summary>
enum TabEnd
{
    /// <summary>The server said that there is no more.</summary>
    Ended,

    /// <summary>It is not there, or not for this viewer.</summary>
    Gone,

    SignedOut,
}

/// <summary>
/// The stream of a page as hx-sse keeps it with our settings: it comes back by itself with the id it heard last, after
/// half a second, then twice as long each time, at most three seconds, give or take a third.
/// </summary>
/// <param name="ask">The request for the stream as the page makes it.</param>
/// <param name="firstWait">What the page's own script waits until it tries again, before the first success.</param>
sealed class Tab(HttpClient http, Func<HttpRequestMessage> ask, Func<int, TimeSpan> firstWait, Random dice, Tally tally)
{
    // htmx gives up on a request after a minute.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    string last = "";

    /// <summary>Told of each new connection.</summary>
    public Action Connected { get; init; } = () => { };

    /// <summary>Told of each entry's HTML.</summary>
    public Action<string> Entry { get; init; } = _ => { };

    /// <summary>Told of each named event.</summary>
    public Action<string> Happened { get; init; } = _ => { };

    public async Task<TabEnd> Listen(CancellationToken over)
    {
        var attempt = 0;
        for (var opened = false; ;)
        {
            if (opened) await Task.Delay(Backoff(attempt), over);
            var (status, end) = await Connect(over);
            if (end is { } done) return done;
            if (status == 404) return TabEnd.Gone;
            if (status is 401 or 302) return TabEnd.SignedOut;
            if (status == 200) (opened, attempt) = (true, 0);
            attempt++;
            if (!opened) await Task.Delay(firstWait(attempt), over);
            tally.Reconnected();
        }
    }

    async Task<(int Status, TabEnd? End)> Connect(CancellationToken over)
    {
        using var request = ask();
        request.Headers.Accept.ParseAdd("text/html");
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (last.Length > 0) request.Headers.Add("Last-Event-ID", last);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(over);
        patience.CancelAfter(Patience);
        var status = 0;
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            status = (int)answer.StatusCode;
            tally.Heard(request.Method, request.RequestUri, status);
            if (!answer.IsSuccessStatusCode) return (status, null);
            patience.CancelAfter(Timeout.InfiniteTimeSpan);
            Connected();
            var parser = SseParser.Create(await answer.Content.ReadAsStreamAsync(over));
            await foreach (var item in parser.EnumerateAsync(over))
            {
                last = parser.LastEventId;
                if (item.EventType == SseParser.EventTypeDefault)
                {
                    if (item.Data.Length > 0) Entry(item.Data);
                    continue;
                }
                Happened(item.EventType);
                if (item.EventType == "ended") return (status, TabEnd.Ended);
                if (item.EventType == "signedout") return (status, TabEnd.SignedOut);
            }
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or OperationCanceledException)
        {
            // The line broke; that is what this class is for.
            over.ThrowIfCancellationRequested();
        }
        return (status, null);
    }

    TimeSpan Backoff(int attempt)
    {
        var wait = Math.Min(500 * Math.Pow(2, attempt - 1), 3000);
        lock (dice) return TimeSpan.FromMilliseconds(wait * (0.7 + 0.6 * dice.NextDouble()));
    }
}
