using ContactCenter.Domain;
using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages.Account;

/// <summary>The second step of signing in, for who has a second factor: a code of their application, or a recovery code.</summary>
[AllowAnonymous, EnableRateLimiting(Limits.SignIn)]
public sealed class CodePage(SignInManager<User> session, Accounts accounts, Guesses guesses, SecurityLog security, IStringLocalizer<Text> T) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    public string? Problem { get; private set; }

    /// <summary>Only after the password was right, and for five minutes.</summary>
    public async Task<IActionResult> OnGetAsync() =>
        await session.GetTwoFactorAuthenticationUserAsync() is null ? Redirect("/sign-in") : Page();

    public async Task<IActionResult> OnPostAsync([FromForm] string? code)
    {
        if (await session.GetTwoFactorAuthenticationUserAsync() is not { } user) return Redirect("/sign-in");
        var clean = SecondFactor.Clean(code);
        if (clean.Length is > 0 and < 64)
        {
            var guess = await guesses.CodeAsync(HttpContext, user.Email ?? "");
            if (guess.Wait is { } wait)
            {
                if (guess.First) await accounts.TellOfGuessedCodesAsync(user);
                Problem = wait > TimeSpan.FromDays(1)
                    ? T["Too many wrong codes this week. Choose another password by “Forgotten your password?”, and you can try again. A browser in which you have signed in before still lets you in."]
                    : T["Too many wrong tries. Wait {0} min and try again. A browser in which you have signed in before still lets you in.", Forms.Minutes(wait)];
                return this.TooMany(wait);
            }
            var isOfApplication = clean.Length == SecondFactor.Digits && clean.All(char.IsAsciiDigit);
            var answer = isOfApplication
                ? await session.TwoFactorAuthenticatorSignInAsync(clean, isPersistent: false, rememberClient: false)
                : await session.TwoFactorRecoveryCodeSignInAsync(SecondFactor.Recovery(clean));
            if (answer.Succeeded)
            {
                await guesses.ForgiveAsync(guess);
                if (!isOfApplication) await security.WriteAsync(SecurityEventKind.RecoveryCodeUsed, user.Id, by: user.Id);
                return Redirect(Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : "/");
            }
            await security.WriteAsync(SecurityEventKind.CodeFailed, user.Id);
        }
        Problem = T["This code is not right, or was used already. After five wrong tries here you wait for 10 minutes."];
        return this.Invalid();
    }
}
