using System.Globalization;
using ContactCenter.Domain;

namespace ContactCenter.Load.Chaos;

/// <summary>
/// Compares what people were told with what is stored and with what each of them was shown. Pure: the same facts, the
/// same verdict. Every figure but the first and the times must be zero.
/// </summary>
sealed class Verdict
{
    /// <summary>How soon every live view must be current after a recovery, who waits be assigned while somebody is
    /// free, and a job run that is due.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    readonly Facts facts;
    readonly List<string> complaints = [];
    readonly Dictionary<Guid, List<StoredEntry>> logs;
    readonly IReadOnlyList<Span> outages;

    public Verdict(Facts facts)
    {
        this.facts = facts;
        logs = facts.Stored.GroupBy(entry => entry.Conversation).ToDictionary(log => log.Key, log => log.OrderBy(entry => entry.Place).ToList());
        outages = [new(DateTimeOffset.MinValue, facts.Begin), .. facts.Outages.Select(outage => new Span(outage.From, outage.Until)).OrderBy(outage => outage.From)];
        foreach (var writer in facts.Told.GroupBy(told => (told.Conversation, told.Writer))) Judge(writer);
        foreach (var log in logs.Values) Judge(log);
        foreach (var shown in facts.Shown) Judge(shown);
        foreach (var due in facts.Dues) Delay(due.Happened, due.Happened, due.Shown ?? due.Until, due.What);
        JudgeAssignment();
        foreach (var still in facts.Standstills.Where(each => each.Length > Soon)) Complain($"{still}.");
    }

    /// <summary>Messages whose writers were told that they are stored.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>Messages accepted and not stored as they were written, or stored and not shown where they had to be.</summary>
    public int Lost { get; private set; }

    /// <summary>Messages stored or shown twice.</summary>
    public int Doubled { get; private set; }

    /// <summary>Messages stored or shown in another order, or at another place than was said.</summary>
    public int Reordered { get; private set; }

    /// <summary>Messages stored whose writers were never told so.</summary>
    public int Unasked { get; private set; }

    /// <summary>How often an agent was given more conversations than they may hold.</summary>
    public int Overfilled { get; private set; }

    /// <summary>Conversations that waited for longer than <see cref="Soon"/> while an agent was free and nothing was broken.</summary>
    public int Unassigned { get; private set; }

    /// <summary>The longest that one waited so.</summary>
    public TimeSpan UnassignedMax { get; private set; }

    /// <summary>Which one that was.</summary>
    public string Unluckiest { get; private set; } = "";

    /// <summary>The longest that a job stood still, whichever it was.</summary>
    public TimeSpan StandstillMax => facts.Standstills.Select(each => each.Length).DefaultIfEmpty().Max();

    /// <summary>The longest that a live view was behind, counted from the recovery where something was broken meanwhile.</summary>
    public TimeSpan StaleMax { get; private set; }

    /// <summary>Which view that was, of what.</summary>
    public string Stalest { get; private set; } = "";

    /// <summary>What is wrong, one sentence each.</summary>
    public IReadOnlyList<string> Complaints => complaints;

    // What one person wrote in one conversation, in the order they were told.
    void Judge(IGrouping<(Guid Conversation, string Writer), ToldMessage> writer)
    {
        var log = logs.GetValueOrDefault(writer.Key.Conversation, []);
        var last = 0;
        foreach (var told in writer.Where(told => told.Accepted))
        {
            Acknowledged++;
            var stored = log.Find(entry => entry.Id == told.Id);
            if (stored is null || stored.Text != told.Text)
            {
                Lost++;
                Complain($"“{told.Text}” was accepted and is {(stored is null ? "not stored" : $"stored as “{stored.Text}”")}.");
                continue;
            }
            if (stored.Place < last || stored.Place != told.Place)
            {
                Reordered++;
                Complain($"“{told.Text}” is stored at {stored.Place}; its writer was told {told.Place}, and {last} for the one before.");
            }
            last = stored.Place;
        }
        var accepted = writer.Where(told => told.Accepted).Select(told => told.Id).ToHashSet();
        foreach (var refused in writer.Where(told => !told.Accepted && !accepted.Contains(told.Id) && log.Exists(entry => entry.Id == told.Id)))
        {
            Unasked++;
            Complain($"“{refused.Text}” is stored, and its writer was not told so.");
        }
    }

