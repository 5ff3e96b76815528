using System.Collections.Concurrent;

namespace ContactCenter.Realtime;

/// <summary>
/// What this node knows of sessions without asking the database: which it has lately found to hold, so that a request costs no
/// way there; which have ended, so that their cookies are worth nothing at once; and whose account has changed since, so that
/// theirs are asked for again.
/// </summary>
public sealed class SessionCache(TimeProvider clock)
{
    // Longer than a session can lie unused.
    private static readonly TimeSpan EndedKept = TimeSpan.FromHours(13);

    // Longer than any node goes without asking.
    private static readonly TimeSpan FoundKept = TimeSpan.FromHours(1.5);

    private readonly ConcurrentDictionary<Guid, DateTimeOffset> ended = new();
    private readonly ConcurrentDictionary<Guid, Found> found = new();
    private readonly ConcurrentDictionary<Guid, (long Turn, DateTimeOffset At)> doubted = new();
    private long turn;
    private long all;

    /// <summary>Has to be taken before the database is asked: what is heard meanwhile counts more than its answer.</summary>
    public long Begin() => Interlocked.Increment(ref turn);

    /// <summary>The database said that the session holds.</summary>
    public void Holds(Guid session, long began)
    {
        var now = clock.GetUtcNow();
        if (!found.ContainsKey(session)) Forget(now);
        found[session] = new Found(began, now);
    }

    /// <summary>Whether it held within this time, and nothing was heard since that may have ended it.</summary>
    public bool Held(Guid session, Guid user, TimeSpan within) =>
        found.TryGetValue(session, out var look)
        && clock.GetUtcNow() - look.At <= within
        && look.Turn > Interlocked.Read(ref all)
        && (!doubted.TryGetValue(user, out var doubt) || look.Turn > doubt.Turn);

    public bool HasEnded(Guid session) => !ended.IsEmpty && ended.ContainsKey(session);

    public void End(Guid session)
    {
        ended[session] = clock.GetUtcNow();
        found.TryRemove(session, out _);
    }

    /// <summary>All of a user's sessions may have ended.</summary>
    public void Doubt(Guid user) => doubted[user] = (Begin(), clock.GetUtcNow());

    /// <summary>What was told may have been missed.</summary>
    public void DoubtAll() => Interlocked.Exchange(ref all, Begin());

    private void Forget(DateTimeOffset now)
    {
        foreach (var (session, at) in ended)
            if (now - at > EndedKept) ended.TryRemove(session, out _);
        foreach (var (session, look) in found)
            if (now - look.At > FoundKept) found.TryRemove(session, out _);
        foreach (var (user, doubt) in doubted)
            if (now - doubt.At > FoundKept) doubted.TryRemove(user, out _);
    }

    private sealed record Found(long Turn, DateTimeOffset At);
}
