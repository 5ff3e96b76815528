using System.Globalization;
using ContactCenter.Domain;
using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages.Administration.Security;

/// <summary>The security log, of the people the viewer administers.</summary>
[Authorize(Policies.Administrator)]
public sealed class IndexPage(SecurityLog log, Database database, IStringLocalizer<Text> T) : PageModel
{
    // Further back one looks by dates: each page is counted from the newest.
    private const int LastPage = 200;

    public IReadOnlyList<SecurityLine> Lines { get; private set; } = [];
    public string Query { get; private set; } = "";
    public SecurityEventKind? Kind { get; private set; }
    public DateOnly? From { get; private set; }
    public DateOnly? To { get; private set; }
    public int At { get; private set; } = 1;
    public bool More { get; private set; }
    public bool Filters => Query.Length > 0 || Kind is not null || From is not null || To is not null;

    public async Task OnGetAsync(
        [FromQuery] string? q, [FromQuery] string? kind, [FromQuery] string? from, [FromQuery] string? to, [FromQuery] int? p, CancellationToken cancel)
    {
        ModelState.Clear();
        Query = Addresses.Query(q);
        Kind = Enum.TryParse<SecurityEventKind>(kind, out var known) && Enum.IsDefined(known) ? known : null;
        (From, To) = (Day(from), Day(to));
        At = Math.Clamp(p ?? 1, 1, LastPage);
        var found = await log.ReadAsync(
            database, Viewer.Of(User), new SecurityFilter(Query, Kind, Begin(From), Begin(To?.AddDays(1))), At, cancel);
        More = found.Count > SecurityLog.PageSize && At < LastPage;
        Lines = [.. found.Take(SecurityLog.PageSize)];
    }

    public string Address(int page) => Addresses.With("/administration/security", ("q", Query), ("kind", Kind?.ToString()),
        ("from", Written(From)), ("to", Written(To)), ("p", page > 1 ? page.ToString(CultureInfo.InvariantCulture) : null));

    public string? Written(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public string Name(SecurityEventKind kind) => kind switch
    {
        SecurityEventKind.SignedIn => T["Signed in"],
        SecurityEventKind.SignInFailed => T["Sign-in failed"],
        SecurityEventKind.SignInThrottled => T["Sign-in slowed down"],
        SecurityEventKind.CodeFailed => T["Wrong code"],
        SecurityEventKind.RecoveryCodeUsed => T["Recovery code used"],
        SecurityEventKind.PasswordChanged => T["Password changed"],
        SecurityEventKind.PasswordSet => T["Password set by a link"],
        SecurityEventKind.EmailChanged => T["E-mail changed"],
        SecurityEventKind.RolesChanged => T["Roles changed"],
        SecurityEventKind.SecondFactorOn => T["Second step turned on"],
        SecurityEventKind.SecondFactorOff => T["Second step turned off"],
        SecurityEventKind.RecoveryCodesMade => T["New recovery codes"],
        SecurityEventKind.SessionEnded => T["Session ended"],
        SecurityEventKind.AccountMade => T["Account made"],
        SecurityEventKind.Deactivated => T["Account deactivated"],
        SecurityEventKind.Activated => T["Account activated"],
        SecurityEventKind.ProofFailed => T["Confirmation failed"],
        SecurityEventKind.LinkShown => T["Link to a password shown"],
    };

    /// <summary>What was written down, in the viewer's language.</summary>
    public string Detail(SecurityEvent line) => line.Kind switch
    {
        SecurityEventKind.RolesChanged or SecurityEventKind.AccountMade => string.Join(" → ", line.Detail.Split(" → ").Select(roles =>
            string.Join(", ", roles.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(role => Words.Role(role, T))))),
        SecurityEventKind.SessionEnded => line.Detail.Split(' ')[0] switch
        {
            nameof(SessionEnding.SignedOut) => T["Signed out"],
            nameof(SessionEnding.EndedElsewhere) => T["Ended from another session"],
            nameof(SessionEnding.LoggedOut) => T["Logged out"],
            nameof(SessionEnding.Expired) => T["Unused for too long, or too old"],
            _ => T["The account was changed"],
        },
        SecurityEventKind.ProofFailed => line.Detail == nameof(ProofOutcome.WrongCode) ? T["Wrong code"] : T["Wrong password"],
        _ => line.Detail,
    };

    // A day begins with midnight where the viewer is.
    private DateTimeOffset? Begin(DateOnly? day)
    {
        if (day is not { } of) return null;
        var midnight = of.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(midnight, User.Zone().GetUtcOffset(midnight)).ToUniversalTime();
    }

    private static DateOnly? Day(string? typed) =>
        DateOnly.TryParseExact(typed, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 2000 and < 9000 ? day : null;
}
