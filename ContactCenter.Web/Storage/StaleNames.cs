using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Npgsql;

namespace ContactCenter.Storage;

/// <summary>
/// Where the driver prepares statements by itself and one fails, or its connection is cut, at its first use, it may forget that
/// the server has prepared it (Npgsql 10.0.3; npgsql issue 6391). The statement's next use on that connection then breaks the
/// connection, or, which is worse, every statement there fails because the name is taken (SQLSTATE 42P05) for as long as the
/// connection lives. Nothing tells of it but the failure: with the first one all connections are let go, and new ones made.
/// </summary>
static class StaleNames
{
    private static readonly ConcurrentDictionary<WeakReference<NpgsqlDataSource>, bool> Pools = new();
    private static PostgresException? last;

    static StaleNames() => AppDomain.CurrentDomain.FirstChanceException += Notice;

    /// <summary>From the first such failure on, the pool's connections are closed as they come free, and new ones are made.</summary>
    public static NpgsqlDataSource Watched(this NpgsqlDataSource pool)
    {
        foreach (var known in Pools.Keys)
            if (!known.TryGetTarget(out _)) Pools.TryRemove(known, out _);
        Pools[new WeakReference<NpgsqlDataSource>(pool)] = true;
        return pool;
    }

    /// <summary>Whether a statement failed only because of what its connection had forgotten: on another one it goes well.</summary>
    public static bool IsOf(Exception exception) => IsTaken(exception) || IsUnexpected(exception);

    private static bool IsTaken(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.DuplicatePreparedStatement or PostgresErrorCodes.InvalidSqlStatementName };

    // Of no type of its own. The driver has given up the connection already.
    private static bool IsUnexpected(Exception exception) =>
        exception.GetType() == typeof(Exception) && exception.Message.StartsWith("Received unexpected backend message", StringComparison.Ordinal);

    private static void Notice(object? sender, FirstChanceExceptionEventArgs thrown)
    {
        // Each method on its way up throws it anew.
        if (!IsTaken(thrown.Exception) || Interlocked.Exchange(ref last, (PostgresException)thrown.Exception) == thrown.Exception) return;
        ThreadPool.UnsafeQueueUserWorkItem(static _ =>
        {
            foreach (var known in Pools.Keys)
                if (known.TryGetTarget(out var pool)) pool.Clear();
        }, null);
    }
}
