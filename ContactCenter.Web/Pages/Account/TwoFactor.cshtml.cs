using ContactCenter.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Localization;
using QRCoder;

namespace ContactCenter.Pages.Account;

/// <summary>Sets up one's own second factor (D6): scan, prove it with a code, keep the recovery codes; and takes it away again.</summary>
[Authorize(Policies.SignedIn), EnableRateLimiting(Limits.SignIn)]
public sealed class TwoFactorPage(UserManager<User> users, Accounts accounts, SignInManager<User> session, IStringLocalizer<Text> T) : PageModel
{
    public bool On { get; private set; }

    /// <summary>The secret being set up; null: not begun, or proved already.</summary>
    public string? Secret { get; private set; }

    /// <summary>The secret as a picture for the application.</summary>
    public IHtmlContent? Picture { get; private set; }

    /// <summary>New recovery codes, shown this once.</summary>
    public IReadOnlyList<string> Codes { get; private set; } = [];

    public int CodesLeft { get; private set; }

    public string? Done { get; private set; }

    public string? CodeProblem { get; private set; }

    public string? PasswordProblem { get; private set; }

    public async Task<IActionResult> OnGetAsync(string? done)
    {
        if (await LoadAsync() is null) return Challenge();
        Done = done == "off" && !On ? T["The second step is off. Your password alone signs you in."].Value : null;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (await LoadAsync() is not { } user) return Challenge();
        if (!On) await SecondFactor.BeginAsync(users, user);
        return Redirect("/profile/two-factor");
    }

    public async Task<IActionResult> OnPostProofAsync([FromForm] string? code)
    {
        if (await LoadAsync() is not { } user) return Challenge();
        if (On || Secret is null) return Redirect("/profile/two-factor");
        var clean = SecondFactor.Clean(code);
        if (clean.Length != SecondFactor.Digits || !await users.VerifyTwoFactorTokenAsync(user, TokenOptions.DefaultAuthenticatorProvider, clean))
        {
            CodeProblem = T["This is not the code the application shows now. Its clock and this one must agree."];
            return this.Invalid();
        }
        await users.SetTwoFactorEnabledAsync(user, true);
        return await NewCodesAsync(user);
    }

    public async Task<IActionResult> OnPostCodesAsync([FromForm] string? password) =>
        await ProvedAsync(password, NewCodesAsync);

    public async Task<IActionResult> OnPostOffAsync([FromForm] string? password) => await ProvedAsync(password, async user =>
    {
        await SecondFactor.RemoveAsync(users, user);
        await accounts.GoOnAsync(user);
        return Redirect("/profile/two-factor?done=off");
    });

    /// <summary>Whoever finds an open browser does not change how its owner signs in: the password is asked for once more.</summary>
    private async Task<IActionResult> ProvedAsync(string? password, Func<User, Task<IActionResult>> then)
    {
        if (await LoadAsync() is not { } user) return Challenge();
        if (!On) return Redirect("/profile/two-factor");
        if (password is { Length: > 0 and <= 256 } && (await session.CheckPasswordSignInAsync(user, password, lockoutOnFailure: true)).Succeeded)
            return await then(user);
        PasswordProblem = T["That is not your current password."];
        return this.Invalid();
    }

    private async Task<IActionResult> NewCodesAsync(User user)
    {
        Codes = [.. await users.GenerateNewTwoFactorRecoveryCodesAsync(user, SecondFactor.RecoveryCodes) ?? []];
        await accounts.GoOnAsync(user);
        (On, Secret, Picture) = (true, null, null);
        return Page();
    }

    private async Task<User?> LoadAsync()
    {
        if (await users.GetUserAsync(User) is not { } user) return null;
        On = user.TwoFactorEnabled;
        if (On) CodesLeft = await users.CountRecoveryCodesAsync(user);
        else if (await users.GetAuthenticatorKeyAsync(user) is { } key)
        {
            Secret = string.Join(' ', key.Chunk(4).Select(four => new string(four)));
            using var code = QRCodeGenerator.GenerateQrCode(SecondFactor.Address(user.Email ?? "", key), QRCodeGenerator.ECCLevel.M);
            using var picture = new SvgQRCode(code);
            Picture = new HtmlString(picture.GetGraphic(new System.Drawing.Size(200, 200), sizingMode: SvgQRCode.SizingMode.ViewBoxAttribute));
        }
        return user;
    }
}
