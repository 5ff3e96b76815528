using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.ServerSentEvents;
using ContactCenter.Domain;

namespace ContactCenter.Load;

/// <summary>Messages that leave at a rate's random moments, whether or not earlier ones have been answered.</summary>
static class OpenLoop
{
    /// <param name="send">Begins to send one; it may still be under way when the next one leaves.</param>
    public static async Task Run(int perSecond, TimeSpan length, Func<Random, Task> send)
    {
        var random = new Random(50);
        var sending = new List<Task>();
        var start = Stopwatch.GetTimestamp();
        var due = TimeSpan.Zero;
        while ((due += TimeSpan.FromSeconds(-Math.Log(1 - random.NextDouble()) / perSecond)) < length)
        {
            if (due - Stopwatch.GetElapsedTime(start) is { Ticks: > 0 } wait)
                await Task.Delay(wait);
            sending.Add(send(random));
        }
        await Task.WhenAll(sending);
    }
}

/// <summary>Messages that have left and are looked out for in the streams of one side.</summary>
sealed class Sightings
{
    readonly ConcurrentDictionary<Guid, long> expected = new();

    /// <summary>From the moment a message left until its HTML came through a stream.</summary>
    public Samples Took { get; } = new();

    /// <summary>How many have left and were not seen.</summary>
    public int Missing => expected.Count;

    /// <summary>A message leaves now.</summary>
    public Guid Expect()
    {
        var id = Ids.New(TimeProvider.System);
        expected[id] = Stopwatch.GetTimestamp();
        return id;
    }

    public void Look(SseItem<string> item)
    {
        var now = Stopwatch.GetTimestamp();
        foreach (var id in ClientIds(item.Data))
            if (expected.TryRemove(id, out var sent))
                Took.Add(now - sent);
    }

    /// <summary>Waits until none is missing, or five seconds.</summary>
    public async Task Arrive()
    {
        for (var patience = 0; !expected.IsEmpty && patience < 200; patience++)
            await Task.Delay(25);
    }

    static IEnumerable<Guid> ClientIds(string html)
    {
        const string mark = "data-client=\"";
        for (var at = html.IndexOf(mark, StringComparison.Ordinal); at >= 0; at = html.IndexOf(mark, at + 1, StringComparison.Ordinal))
            if (Guid.TryParse(html.AsSpan(at + mark.Length, 36), out var id))
                yield return id;
    }
}
