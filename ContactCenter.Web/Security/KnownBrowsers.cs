using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace ContactCenter.Security;

/// <summary>
/// Remembers in a browser who has signed in there, by a cookie that cannot be made elsewhere: whoever guesses at an account
/// from outside does not keep its owner out. It lets nobody in. Each account has a number of its own in it, by which wrong
/// guesses made with it are counted, and a digest of the security stamp it was signed in by: a new password or second step
/// makes it a browser nobody knows.
/// </summary>
public sealed class KnownBrowsers(IDataProtectionProvider protection)
{
    private const string Cookie = "contactcenter-device";

    // People share desks; whoever signed in here last is known, and some before.
    private const int Remembered = 5;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(180);

    private readonly ITimeLimitedDataProtector protector = protection.CreateProtector(nameof(KnownBrowsers)).ToTimeLimitedDataProtector();

    /// <summary>What this browser has of the account, or null where nobody has signed in to it here.</summary>
    public KnownBrowser? Find(HttpContext context, string account) =>
        Read(context).Find(each => each.Account == KnownBrowser.Digest(account));

    /// <param name="stamp">The account's security stamp, as it is from now on.</param>
    public void Remember(HttpContext context, string account, string stamp)
    {
        var known = Read(context);
        var mine = KnownBrowser.Digest(account);
        var number = known.Find(each => each.Account == mine)?.Number ?? Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        var kept = known.Where(each => each.Account != mine).Prepend(new KnownBrowser(mine, number, KnownBrowser.Digest(stamp))).Take(Remembered);
        var value = protector.Protect(string.Join(' ', kept.Select(each => $"{each.Account}:{each.Number}:{each.Stamp}")), Kept);
        Sessions.Cookies.AppendResponseCookie(context, Cookie, value, new CookieOptions
        {
            HttpOnly = true,
            Secure = context.Request.IsHttps,
            SameSite = SameSiteMode.Lax,
            Path = "/",
            MaxAge = Kept,
            IsEssential = true,
        });
    }

    private List<KnownBrowser> Read(HttpContext context)
    {
        if (Sessions.Cookies.GetRequestCookie(context, Cookie) is not { Length: > 0 and < 4096 } value) return [];
        try
        {
            // Of a cookie that an older build made there is no stamp: nobody is known by it.
            return [.. protector.Unprotect(value).Split(' ').Select(each => each.Split(':')).Where(each => each.Length == 3)
                .Select(each => new KnownBrowser(each[0], each[1], each[2]))];
        }
        catch (CryptographicException)
        {
            // Made elsewhere, too old, or of keys that were revoked.
            return [];
        }
    }
}

/// <summary>That somebody has signed in to an account in a browser.</summary>
/// <param name="Account">A digest of its normalized e-mail address.</param>
/// <param name="Number">Drawn for this browser and account alone.</param>
/// <param name="Stamp">A digest of the security stamp the account had.</param>
public sealed record KnownBrowser(string Account, string Number, string Stamp)
{
    /// <summary>Whether the account still asks for what it asked for then.</summary>
    public bool IsOf(string stamp) => Stamp == Digest(stamp);

    internal static string Digest(string what) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(what)), 0, 16);
}
