using System.Collections.Concurrent;

namespace ContactCenter.Realtime;

/// <summary>Brings announcements to the viewers of this process.</summary>
public sealed class Hub
{
    private readonly ConcurrentDictionary<Topic, Subscription[]> followers = new();
    private readonly ConcurrentDictionary<Subscription, byte> all = new();
    private volatile bool closed;

    /// <summary>How many viewers are connected to this process.</summary>
    public int Count => all.Count;

    public Subscription Subscribe(params ReadOnlySpan<Topic> topics)
    {
        var subscription = new Subscription(this);
        all.TryAdd(subscription, 0);
        foreach (var topic in topics) subscription.Follow(topic);
        if (closed) subscription.Raise(Signals.Closed);
        return subscription;
    }

    public void Publish(Topic topic, Signals signals)
    {
        if (!followers.TryGetValue(topic, out var viewers)) return;
        foreach (var viewer in viewers) viewer.Raise(signals);
    }

    public void RaiseAll(Signals signals)
    {
        foreach (var (viewer, _) in all) viewer.Raise(signals);
    }

    /// <summary>Ends every stream, so that a node can stop without waiting for its viewers.</summary>
    public void Close()
    {
        closed = true;
        RaiseAll(Signals.Closed);
    }

    internal void Add(Topic topic, Subscription viewer) =>
        followers.AddOrUpdate(topic, _ => [viewer], (_, viewers) => [.. viewers, viewer]);

    internal void Remove(Topic topic, Subscription viewer)
    {
        while (followers.TryGetValue(topic, out var viewers))
        {
            Subscription[] rest = [.. viewers.Where(other => other != viewer)];
            var done = rest.Length == 0
                ? followers.TryRemove(new KeyValuePair<Topic, Subscription[]>(topic, viewers))
                : followers.TryUpdate(topic, rest, viewers);
            if (done) return;
        }
    }

    internal void Leave(Subscription viewer) => all.TryRemove(viewer, out _);
}
