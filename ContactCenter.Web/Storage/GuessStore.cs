using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace ContactCenter.Storage;

/// <summary>How many wrong guesses are borne.</summary>
/// <param name="Within">After which they are forgotten.</param>
/// <param name="Rest">How long nobody may guess once there were so many.</param>
public sealed record Patience(int Guesses, TimeSpan Within, TimeSpan Rest);

/// <summary>One more guess.</summary>
/// <param name="Id">What it counts for.</param>
/// <param name="Until">When one may try again; null: this one may be made.</param>
/// <param name="First">The first that is refused since the last rest.</param>
public sealed record GuessTaken(Guid Id, DateTimeOffset? Until, bool First);

/// <summary>
/// Counts guesses at passwords and codes, on all nodes together. A guess is counted before it is looked at, so that many at
/// once are no way around, and given back where it was right.
/// </summary>
public sealed class GuessStore(NpgsqlDataSource source, TimeProvider clock)
{
    /// <summary>The longest that guesses are counted for, or rest.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <param name="what">Whose guesses these are.</param>
    public async Task<GuessTaken> TakeAsync(string what, Patience patience)
    {
        var id = IdOf(what);
        var now = clock.GetUtcNow();
        // By guesses_pkey. Who is refused does not make the rest longer, or it would never end.
        const string over = "coalesce(g.rests_until <= $2, g.since <= $3)";
        await using var command = source.Statement($"""
            insert into guesses as g (id, since, count) values ($1, $2, 1)
            on conflict (id) do update set
                since = case when {over} then $2 else g.since end,
                count = case when {over} then 1 else g.count + 1 end,
                rests_until = case when {over} then null when g.rests_until is null and g.count + 1 >= $4 then $5 else g.rests_until end
            returning count, rests_until
            """, id, now, now - patience.Within, patience.Guesses, now + patience.Rest);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        var count = reader.GetInt32(0);
        return count <= patience.Guesses
            ? new GuessTaken(id, null, false)
            : new GuessTaken(id, reader.IsDBNull(1) ? now + patience.Rest : reader.GetFieldValue<DateTimeOffset>(1), count == patience.Guesses + 1);
    }

    /// <summary>The guess was right.</summary>
    /// <param name="forgotten">Starts anew: it was the owner.</param>
    /// <param name="returned">Where only this one guess is given back: others may be guessing there.</param>
    public async Task ForgiveAsync(Guid forgotten, IReadOnlyCollection<Guid> returned)
    {
        await using var batch = source.CreateBatch();
        batch.Add("delete from guesses where id = $1", forgotten);
        foreach (var one in returned) batch.Add("update guesses set count = count - 1, rests_until = null where id = $1", one);
        await batch.ExecuteNonQueryAsync();
    }

    /// <summary>The security stamp of an account, by its normalized address; null where there is none.</summary>
    public async Task<string?> StampAsync(string email)
    {
        // By users_normalized_email.
        await using var command = source.Statement("select security_stamp from users where normalized_email = $1", email);
        return await command.ExecuteScalarAsync() as string;
    }

    /// <summary>All guesses are forgotten: the account has a new password.</summary>
    public async Task ForgetAsync(params string[] what)
    {
        await using var command = source.Statement("delete from guesses where id = any($1)", [what.Select(IdOf).ToArray()]);
        await command.ExecuteNonQueryAsync();
    }

    public async Task CleanAsync(CancellationToken cancel)
    {
        // By guesses_since. What rests may have begun that long before.
        await using var command = source.Statement("delete from guesses where since < $1", clock.GetUtcNow() - 2 * Longest);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static Guid IdOf(string what) => new(SHA256.HashData(Encoding.UTF8.GetBytes(what)).AsSpan(0, 16));
}
