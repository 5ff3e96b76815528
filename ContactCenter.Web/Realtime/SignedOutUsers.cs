using System.Collections.Concurrent;

namespace ContactCenter.Realtime;

/// <summary>
/// Who was logged out lately: their sessions are held against the account at every request, instead of every half minute,
/// until the usual check has come round. And which sessions were signed out: a copy of their cookie is worth nothing.
/// </summary>
public sealed class SignedOutUsers(TimeProvider clock)
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1.5);

    // A cookie is good for twelve hours after it was last renewed, and one that is refused is not renewed.
    private static readonly TimeSpan SessionKept = TimeSpan.FromHours(13);

    // Users and sessions: the ids of both are unique.
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> until = new();

    public void Add(Guid user) => Keep(user, Kept);

    public void AddSession(Guid session) => Keep(session, SessionKept);

    public bool Contains(Guid userOrSession) => !until.IsEmpty && until.ContainsKey(userOrSession);

    private void Keep(Guid id, TimeSpan time)
    {
        var now = clock.GetUtcNow();
        foreach (var (other, end) in until)
            if (end < now) until.TryRemove(other, out _);
        until[id] = now + time;
    }
}
