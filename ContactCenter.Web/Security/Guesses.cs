using ContactCenter.Storage;
using Microsoft.AspNetCore.Identity;

namespace ContactCenter.Security;

/// <summary>A try at a password or a code.</summary>
/// <param name="Wait">How long one has to wait; null: it may be looked at.</param>
/// <param name="First">The first that was refused since the last rest.</param>
/// <param name="Place">What is forgotten where it was right.</param>
/// <param name="Shared">What only this guess is given back to where it was right: others may be guessing there.</param>
public sealed record Guess(TimeSpan? Wait, bool First, Guid Place, IReadOnlyCollection<Guid> Shared);

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
    private static readonly Patience[] Passwords = [new(30, Hour, TimeSpan.FromMinutes(30))];

    // Of a million codes five are right at a time. Whoever guesses at them has the password already, and has weeks: what is
    // wrong sixty times in a week is not tried again before there is a new password, or the week is over.
    private static readonly Patience CodesOfWeek = new(60, GuessStore.Longest, GuessStore.Longest);
    private static readonly Patience[] Codes = [new(15, Hour, Hour), CodesOfWeek];
    private static readonly Patience[] CodeProofs = [CodesOfWeek];

    /// <summary>A try at the password of an account.</summary>
    public async Task<Guess> PasswordAsync(HttpContext context, string email)
    {
        if (await NumberAsync(context, email) is { } number
            && await store.TakeAsync($"password by {number}", KnownBrowser) is { Until: null } known) return Of(known, []);
        return await TakeAsync("password", At(context, "password", email), email, Passwords);
    }

    /// <summary>A try at the second step of an account, by who knows its password.</summary>
    public async Task<Guess> CodeAsync(HttpContext context, string email)
    {
        if (await NumberAsync(context, email) is { } number
            && await store.TakeAsync($"code by {number}", KnownBrowser) is { Until: null } known
            && await store.TakeAsync($"codes of a week by {number}", CodesOfWeek) is { Until: null } week) return Of(known, [week.Id]);
        return await TakeAsync("code", At(context, "code", email), email, Codes);
    }

    /// <summary>A try at the password of who is signed in: it counts for their session alone.</summary>
    public async Task<Guess> ProofAsync(Guid session) => Of(await store.TakeAsync($"proof {session}", Place), []);

    /// <summary>
    /// A try at a code of who is signed in and knew the password: it counts for their session, and for the account's sessions
    /// together. What is guessed from outside does not count: it would keep the owner from setting another password.
    /// </summary>
    public Task<Guess> CodeProofAsync(Guid session, string email) =>
        TakeAsync("code proof", $"code proof {session}", email, CodeProofs);

    /// <summary>It was right.</summary>
    public Task ForgiveAsync(Guess guess) => store.ForgiveAsync(guess.Place, guess.Shared);

    /// <summary>The account has a new password: whoever set it is not kept waiting for guesses at the old one.</summary>
    public Task ForgetAsync(HttpContext context, string email) => store.ForgetAsync(
        [.. Of("password", email, Passwords), .. Of("code", email, Codes), .. Of("code proof", email, CodeProofs), At(context, "password", email), At(context, "code", email)]);

    private async Task<Guess> TakeAsync(string kind, string place, string email, Patience[] patience)
    {
        var here = await store.TakeAsync(place, Place);
        // What is refused already counts for nothing else: one address alone never makes the account rest.
        if (here.Until is not null) return Of(here, []);
        var shared = new List<Guid>();
        foreach (var (what, each) in Of(kind, email, patience).Zip(patience))
        {
            var taken = await store.TakeAsync(what, each);
            if (taken.Until is not null) return Of(taken, []);
            shared.Add(taken.Id);
        }
        return Of(here, shared);
    }

    // Of a browser in which somebody has signed in by what the account asks for today: a new password, or second step, makes
    // all of them strange again. Nobody else can make this look at the account, and its time tells nothing of one.
    private async Task<string?> NumberAsync(HttpContext context, string email) =>
        browsers.Find(context, Name(email)) is { } found && await store.StampAsync(Name(email)) is { } stamp && found.IsOf(stamp)
            ? found.Number : null;

    private Guess Of(GuessTaken taken, IReadOnlyCollection<Guid> shared) =>
        new(taken.Until is { } until ? until - clock.GetUtcNow() : null, taken.First, taken.Id, shared);

    private IEnumerable<string> Of(string kind, string email, Patience[] patience) =>
        patience.Select(each => $"{kind} of {Name(email)} in {each.Within}");

    private string At(HttpContext context, string kind, string email) => $"{kind} of {Name(email)} from {Addresses.Of(context)}";

    private string Name(string email) => names.NormalizeEmail(email) ?? "";
}
