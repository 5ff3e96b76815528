using ContactCenter.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages.Account;

/// <summary>The second step of signing in, for who has a second factor: a code of their application, or a recovery code.</summary>
[AllowAnonymous, EnableRateLimiting(Limits.SignIn)]
public sealed class CodePage(SignInManager<User> session, IStringLocalizer<Text> T) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    public string? Problem { get; private set; }

    /// <summary>Only after the password was right, and for five minutes.</summary>
    public async Task<IActionResult> OnGetAsync() =>
        await session.GetTwoFactorAuthenticationUserAsync() is null ? Redirect("/sign-in") : Page();

    public async Task<IActionResult> OnPostAsync([FromForm] string? code)
    {
        if (await session.GetTwoFactorAuthenticationUserAsync() is null) return Redirect("/sign-in");
        var clean = SecondFactor.Clean(code);
        if (clean.Length is > 0 and < 64)
        {
            var answer = clean.Length == SecondFactor.Digits && clean.All(char.IsAsciiDigit)
                ? await session.TwoFactorAuthenticatorSignInAsync(clean, isPersistent: false, rememberClient: false)
                : await session.TwoFactorRecoveryCodeSignInAsync(Recovery(clean));
            if (answer.Succeeded) return Redirect(Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : "/");
        }
        Problem = T["This code is not right, or was used already. After five wrong tries an account rests for 10 minutes."];
        return this.Invalid();
    }

    // As Identity writes them: five characters, a dash, five characters, in capitals.
    private static string Recovery(string code) =>
        code.Length == 10 ? $"{code[..5]}-{code[5..]}".ToUpperInvariant() : code;
}
