using ContactCenter.Domain;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ContactCenter.Storage;

/// <summary>What the job monitor shows of the mails.</summary>
/// <param name="Waiting">Those that failed and are tried again, soonest first.</param>
/// <param name="Dead">Those nobody tries any more, newest first.</param>
public sealed record OutboxView(IReadOnlyList<OutboxMail> Waiting, IReadOnlyList<OutboxMail> Dead);

/// <summary>
/// Mails that must leave, at least once: who delivers claims a row for a while and reports; who is killed in between
/// leaves it to be claimed again. Claims skip what another node holds.
/// </summary>
public sealed class OutboxStore(NpgsqlDataSource source, IDbContextFactory<Database> databases, TimeProvider clock)
{
    /// <summary>How long a claim holds: longer than any attempt lasts.</summary>
    public static readonly TimeSpan Claim = TimeSpan.FromMinutes(1);

    private const int Listed = 200;
    private const int LongestProblem = 300;
    private const string Ended = "The node ended while it was sending.";

    // A mailbox is not filled by whoever knows its address.
    private static readonly TimeSpan OncePer = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ToldPer = TimeSpan.FromDays(1);
    private static readonly TimeSpan SentKept = TimeSpan.FromDays(1);
    private static readonly TimeSpan DeadKept = TimeSpan.FromDays(30);

