using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ContactCenter.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.AspNetCore.WebUtilities;

namespace ContactCenter.Security;

/// <summary>
/// The second factor (D6): one-time codes of an authenticator application (TOTP, RFC 6238) and, for the day it is lost,
/// recovery codes. Both are Identity's; here is what it leaves out.
/// </summary>
public static class SecondFactor
{
    /// <summary>Digits of a code.</summary>
    public const int Digits = 6;

    /// <summary>How many recovery codes are given at a time; each works once.</summary>
    public const int RecoveryCodes = 10;

    private const string Issuer = "ContactCenter";

    /// <summary>What applications read from the picture (Key URI format).</summary>
    /// <param name="key">The secret, in Base32.</param>
    public static string Address(string email, string key) =>
        $"otpauth://totp/{Uri.EscapeDataString(Issuer)}:{Uri.EscapeDataString(email)}?secret={key}&issuer={Uri.EscapeDataString(Issuer)}&digits={Digits}";

    /// <summary>A code as people type it, with spaces or dashes between: only its letters and digits.</summary>
    public static string Clean(string? code) => string.Concat((code ?? "").Where(char.IsAsciiLetterOrDigit));

    /// <summary>Whether it is a code of the user's application, or a recovery code; either works once.</summary>
    public static async Task<bool> VerifyAsync(UserManager<User> users, User user, string? code)
    {
        var clean = Clean(code);
        if (clean.Length is 0 or >= 64) return false;
        return clean.Length == Digits && clean.All(char.IsAsciiDigit)
            ? await users.VerifyTwoFactorTokenAsync(user, TokenOptions.DefaultAuthenticatorProvider, clean)
            : (await users.RedeemTwoFactorRecoveryCodeAsync(user, Recovery(clean))).Succeeded;
    }

    /// <summary>As Identity writes recovery codes: five characters, a dash, five characters, in capitals.</summary>
    public static string Recovery(string code) => code.Length == 10 ? $"{code[..5]}-{code[5..]}".ToUpperInvariant() : code;

    /// <summary>A new secret, of no effect until a code of it was shown; those who have a second factor already have none to set up.</summary>
    public static Task<IdentityResult> BeginAsync(UserManager<User> users, User user) =>
        users.SetAuthenticationTokenAsync(user, AccountStore.Provider, AccountStore.Key, users.GenerateNewAuthenticatorKey());

    /// <summary>Takes the second factor away with everything that belonged to it; other sessions of the user end.</summary>
    public static async Task RemoveAsync(UserManager<User> users, User user)
    {
        await users.SetTwoFactorEnabledAsync(user, false);
        foreach (var name in (string[])[AccountStore.Key, AccountStore.Recovery, SpentCodes.Name])
            await users.RemoveAuthenticationTokenAsync(user, AccountStore.Provider, name);
    }
}

/// <summary>Identity's accounts, with the secrets of the second factor encrypted at rest.</summary>
public sealed class AccountStore(Database database, IDataProtectionProvider protection, IdentityErrorDescriber texts)
    : UserStore<User, IdentityRole<Guid>, Database, Guid>(database, texts)
{
    // Identity's own names for them.
    internal const string Provider = "[AspNetUserStore]";
    internal const string Key = "AuthenticatorKey";
    internal const string Recovery = "RecoveryCodes";

    private readonly IDataProtector protector = protection.CreateProtector(nameof(SecondFactor));

    public override Task SetTokenAsync(User user, string loginProvider, string name, string? value, CancellationToken cancellationToken) =>
        base.SetTokenAsync(user, loginProvider, name, value is null ? null : protector.Protect(value), cancellationToken);

    public override async Task<string?> GetTokenAsync(User user, string loginProvider, string name, CancellationToken cancellationToken)
    {
        if (await base.GetTokenAsync(user, loginProvider, name, cancellationToken) is not { } secret) return null;
        try
        {
            // Revoking a key ends what people carry about; what lies here was never out of the house. Otherwise an operator
            // who revokes would lock out every administrator with a second factor.
            return Encoding.UTF8.GetString(((IPersistedDataProtector)protector).DangerousUnprotect(
                WebEncoders.Base64UrlDecode(secret), ignoreRevocationErrors: true, out _, out _));
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            // The key it was encrypted with is lost: nobody passes with it until an administrator takes it away.
            return null;
        }
    }
}

/// <summary>One-time means once: a code that let somebody in lets nobody else in while it is still shown (RFC 6238, 5.2).</summary>
sealed class SpentCodes(TimeProvider clock) : AuthenticatorTokenProvider<User>
{
    public const string Name = "SpentCodes";

    // Identity takes codes of two steps of 30 s before and after now.
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(5);

    public override async Task<bool> ValidateAsync(string purpose, string token, UserManager<User> manager, User user)
    {
        if (!await base.ValidateAsync(purpose, token, manager, user)) return false;
        // As it was compared: as a number.
        var code = int.Parse(token, CultureInfo.CurrentCulture).ToString(CultureInfo.InvariantCulture);
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var spent = (await manager.GetAuthenticationTokenAsync(user, AccountStore.Provider, Name) ?? "")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(each => each.Split(':'))
            .Where(each => long.Parse(each[1], CultureInfo.InvariantCulture) > now - (long)Remembered.TotalSeconds)
            .ToDictionary(each => each[0], each => each[1], StringComparer.Ordinal);
        if (!spent.TryAdd(code, now.ToString(CultureInfo.InvariantCulture))) return false;
        var kept = string.Join(' ', spent.Select(each => $"{each.Key}:{each.Value}"));
        // Two that come at once: the account's concurrency stamp lets one of them save.
        return (await manager.SetAuthenticationTokenAsync(user, AccountStore.Provider, Name, kept)).Succeeded;
    }
}
