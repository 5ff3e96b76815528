using System.Collections.Concurrent;
using ContactCenter.Domain;
using ContactCenter.Realtime;
using ContactCenter.Security;
using Npgsql;
using NpgsqlTypes;

namespace ContactCenter.Storage;

/// <summary>Why sessions ended.</summary>
public enum SessionEnding
{
    SignedOut,

    /// <summary>By their user, in another session.</summary>
    EndedElsewhere,

    /// <summary>By a supervisor's Log out, a lost role of agent, or because the account was deactivated.</summary>
    LoggedOut,

    /// <summary>The password, the address, a role or the second factor is another one now.</summary>
    AccountChanged,

    /// <summary>Unused for too long, or too old.</summary>
    Expired,
}

/// <summary>Sessions of a user that ended together.</summary>
/// <param name="AnyLeft">Whether the user is still signed in somewhere.</param>
public sealed record SessionsEnded(Guid User, IReadOnlyList<Guid> Sessions, SessionEnding How, bool AnyLeft);

/// <summary>
/// The sessions of users, each a row. Every end of one goes through here, whatever its cause: the row is gone for good, then
/// every node and every stream is told, and then whoever <see cref="Follow"/>s.
/// </summary>
public sealed partial class SessionStore(
    NpgsqlDataSource source, Announcer announcer, SecurityLog security, TimeProvider clock, ILogger<SessionStore> log)
{
    private const int Listed = 100;
    private const int Expiring = 200;

    // What "last seen" may lag behind: not every look is a write.
    private static readonly TimeSpan Seen = TimeSpan.FromMinutes(1);

    private const string Alive = "seen_at > $2 and started_at > $3";

    private readonly ConcurrentQueue<(Guid User, Guid Session)> owed = new();
    private readonly ConcurrentBag<Func<SessionsEnded, CancellationToken, Task>> followers = [];

    /// <summary>
    /// Is called after sessions of a user have ended, on the node that ended them and once: what must not be lost when the node
    /// dies at that moment needs a net of its own.
    /// </summary>
    public void Follow(Func<SessionsEnded, CancellationToken, Task> follower) => followers.Add(follower);

    public async Task StartAsync(UserSession session, CancellationToken cancel = default)
    {
        await using var command = source.Statement("""
            insert into sessions (id, user_id, started_at, seen_at, address, browser, system) values ($1, $2, $3, $3, $4, $5, $6)
            """, session.Id, session.UserId, session.StartedAt, session.Address, session.Browser, session.System);
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Whether the session is still one of its user; if so it was used now.</summary>
    public async Task<bool> SeeAsync(Guid session, Guid user, string address, CancellationToken cancel = default)
    {
        var now = clock.GetUtcNow();
        // By sessions_pkey.
        await using var command = source.Statement($"""
            with held as (select seen_at from sessions where id = $1 and {Alive} and user_id = $4),
            moved as (update sessions set seen_at = $5, address = $6 where id = $1 and exists (select from held where seen_at < $7))
            select exists (select from held)
            """, session, now - UserSession.Idle, now - UserSession.Whole, user, now, address, now - Seen);
        return (bool)(await command.ExecuteScalarAsync(cancel))!;
    }

    // How long a proof holds for what needs more than one page.
    private static readonly TimeSpan ProofKept = TimeSpan.FromMinutes(10);

    /// <summary>The session's user has shown once more who they are.</summary>
    public async Task ProveAsync(Guid session)
    {
        await using var command = source.Statement("update sessions set proved_at = $2 where id = $1", session, clock.GetUtcNow());
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Whether they have, in the last ten minutes.</summary>
    public async Task<bool> IsProvedAsync(Guid session)
    {
        await using var command = source.Statement(
            "select exists (select from sessions where id = $1 and proved_at > $2)", session, clock.GetUtcNow() - ProofKept);
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Where the user is signed in, the last one seen first.</summary>
    public async Task<IReadOnlyList<UserSession>> ListAsync(Guid user, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        // By sessions_user.
        await using var command = source.Statement($"""
            select id, started_at, seen_at, address, browser, system from sessions
            where user_id = $1 and {Alive} order by seen_at desc limit {Listed}
            """, user, now - UserSession.Idle, now - UserSession.Whole);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var sessions = new List<UserSession>();
        while (await reader.ReadAsync(cancel))
            sessions.Add(new UserSession
            {
                Id = reader.GetGuid(0),
                UserId = user,
                StartedAt = reader.GetFieldValue<DateTimeOffset>(1),
                SeenAt = reader.GetFieldValue<DateTimeOffset>(2),
                Address = reader.GetString(3),
                Browser = reader.GetString(4),
                System = reader.GetString(5),
            });
        return sessions;
    }

    /// <summary>Ends one session of the user.</summary>
    /// <returns>False where they have no such session.</returns>
    public async Task<bool> EndAsync(Guid user, Guid session, SessionEnding how, CancellationToken cancel = default) =>
        await EndAsync(user, "id = $4", session, how, cancel) > 0;

    /// <summary>Ends all sessions of the user, or all but one.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> EndAllAsync(Guid user, Guid? except, SessionEnding how, CancellationToken cancel = default)
    {
        var ended = await EndAsync(user, "id is distinct from $4", except, how, cancel);
        // Cookies are held against their account too: whatever is on its way to a row that was never stored is asked for again.
        announcer.Announce(new Announcement(Topic.Agent(user), Signals.SignedOut));
        return ended;
    }

    /// <summary>
    /// Ends the session of who signs out. While the database is away they are signed out all the same: every node that can be
    /// told refuses the session, and the row is taken away as soon as it can be.
    /// </summary>
    public async Task SignOutAsync(Guid user, Guid session)
    {
        announcer.Announce(new Announcement(Topic.Session(session), Signals.SignedOut));
        try
        {
            await EndAsync(user, session, SessionEnding.SignedOut);
        }
        catch (Exception problem) when (problem.SaysAway())
        {
            owed.Enqueue((user, session));
        }
    }

    /// <summary>Ends what has been unused for too long, or lasted too long. Safe on every node at once.</summary>
    public async Task ExpireAsync(CancellationToken cancel)
    {
        while (owed.TryPeek(out var late))
        {
            await EndAsync(late.User, late.Session, SessionEnding.SignedOut, cancel);
            owed.TryDequeue(out _);
        }

        var now = clock.GetUtcNow();
        var users = new List<Guid>();
        // By sessions_seen and sessions_started.
        await using (var due = source.Statement(
            $"select distinct user_id from sessions where seen_at <= $1 or started_at <= $2 limit {Expiring}", now - UserSession.Idle, now - UserSession.Whole))
        await using (var reader = await due.ExecuteReaderAsync(cancel))
            while (await reader.ReadAsync(cancel)) users.Add(reader.GetGuid(0));
        foreach (var user in users) await EndAsync(user, $"not ({Alive})", null, SessionEnding.Expired, cancel);
    }

    private async Task<int> EndAsync(Guid user, string which, Guid? session, SessionEnding how, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        Guid[] ended;
        bool anyLeft;
        await using (var batch = source.CreateBatch())
        {
            // In turn, or of two last sessions that end together each would see the other.
            batch.Add("select from users where id = $1 for no key update", user);
            batch.Add($"""
                with gone as (delete from sessions where user_id = $1 and {which} returning id)
                select array(select id from gone),
                    exists (select from sessions where user_id = $1 and id not in (select id from gone) and {Alive})
                """, user, now - UserSession.Idle, now - UserSession.Whole, session.OrNull());
            await using var reader = await batch.ExecuteReaderAsync(cancel);
            await reader.NextResultAsync(cancel);
            await reader.ReadAsync(cancel);
            (ended, anyLeft) = (reader.GetFieldValue<Guid[]>(0), reader.GetBoolean(1));
        }

        if (ended.Length > 0) await TellAsync(new SessionsEnded(user, ended, how, anyLeft), cancel);
        return ended.Length;
    }

    private async Task TellAsync(SessionsEnded ended, CancellationToken cancel)
    {
        foreach (var session in ended.Sessions) announcer.Announce(new Announcement(Topic.Session(session), Signals.SignedOut));
        foreach (var follower in followers)
        {
            try
            {
                await follower(ended, cancel);
            }
            // The sessions have ended, whatever becomes of what follows from it.
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                LogFollower(problem, ended.User);
            }
        }
        await security.WriteAsync(SecurityEventKind.SessionEnded, ended.User, $"{ended.How} {ended.Sessions.Count}");
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Sessions of {User} ended, but not all that follows from it was done")]
    private partial void LogFollower(Exception problem, Guid user);
}
