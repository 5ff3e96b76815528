using System.Runtime.InteropServices;
using ContactCenter.Domain;

namespace ContactCenter.Load.Chaos;

/// <summary>Who held and who waited when, read from the conversations' timelines.</summary>
sealed class Timelines
{
    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Held(Guid Agent, Guid Conversation, Span Span);

    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Waited(Guid Conversation, Span Span);

    readonly List<Held> holds = [];
    readonly List<Waited> waits = [];

    enum Becomes { Waiting, Held, Over, NoOther }

    public Timelines(IEnumerable<StoredEntry> entries, DateTimeOffset end)
    {
        foreach (var conversation in entries.GroupBy(entry => entry.Conversation))
            Read(conversation.Key, [.. conversation.Where(entry => entry.Event is not null).OrderBy(entry => entry.Place)], end);
    }

    public IReadOnlyList<Held> Holds => holds;

    public IReadOnlyList<Waited> Waits => waits;

    /// <summary>Each time an agent was given more than the limit.</summary>
    public IEnumerable<(Guid Agent, DateTimeOffset At, int Held)> Overfilled(int limit) =>
        from load in Loads()
        where load.Change > 0 && load.Held > limit
        select (load.Agent, load.At, load.Held);

    /// <summary>When at least one of the agents on shift held less than the limit.</summary>
    public IReadOnlyList<Span> SomebodyFree(IEnumerable<Shift> shifts, int limit)
    {
        var full = FullSpans(limit);
        return Times.Union(shifts.SelectMany(shift =>
            new Span(shift.From, shift.Until).Without(full.GetValueOrDefault(shift.Agent, []))));
    }

    Dictionary<Guid, IReadOnlyList<Span>> FullSpans(int limit)
    {
        var full = new Dictionary<Guid, IReadOnlyList<Span>>();
        foreach (var agent in Loads().GroupBy(load => load.Agent))
        {
            var spans = new List<Span>();
            DateTimeOffset? since = null;
            foreach (var (_, at, held, _) in agent)
                if (held >= limit) since ??= at;
                else if (since is { } from)
                {
                    spans.Add(new(from, at));
                    since = null;
                }
            if (since is { } still) spans.Add(new(still, DateTimeOffset.MaxValue));
            full[agent.Key] = Times.Union(spans);
        }
        return full;
    }

    // At the same moment an end comes before a beginning.
    IEnumerable<(Guid Agent, DateTimeOffset At, int Held, int Change)> Loads()
    {
        foreach (var agent in holds.GroupBy(hold => hold.Agent))
        {
            var held = 0;
            var changes = agent.SelectMany(hold => new[] { (At: hold.Span.From, Change: 1), (At: hold.Span.Until, Change: -1) });
            foreach (var (at, change) in changes.OrderBy(each => each.At).ThenBy(each => each.Change))
                yield return (agent.Key, at, held += change, change);
        }
    }

    void Read(Guid conversation, List<StoredEntry> events, DateTimeOffset end)
    {
        var (state, since, agent) = (Becomes.Over, DateTimeOffset.MinValue, Guid.Empty);
        foreach (var happened in events)
            if (After(happened.Event!.Value) is var next and not Becomes.NoOther)
            {
                Close(happened.At);
                (state, since, agent) = (next, happened.At, happened.Agent ?? Guid.Empty);
            }
        Close(end);

        void Close(DateTimeOffset at)
        {
            if (state == Becomes.Held) holds.Add(new(agent, conversation, new(since, at)));
            else if (state == Becomes.Waiting) waits.Add(new(conversation, new(since, at)));
        }
    }

    static Becomes After(EventKind happened) => happened switch
    {
        EventKind.Queued or EventKind.ReturnedDisconnected or EventKind.ReturnedUnanswered or EventKind.ReturnedRemoved or EventKind.Offered
            or EventKind.HandedOver or EventKind.PersonAsked or EventKind.NotUnderstood => Becomes.Waiting,
        EventKind.Assigned => Becomes.Held,
        EventKind.Finished or EventKind.Abandoned or EventKind.LeftByContact or EventKind.Vanished
            or EventKind.Closed or EventKind.LeftOutOfHours => Becomes.Over,
        EventKind.Paused or EventKind.Resumed or EventKind.BotGreeted => Becomes.NoOther,
    };
}
