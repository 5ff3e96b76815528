using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;

namespace ContactCenter.Security;

/// <summary>
/// One sign-in of a user, as its cookie carries it: through renewals and a change of one's own password it stays the same.
/// The cookie has the session's key; everything else knows its id, a digest of the key.
/// </summary>
public sealed record Session(Guid Id, Guid User)
{
    private const string Item = "session";
    private const int KeyBytes = 32;

    /// <summary>The session of the request. Only for signed-in users.</summary>
    public static Session Of(HttpContext context) => new(
        IdOf(context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties)!.Value,
        context.User.Id());

    /// <summary>Null where there is none.</summary>
    internal static Guid? IdOf(AuthenticationProperties? properties) =>
        properties?.Items.TryGetValue(Item, out var key) == true && key is not null ? Digest(key) : null;

    /// <summary>Gives a cookie the key of a new session.</summary>
    /// <returns>The session's id.</returns>
    internal static Guid Begin(AuthenticationProperties properties)
    {
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes));
        properties.Items[Item] = key;
        return Digest(key);
    }

    // Half of the digest is as hard to find a key for as a key of this half is to guess.
    private static Guid Digest(string key) => new(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 16));
}
