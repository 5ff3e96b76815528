using System.Net;
using System.Text.RegularExpressions;

namespace ContactCenter.Load.Chaos;

/// <summary>
/// The log of one conversation on somebody's screen: entries at their places, put there by the page, by the stream, by
/// fragments and by the answers to what was sent.
/// </summary>
sealed partial class Screen(string whose, Guid conversation)
{
    readonly Lock gate = new();
    readonly SortedDictionary<int, Sight> sights = [];
    readonly TimeProvider clock = TimeProvider.System;
    Action<Guid, int> shown = (_, _) => { };
    Action grown = () => { };
    readonly List<string> disorder = [];
    int newest;

    public string Whose => whose;

    public Guid Conversation => conversation;

    /// <summary>When it was first there to be seen.</summary>
    public DateTimeOffset OpenedAt { get; } = TimeProvider.System.GetUtcNow();

    /// <summary>The last place shown.</summary>
    public int Top
    {
        get { lock (gate) return sights.Count == 0 ? 0 : sights.Keys.Last(); }
    }

    /// <summary>Each message when it is first shown: its writer's id and its place.</summary>
    public void WhenShown(Action<Guid, int> then) => shown += then;

    /// <summary>Whenever something new is shown.</summary>
    public void WhenGrown(Action then) => grown += then;

    /// <summary>A stream begins: within it places only go up.</summary>
    public void Connected()
    {
        lock (gate) newest = 0;
    }

    /// <summary>One entry from the stream.</summary>
    public void Frame(string html)
    {
        foreach (var sight in Sights(html))
        {
            lock (gate)
            {
                if (sight.Place <= newest) disorder.Add($"{sight.Place} came after {newest} in one stream");
                newest = sight.Place;
            }
            Put(sight);
        }
    }

    /// <summary>Entries of a page, a fragment or an answer.</summary>
    public void Show(string html)
    {
        foreach (var sight in Sights(html)) Put(sight);
    }

    /// <summary>The place of the last entry in a page or fragment; 0 where there is none.</summary>
    public static int LastPlace(string html) => Entry().Matches(html).Select(Place).DefaultIfEmpty().Max();

    /// <summary>The first place in it.</summary>
    public static int FirstPlace(string html) => Entry().Matches(html).Select(Place).DefaultIfEmpty().Min();

    /// <param name="from">The first place it had to show; null: where it was opened.</param>
    /// <param name="until">The last; null: to the end of what is stored.</param>
    public ShownLog Log(int? from, int? until)
    {
        lock (gate)
            return new(whose, conversation, OpenedAt, from ?? sights.Keys.FirstOrDefault(int.MaxValue), until, [.. sights.Values], [.. disorder]);
    }

    void Put(Sight sight)
    {
        lock (gate)
        {
            if (sights.TryGetValue(sight.Place, out var before))
            {
                // One place, one entry: whoever shows another there has two orders.
                if (before.Id != sight.Id) disorder.Add($"at {sight.Place} stood “{before.Text}” ({before.Id}) and then “{sight.Text}” ({sight.Id})");
                return;
            }
            sights.Add(sight.Place, sight);
        }
        if (sight.Id is { } id) shown(id, sight.Place);
        grown();
    }

    IEnumerable<Sight> Sights(string html)
    {
        var now = clock.GetUtcNow();
        foreach (Match entry in Entry().Matches(html))
            yield return new(
                Place(entry),
                entry.Groups["id"].Success ? Guid.Parse(entry.Groups["id"].Value) : null,
                WebUtility.HtmlDecode(Body().Match(entry.Groups["inside"].Value).Groups["text"].Value),
                now);
    }

    static int Place(Match entry) => int.Parse(entry.Groups["place"].Value);

    // As Pages/Shared/_Message.cshtml writes them.
    [GeneratedRegex("""<article id="[^"]+" data-seq="(?<place>\d+)"( data-client="(?<id>[^"]+)")? class="msg [a-z]+"[^>]*>(?<inside>.*?)</article>""", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex Entry();

    [GeneratedRegex("""<div class="body" dir="auto">(?<text>.*?)</div>""", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex Body();
}
