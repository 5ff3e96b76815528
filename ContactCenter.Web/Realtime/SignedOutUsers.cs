using System.Collections.Concurrent;

namespace ContactCenter.Realtime;

/// <summary>
/// Who was logged out lately: their sessions are held against the account at every request, instead of every half minute,
/// until the usual check has come round.
/// </summary>
public sealed class SignedOutUsers(TimeProvider clock)
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1.5);
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> users = new();

    public void Add(Guid user)
    {
        var now = clock.GetUtcNow();
        foreach (var (other, at) in users)
            if (now - at > Kept) users.TryRemove(other, out _);
        users[user] = now;
    }

    public bool Contains(Guid user) => !users.IsEmpty && users.ContainsKey(user);
}
