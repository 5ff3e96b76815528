using System.Globalization;
using System.Security.Claims;
using ContactCenter.Domain;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace ContactCenter.Security;

/// <summary>What the cookie says of the signed-in user, so that no request has to load them to show their name or a time.</summary>
public static class SignedInUser
{
    internal const string NameClaim = "name";
    internal const string LanguageClaim = "lang";
    internal const string TimeZoneClaim = "tz";

    /// <summary>The user's id. Only for signed-in users.</summary>
    public static Guid Id(this ClaimsPrincipal user) =>
        Guid.Parse(user.FindFirstValue(ClaimTypes.NameIdentifier)!, CultureInfo.InvariantCulture);

    /// <summary>The name colleagues and contacts see.</summary>
    public static string DisplayName(this ClaimsPrincipal user) => user.FindFirstValue(NameClaim) ?? "";

    /// <summary>The chosen interface language, or null for the browser's.</summary>
    public static string? Language(this ClaimsPrincipal user) => Languages.Match(user.FindFirstValue(LanguageClaim));

    /// <summary>The user's time zone; UTC for visitors and for a zone this machine does not know.</summary>
    public static TimeZoneInfo Zone(this ClaimsPrincipal user) => Zones.Of(user.FindFirstValue(TimeZoneClaim));
}

/// <summary>Writes those claims at sign-in and whenever the session is checked again.</summary>
sealed class Principals(UserManager<User> users, RoleManager<IdentityRole<Guid>> roles, IOptions<IdentityOptions> options)
    : UserClaimsPrincipalFactory<User, IdentityRole<Guid>>(users, roles, options)
{
    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(User user)
    {
        var identity = await base.GenerateClaimsAsync(user);
        identity.AddClaim(new Claim(SignedInUser.NameClaim, user.DisplayName));
        identity.AddClaim(new Claim(SignedInUser.TimeZoneClaim, user.TimeZone));
        if (user.Language is { } language) identity.AddClaim(new Claim(SignedInUser.LanguageClaim, language));
        return identity;
    }
}
