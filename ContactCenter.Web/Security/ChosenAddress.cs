using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace ContactCenter.Security;

/// <summary>
/// Takes the address of who has just chosen a password along to the sign-in page, which fills it in: once, sealed in a
/// cookie of their browser for a few minutes, never in an address of the web. It lets nobody in.
/// </summary>
public sealed class ChosenAddress(IDataProtectionProvider protection)
{
    private const string Cookie = "contactcenter-address";
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);

    private readonly ITimeLimitedDataProtector protector =
        protection.CreateProtector(nameof(ChosenAddress)).ToTimeLimitedDataProtector();

    public void Keep(HttpContext context, string? address)
    {
        if (address is null) return;
        var options = Options(context);
        options.MaxAge = Kept;
        Sessions.Cookies.AppendResponseCookie(context, Cookie, protector.Protect(address, Kept), options);
    }

    /// <summary>The address, or null where nobody has chosen a password here just now.</summary>
    public string? Take(HttpContext context)
    {
        if (Sessions.Cookies.GetRequestCookie(context, Cookie) is not { Length: > 0 and < 4096 } value) return null;
        Sessions.Cookies.DeleteCookie(context, Cookie, Options(context));
        try
        {
            return protector.Unprotect(value);
        }
        catch (CryptographicException)
        {
            // Made elsewhere, too old, or of keys that were revoked.
            return null;
        }
    }

    private static CookieOptions Options(HttpContext context) => new()
    {
        HttpOnly = true,
        Secure = context.Request.IsHttps,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        IsEssential = true,
    };
}