    void Judge(List<StoredEntry> log)
    {
        // A hole would stop every reader that waits for the next place.
        for (var at = 0; at < log.Count; at++)
            if (log[at].Place != at + 1)
            {
                Lost++;
                Complain($"Conversation {log[at].Conversation} has no entry at {at + 1}.");
                break;
            }
        // No two texts of a run are the same.
        foreach (var same in log.Where(entry => entry.Author is Author.Contact or Author.Agent)
            .GroupBy(entry => entry.Text, StringComparer.Ordinal).Where(same => same.Count() > 1))
        {
            Doubled += same.Count() - 1;
            Complain($"“{same.Key}” is stored {same.Count()} times.");
        }
    }

    void Judge(ShownLog shown)
    {
        var log = logs.GetValueOrDefault(shown.Conversation, []);
        var sights = shown.Sights.GroupBy(sight => sight.Place).ToDictionary(place => place.Key, place => place.First());
        foreach (var entry in log.Where(entry => entry.IsMessage && entry.Place >= shown.From && entry.Place <= (shown.Until ?? int.MaxValue)))
        {
            if (!sights.TryGetValue(entry.Place, out var sight))
            {
                Lost++;
                Complain($"{shown.Whose} was never shown “{entry.Text}” ({entry.Place} of {shown.Conversation}).");
                continue;
            }
            if (sight.Id != entry.Id)
            {
                Reordered++;
                Complain($"{shown.Whose} was shown “{sight.Text}” where “{entry.Text}” is ({entry.Place} of {shown.Conversation}).");
            }
            else if (sight.Text != entry.Text)
            {
                Lost++;
                Complain($"{shown.Whose} was shown “{sight.Text}” for “{entry.Text}”.");
            }
            Delay(entry.At, shown.OpenedAt, sight.At, $"{shown.Whose}: “{entry.Text}”");
        }
        foreach (var twice in shown.Sights.Where(sight => sight.Id is not null).GroupBy(sight => sight.Id).Where(same => same.Count() > 1))
        {
            Doubled += twice.Count() - 1;
            Complain($"{shown.Whose} was shown “{twice.First().Text}” at {string.Join(" and ", twice.Select(sight => sight.Place))}.");
        }
        Reordered += shown.Disorder.Count;
        foreach (var disorder in shown.Disorder) Complain($"{shown.Whose} saw {shown.Conversation} out of order: {disorder}.");
    }

    // An outage in between starts the count again at its end: what it broke cannot be current before.
    void Delay(DateTimeOffset happened, DateTimeOffset opened, DateTimeOffset shown, string what)
    {
        var since = happened > opened ? happened : opened;
        foreach (var outage in outages)
            if (outage.From <= shown && outage.Until >= since)
                since = outage.Until;
        if (shown - since <= StaleMax) return;
        StaleMax = shown - since;
        Stalest = string.Create(CultureInfo.InvariantCulture, $"{what}, happened {happened:HH:mm:ss.fff}, current {shown:HH:mm:ss.fff}");
    }

    void JudgeAssignment()
    {
        var timelines = new Timelines(facts.Stored, facts.End);
        foreach (var (agent, at, held) in timelines.Overfilled(facts.Limit))
        {
            Overfilled++;
            Complain(string.Create(CultureInfo.InvariantCulture, $"Agent {agent} held {held} conversations at {at:HH:mm:ss.fff}."));
        }
        var free = timelines.SomebodyFree(facts.Shifts, facts.Limit);
        var broken = Times.Union(outages);
        foreach (var wait in timelines.Waits)
        {
            var span = free.Within(wait.Span).SelectMany(span => span.Without(broken)).DefaultIfEmpty().MaxBy(span => span.Length);
            var sentence = string.Create(
                CultureInfo.InvariantCulture, $"Conversation {wait.Conversation} waited {span.Length.TotalSeconds:F1} s from {span.From:HH:mm:ss.fff} while an agent was free.");
            if (span.Length > UnassignedMax) (UnassignedMax, Unluckiest) = (span.Length, sentence);
            if (span.Length <= Soon) continue;
            Unassigned++;
            Complain(sentence);
        }
    }

    void Complain(string sentence) => complaints.Add(sentence);
}
