using ContactCenter.Domain;
using ContactCenter.Security;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ContactCenter.Storage;

/// <summary>A line as the page shows it.</summary>
/// <param name="User">Whose account, by name; null: nobody has that address, or the account is gone.</param>
/// <param name="By">Who did it, where the viewer administers them too.</param>
/// <param name="Own">Whether the account's own user did it.</param>
public sealed record SecurityLine(SecurityEvent Event, string? User, string? Email, string? By, bool Own);

/// <summary>What is looked for.</summary>
/// <param name="Query">Part of a name or address; empty: everybody.</param>
public sealed record SecurityFilter(string Query, SecurityEventKind? Kind, DateTimeOffset? From, DateTimeOffset? To);

/// <summary>
/// What happened to accounts and how they are signed in to: a line in the application's log and one to be read by
/// administrators. Passwords, codes, keys and tokens are not in it, and of an address that nobody has only that it was tried.
/// </summary>
public sealed partial class SecurityLog(
    NpgsqlDataSource source, IHttpContextAccessor requests, TimeProvider clock, ILogger<SecurityLog> log)
{
    public const int PageSize = 50;

    /// <param name="by">Who did it, where that is not who is signed in.</param>
    public async Task WriteAsync(SecurityEventKind kind, Guid? user, string detail = "", Guid? by = null)
    {
        var request = requests.HttpContext;
        by ??= request?.User.Identity?.IsAuthenticated == true ? request.User.Id() : null;
        var address = request?.RemoteAddress() ?? "";
        var (browser, system) = Devices.Of(request?.Request.Headers.UserAgent.ToString());
        LogEvent(kind, user, by, address);
        try
        {
            await using var command = source.Statement("""
                insert into security_events (id, at, kind, user_id, by_id, address, browser, system, detail)
                select $1, $2, $3, (select id from users where id = $4), (select id from users where id = $5), $6, $7, $8, $9
                """, Ids.New(clock), clock.GetUtcNow(), (int)kind, user.OrNull(), by.OrNull(), address, browser, system, detail);
            await command.ExecuteNonQueryAsync();
        }
        catch (Exception problem) when (problem.SaysAway())
        {
            // What it tells of is done; and it stands in the application's log.
            LogNotStored(kind);
        }
    }

    /// <summary>
    /// A page of the log, newest first: of the people the viewer administers. What is nobody's is seen by who administers all.
    /// </summary>
    /// <returns>One more than a page where there are more.</returns>
    public async Task<IReadOnlyList<SecurityLine>> ReadAsync(Database database, Viewer viewer, SecurityFilter filter, int page, CancellationToken cancel)
    {
        var administered = database.AdministeredBy(viewer);
        var found = database.SecurityEvents.AsNoTracking();
        if (await database.UserGroups.AnyAsync(mine => mine.UserId == viewer.Id, cancel))
            found = found.Where(line => administered.Any(user => user.Id == line.UserId));
        if (filter.Query.Length > 0)
        {
            var people = database.Users.Found(filter.Query);
            found = found.Where(line => people.Any(user => user.Id == line.UserId));
        }
        if (filter.Kind is { } kind) found = found.Where(line => line.Kind == kind);
        if (filter.From is { } from) found = found.Where(line => line.At >= from);
        if (filter.To is { } to) found = found.Where(line => line.At < to);
        // By security_events_at, or by the index of the kind.
        return await found.OrderByDescending(line => line.At).ThenByDescending(line => line.Id)
            .Skip((page - 1) * PageSize).Take(PageSize + 1)
            .Select(line => new SecurityLine(
                line,
                database.Users.Where(user => user.Id == line.UserId).Select(user => user.DisplayName).FirstOrDefault(),
                database.Users.Where(user => user.Id == line.UserId).Select(user => user.Email).FirstOrDefault(),
                administered.Where(user => user.Id == line.ById).Select(user => user.DisplayName).FirstOrDefault(),
                line.UserId != null && line.ById == line.UserId))
            .ToListAsync(cancel);
    }

    public async Task CleanAsync(CancellationToken cancel)
    {
        // By security_events_at.
        await using var command = source.Statement("delete from security_events where at < $1", clock.GetUtcNow() - SecurityEvent.Kept);
        await command.ExecuteNonQueryAsync(cancel);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Security: {Kind} of {User} by {By} from {Address}")]
    private partial void LogEvent(SecurityEventKind kind, Guid? user, Guid? by, string address);

    [LoggerMessage(Level = LogLevel.Error, Message = "The database was away: {Kind} is not in the security log")]
    private partial void LogNotStored(SecurityEventKind kind);
}
