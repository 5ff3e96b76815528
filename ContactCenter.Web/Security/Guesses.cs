using ContactCenter.Storage;
using Microsoft.AspNetCore.Identity;

namespace ContactCenter.Security;

/// <summary>A try at a password or a code.</summary>
/// <param name="Wait">How long one has to wait; null: it may be looked at.</param>
/// <param name="First">The first that was refused since the last rest.</param>
public sealed record Guess(TimeSpan? Wait, bool First, Guid Place, Guid? Account);

/// <summary>
/// Bounds guessing without a weapon in it (OWASP, "Slow Down Online Guessing Attacks with Device Cookies"): wrong guesses count
/// for account and address together, and from all unknown browsers together for the account. A browser in which its owner has
/// signed in before counts for itself alone. An address nobody has counts as one that somebody has.
/// </summary>
public sealed class Guesses(GuessStore store, KnownBrowsers browsers, ILookupNormalizer names, TimeProvider clock)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(10);

    private static readonly Patience Place = new(5, Hour, Rest);
    private static readonly Patience KnownBrowser = new(10, Hour, Hour);
    private static readonly Patience Passwords = new(30, Hour, TimeSpan.FromMinutes(30));

    // Of a million codes five are right at a time.
    private static readonly Patience Codes = new(15, Hour, Hour);

    /// <summary>A try at the password of an account.</summary>
    public Task<Guess> PasswordAsync(HttpContext context, string email) => TakeAsync(context, "password", email, Passwords);

    /// <summary>A try at the second step of an account, by who knows its password.</summary>
    public Task<Guess> CodeAsync(HttpContext context, string email) => TakeAsync(context, "code", email, Codes);

    /// <summary>A try at the password, or at a code, of who is signed in: it counts for their session alone.</summary>
    public async Task<Guess> ProofAsync(Guid session) => Of(await store.TakeAsync($"proof {session}", Place), null);

    /// <summary>It was right.</summary>
    public Task ForgiveAsync(Guess guess) => store.ForgiveAsync(guess.Place, guess.Account);

    /// <summary>The account has a new password: whoever set it is not kept waiting for guesses at the old one.</summary>
    public Task ForgetAsync(HttpContext context, string email) =>
        store.ForgetAsync([.. ((string[])["password", "code"]).SelectMany(kind => (string[])[Of(kind, email), At(context, kind, email)])]);

    private async Task<Guess> TakeAsync(HttpContext context, string kind, string email, Patience patience)
    {
        if (browsers.Find(context, Name(email)) is { } number
            && await store.TakeAsync($"{kind} by {number}", KnownBrowser) is { Until: null } known) return Of(known, null);
        var here = await store.TakeAsync(At(context, kind, email), Place);
        // What is refused already counts for nothing else: one address alone never makes the account rest.
        if (here.Until is not null) return Of(here, null);
        var all = await store.TakeAsync(Of(kind, email), patience);
        return all.Until is null ? Of(here, all.Id) : Of(all, null);
    }

    private Guess Of(GuessTaken taken, Guid? account) =>
        new(taken.Until is { } until ? until - clock.GetUtcNow() : null, taken.First, taken.Id, account);

    private string Of(string kind, string email) => $"{kind} of {Name(email)}";

    private string At(HttpContext context, string kind, string email) => $"{Of(kind, email)} from {Addresses.Of(context)}";

    private string Name(string email) => names.NormalizeEmail(email) ?? "";
}
