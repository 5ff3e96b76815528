using ContactCenter.Storage;
using Microsoft.Extensions.Options;

namespace ContactCenter.Jobs;

/// <summary>What the sweep, which judges whether agents are gone, remembers from one run to the next.</summary>
public sealed class Watches(IOptions<PresenceOptions> presence, TimeProvider clock)
{
    public Watch Agents { get; } = new(presence.Value.Grace, clock);
}

/// <summary>
/// Tells whether a missing sign of life means that somebody is gone. It does not for one grace after this node began to
/// look, nor after a time in which it could not: then the server was away, not they.
/// </summary>
public sealed class Watch(TimeSpan grace, TimeProvider clock)
{
    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(10);
    private long last;
    private DateTimeOffset since;

    /// <summary>Notes that the database has just been looked at.</summary>
    /// <returns>Whether what was seen may be acted upon.</returns>
    public bool Looked()
    {
        // The gap is measured by the monotonic clock: setting the other one is no outage.
        var now = clock.GetTimestamp();
        if (last == 0 || clock.GetElapsedTime(last, now) > Gap) since = clock.GetUtcNow();
        last = now;
        return clock.GetUtcNow() - since > grace;
    }
}
