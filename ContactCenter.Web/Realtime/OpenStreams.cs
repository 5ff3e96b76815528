using ContactCenter.Security;
using Microsoft.Extensions.Options;

namespace ContactCenter.Realtime;

/// <summary>
/// The streams that are open at this node: whose and from where. Each holder and each address may have a number of them; one
/// more closes the oldest, so that whoever opens another tab is served there, and tells the tab it was taken from.
/// </summary>
public sealed class OpenStreams(IOptions<LimitSettings> limits)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, HashSet<OpenStream>> streams = new(StringComparer.Ordinal);
    private long entered;

    /// <summary>A visitor's stream. From a crowded address goes the oldest of whoever has most there, not of whoever is alone.</summary>
    public IDisposable OfVisitor(Subscription subscription, Guid contact, HttpContext context)
    {
        var most = limits.Value;
        var (address, site) = ("a" + Addresses.Of(context), Addresses.SiteOf(context));
        return Enter(new OpenStream(this, subscription, $"v{contact:N}", site is null ? [address] : [address, "s" + site]), key => key[0] switch
        {
            'v' => most.StreamsPerVisitor,
            'a' => most.StreamsPerAddress,
            _ => (int)Math.Min((long)most.StreamsPerAddress * most.AddressesPerSite, int.MaxValue),
        });
    }

    /// <summary>A stream of staff: limited for each sign-in, and not for the address, behind which a whole floor may sit.</summary>
    public IDisposable OfStaff(Subscription subscription, Session session) =>
        Enter(new OpenStream(this, subscription, $"u{session.Id:N}", []), _ => limits.Value.StreamsPerSession);

    private OpenStream Enter(OpenStream stream, Func<string, int> most)
    {
        List<OpenStream>? gone = null;
        lock (gate)
        {
            stream.Order = ++entered;
            foreach (var key in stream.Keys)
            {
                if (!streams.TryGetValue(key, out var here)) streams[key] = here = [];
                here.Add(stream);
                if (here.Count <= most(key)) continue;
                var oldest = here.GroupBy(each => each.Holder, StringComparer.Ordinal)
                    .MaxBy(each => (each.Count(), -each.Min(one => one.Order)))!.MinBy(each => each.Order)!;
                Remove(oldest);
                (gone ??= []).Add(oldest);
            }
        }
        gone?.ForEach(each => each.Subscription.Raise(Signals.Displaced));
        return stream;
    }

    private void Remove(OpenStream stream)
    {
        foreach (var key in stream.Keys)
            if (streams.TryGetValue(key, out var here) && here.Remove(stream) && here.Count == 0) streams.Remove(key);
    }

    private sealed class OpenStream(OpenStreams all, Subscription subscription, string holder, string[] places) : IDisposable
    {
        public Subscription Subscription => subscription;

        public string Holder => holder;

        public string[] Keys { get; } = [holder, .. places];

        public long Order { get; set; }

        public void Dispose()
        {
            lock (all.gate) all.Remove(this);
        }
    }
}
