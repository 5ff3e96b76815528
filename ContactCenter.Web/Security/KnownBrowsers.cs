using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace ContactCenter.Security;

/// <summary>
/// Remembers in a browser who has signed in there, by a cookie that cannot be made elsewhere: whoever guesses at an account
/// from outside does not keep its owner out. It lets nobody in. Each account has a number of its own in it, by which wrong
/// guesses made with it are counted.
/// </summary>
public sealed class KnownBrowsers(IDataProtectionProvider protection)
{
    private const string Cookie = "contactcenter-device";

    // People share desks; whoever signed in here last is known, and some before.
    private const int Remembered = 5;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(180);

    private readonly ITimeLimitedDataProtector protector = protection.CreateProtector(nameof(KnownBrowsers)).ToTimeLimitedDataProtector();

    /// <summary>This browser's number for the account, or null where nobody has signed in to it here.</summary>
    public string? Find(HttpContext context, string account) =>
        Read(context).Find(each => each.Account == Digest(account)).Number;

    public void Remember(HttpContext context, string account)
    {
        var known = Read(context);
        var mine = Digest(account);
        var number = known.Find(each => each.Account == mine).Number ?? Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        var kept = known.Where(each => each.Account != mine).Prepend((Account: mine, Number: number)).Take(Remembered);
        var value = protector.Protect(string.Join(' ', kept.Select(each => $"{each.Account}:{each.Number}")), Kept);
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

    private List<(string Account, string Number)> Read(HttpContext context)
    {
        if (Sessions.Cookies.GetRequestCookie(context, Cookie) is not { Length: > 0 and < 4096 } value) return [];
        try
        {
            return [.. protector.Unprotect(value).Split(' ').Select(each => each.Split(':')).Select(each => (each[0], each[1]))];
        }
        catch (CryptographicException)
        {
            // Made elsewhere, too old, or of keys that were revoked.
            return [];
        }
    }

    private static string Digest(string account) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(account)), 0, 16);
}
