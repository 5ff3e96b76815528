namespace ContactCenter.Realtime;

/// <summary>
/// One viewer's place at the hub. Signals that arrive while the viewer is busy add up, so a slow viewer skips
/// intermediate states instead of queueing them.
/// </summary>
public sealed class Subscription : IDisposable
{
    private readonly Hub hub;
    private readonly List<Topic> topics = [];
    private readonly Lock gate = new();
    private Signals pending;
    private TaskCompletionSource? waiter;

    internal Subscription(Hub hub) => this.hub = hub;

    public void Follow(Topic topic)
    {
        topics.Add(topic);
        hub.Add(topic, this);
    }

    public void Unfollow(Topic topic)
    {
        if (topics.Remove(topic)) hub.Remove(topic, this);
    }

    internal void Raise(Signals signals)
    {
        TaskCompletionSource? wake;
        lock (gate)
        {
            pending |= signals;
            wake = waiter;
            waiter = null;
        }
        wake?.TrySetResult();
    }

    /// <summary>Waits until something was raised, and takes it.</summary>
    public async ValueTask<Signals> NextAsync()
    {
        while (true)
        {
            Task wait;
            lock (gate)
            {
                if (pending != Signals.None)
                {
                    var taken = pending;
                    pending = Signals.None;
                    return taken;
                }
                waiter ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                wait = waiter.Task;
            }
            await wait;
        }
    }

    public void Dispose()
    {
        foreach (var topic in topics) hub.Remove(topic, this);
        hub.Leave(this);
        topics.Clear();
    }
}