    /// <summary>
    /// Asks for a mail. One that already waits is not asked for twice, nor a recovery that has just left for the same address,
    /// nor a warning of guesses within a day.
    /// </summary>
    /// <param name="by">Who asks on behalf of whoever gets it; empty: they themselves.</param>
    public async Task AskAsync(
        MailKind kind, string address, string site, string language, string by = "", CancellationToken cancel = default)
    {
        var now = clock.GetUtcNow();
        await using var command = source.Statement("""
            insert into outbox (id, kind, address, site, language, at, by_name, attempts, next_at)
            select $1, $2, $3, $4, $5, $6, $8, 0, $6
            where not exists (select from outbox where kind = $2 and upper(address) = upper($3) and sent_at > $7)
            on conflict do nothing
            """, Ids.New(clock), (int)kind, address, site, language, now,
            // Whoever knows an address may ask for its recovery; an invitation is an administrator's to repeat.
            kind switch { MailKind.Recovery => now - OncePer, MailKind.CodesGuessed => now - ToldPer, _ => now }, by);
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Asks for a mail that tells somebody's former address of the change, within the change's transaction.</summary>
    /// <param name="by">Who made the change.</param>
    internal static Task TellFormerAddressAsync(
        Database database, Guid user, string address, string language, string by, TimeProvider clock, CancellationToken cancel)
    {
        var (id, now) = (Ids.New(clock), clock.GetUtcNow());
        return database.Database.ExecuteSqlAsync($"""
            insert into outbox (id, kind, address, site, language, at, by_name, attempts, next_at, user_id)
            values ({id}, {(int)MailKind.AddressChanged}, {address}, '', {language}, {now}, {by}, 0, {now}, {user})
            on conflict do nothing
            """, cancel);
    }

    /// <summary>Takes what is due, oldest first, for <see cref="Claim"/>; what has been tried too often is dead from now on.</summary>
    public async Task<IReadOnlyList<OutboxMail>> ClaimAsync(int limit, CancellationToken cancel = default)
    {
        var now = clock.GetUtcNow();
        await using var command = source.Statement("""
            with due as (
                select id, attempts from outbox where next_at <= $1 order by next_at, id limit $2 for update skip locked
            ), dead as (
                update outbox o set next_at = null, dead_at = $1, problem = coalesce(o.problem, $5)
                from due where o.id = due.id and due.attempts >= $4
            )
            update outbox o set attempts = o.attempts + 1, next_at = $3
            from due where o.id = due.id and due.attempts < $4
            returning o.id, o.kind, o.address, o.site, o.language, o.at, o.attempts, o.by_name, o.user_id
            """, now, limit, now + Claim, OutboxMail.MaxAttempts, Ended);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var claimed = new List<OutboxMail>();
        while (await reader.ReadAsync(cancel))
            claimed.Add(new OutboxMail
            {
                Id = reader.GetGuid(0),
                Kind = (MailKind)reader.GetInt32(1),
                Address = reader.GetString(2),
                Site = reader.GetString(3),
                Language = reader.GetString(4),
                At = reader.GetFieldValue<DateTimeOffset>(5),
                Attempts = reader.GetInt32(6),
                ByName = reader.GetString(7),
                UserId = reader.IsDBNull(8) ? null : reader.GetGuid(8),
            });
        return [.. claimed.OrderBy(mail => mail.At)];
    }

    /// <summary>It has left. What left or died long ago is forgotten.</summary>
    public async Task SentAsync(OutboxMail mail, CancellationToken cancel = default)
    {
        var now = clock.GetUtcNow();
        await using var command = source.Statement("""
            with old as (delete from outbox where sent_at < $3 or dead_at < $4)
            update outbox set sent_at = $2, next_at = null, dead_at = null, problem = null where id = $1
            """, mail.Id, now, now - SentKept, now - DeadKept);
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>It did not leave: it is tried again later, or is dead. An outcome that comes after its claim changes nothing.</summary>
    /// <returns>When it is tried again; null where it is not.</returns>
    public async Task<DateTimeOffset?> FailedAsync(OutboxMail mail, string problem, CancellationToken cancel = default)
    {
        var now = clock.GetUtcNow();
        var next = now + OutboxMail.PauseAfter(mail.Attempts);
        await using var command = source.Statement("""
            update outbox set next_at = $3, dead_at = case when $3::timestamptz is null then $4::timestamptz end, problem = $5
            where id = $1 and attempts = $2 and next_at is not null
            """, mail.Id, mail.Attempts, next, now, problem[..Math.Min(problem.Length, LongestProblem)]);
        await command.ExecuteNonQueryAsync(cancel);
        return next;
    }

    /// <summary>There is nobody to write to.</summary>
    public async Task DropAsync(OutboxMail mail, CancellationToken cancel = default)
    {
        await using var command = source.Statement("delete from outbox where id = $1", mail.Id);
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Gives dead letters all their attempts again, at once. One for whom another mail waits already goes with that.</summary>
    /// <param name="id">Null: all of them that the viewer may see.</param>
    /// <returns>How many there were.</returns>
    public async Task<int> RetryAsync(Viewer viewer, Guid? id, CancellationToken cancel = default)
    {
        Guid[] ids;
        await using (var database = await databases.CreateDbContextAsync(cancel))
            ids = await LettersOf(database, viewer).Where(mail => mail.DeadAt != null && (id == null || mail.Id == id))
                .Select(mail => mail.Id).ToArrayAsync(cancel);
        try
        {
            return await TryRetryAsync(ids, cancel);
        }
        catch (PostgresException problem) when (problem.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // Somebody asked for the same mail in between: this time it is seen.
            return await TryRetryAsync(ids, cancel);
        }
    }

    /// <summary>An address tells who works here: to an administrator of a security group only those of whom they administer.</summary>
    private static IQueryable<OutboxMail> LettersOf(Database database, Viewer viewer)
    {
        var administered = database.AdministeredBy(viewer);
        return database.Outbox.Where(mail =>
            !database.UserGroups.Any(mine => mine.UserId == viewer.Id)
            || (mail.UserId == null
                ? administered.Select(user => user.NormalizedEmail).Contains(mail.Address.ToUpper())
                : administered.Any(user => user.Id == mail.UserId)));
    }

    private async Task<int> TryRetryAsync(Guid[] ids, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        // Of several to one address the newest is enough.
        await using var extra = connection.Statement("""
            delete from outbox d where dead_at is not null and id = any($1) and exists (
                select from outbox o where o.kind = d.kind and upper(o.address) = upper(d.address) and o.id <> d.id
                    and (o.next_at is not null or (o.id = any($1) and o.dead_at is not null and (o.at, o.id) > (d.at, d.id))))
            """, [ids]);
        var dropped = await extra.ExecuteNonQueryAsync(cancel);
        await using var again = connection.Statement("""
            update outbox set next_at = $2, dead_at = null, attempts = 0 where dead_at is not null and id = any($1)
            """, ids, clock.GetUtcNow());
        var retried = await again.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
        return dropped + retried;
    }

    /// <summary>How many wait to be sent.</summary>
    public async Task<long> CountAsync(CancellationToken cancel = default)
    {
        await using var command = source.Statement("select count(*) from outbox where next_at is not null");
        return (long)(await command.ExecuteScalarAsync(cancel))!;
    }

    public async Task<OutboxView> ReadAsync(Viewer viewer, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        var waiting = await LettersOf(database, viewer).AsNoTracking().Where(mail => mail.NextAt != null)
            .OrderBy(mail => mail.NextAt).Take(Listed).ToListAsync(cancel);
        var dead = await LettersOf(database, viewer).AsNoTracking().Where(mail => mail.DeadAt != null)
            .OrderByDescending(mail => mail.DeadAt).Take(Listed).ToListAsync(cancel);
        return new OutboxView(waiting, dead);
    }
}
