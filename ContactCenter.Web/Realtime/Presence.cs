using System.Collections.Concurrent;
using ContactCenter.Routing;
using ContactCenter.Storage;

namespace ContactCenter.Realtime;

/// <summary>
/// Which agents have a live connection to this node. The database keeps the last sign of life, so that any node can
/// tell who is gone; a short interruption, a reload or a restart stays within the grace (Q8, J4).
/// </summary>
public sealed class Presence(AgentStore agents, Dispatcher dispatcher)
{
    private readonly ConcurrentDictionary<Guid, int> here = new();

    public async Task EnterAsync(Guid user, CancellationToken cancel)
    {
        here.AddOrUpdate(user, 1, (_, count) => count + 1);
        if (await agents.EnterAsync(user, cancel)) dispatcher.WakeAgent(user);
    }

    public void Leave(Guid user)
    {
        while (here.TryGetValue(user, out var count))
        {
            var done = count > 1
                ? here.TryUpdate(user, count - 1, count)
                : here.TryRemove(new KeyValuePair<Guid, int>(user, count));
            if (done) return;
        }
    }

    /// <summary>Who is connected to this node.</summary>
    internal Guid[] Here => [.. here.Keys];

    internal async Task RenewAsync(CancellationToken cancel)
    {
        Guid[] users = [.. here.Keys];
        if (users.Length > 0) await agents.SeenAsync(users, cancel);
    }
}
