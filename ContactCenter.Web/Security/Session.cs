using System.Globalization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;

namespace ContactCenter.Security;

/// <summary>One sign-in of a user, as its cookie carries it: through renewals and a change of one's own password it stays the same.</summary>
/// <param name="Id">Null for a cookie of an older build.</param>
/// <param name="Stamp">The account's stamp when the cookie was made; another one now means that the session is over.</param>
public sealed record Session(Guid? Id, Guid User, string? Stamp)
{
    private const string Item = "session";

    /// <summary>The session of the request. Only for signed-in users.</summary>
    public static Session Of(HttpContext context) => new(
        IdOf(context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties),
        context.User.Id(),
        context.User.FindFirst(new ClaimsIdentityOptions().SecurityStampClaimType)?.Value);

    internal static Guid? IdOf(AuthenticationProperties? properties) =>
        properties?.Items.TryGetValue(Item, out var id) == true && Guid.TryParse(id, CultureInfo.InvariantCulture, out var session) ? session : null;

    internal static void Name(AuthenticationProperties properties, Guid id) => properties.Items[Item] = id.ToString("N");
}
