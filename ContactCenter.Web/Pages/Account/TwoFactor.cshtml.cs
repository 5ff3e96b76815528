using ContactCenter.Domain;
using ContactCenter.Security;
using ContactCenter.Storage;
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
public sealed class TwoFactorPage(
    UserManager<User> users, Accounts accounts, SessionStore sessions, SecurityLog security, IStringLocalizer<Text> T) : PageModel
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

    /// <summary>The password, and where there is a second factor a code: every change of it asks for them.</summary>
    public ProofFields Fields { get; private set; } = new("", false, null, null);

    public async Task<IActionResult> OnGetAsync(string? done)
    {
        if (await LoadAsync() is null) return Challenge();
        Done = done == "off" && !On ? T["The second step is off. Your password alone signs you in."].Value : null;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync([FromForm] string? password)
    {
        if (await LoadAsync() is not { } user) return Challenge();
        if (On) return Redirect("/profile/two-factor");
        return await ProvedAsync(user, password, null, async () =>
        {
            await SecondFactor.BeginAsync(users, user);
            // The secret is shown to who has just proved who they are, and taken from them.
            await sessions.ProveAsync(Session.Of(HttpContext).Id);
            return Redirect("/profile/two-factor");
        });
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
        await security.WriteAsync(SecurityEventKind.SecondFactorOn, user.Id);
        return await NewCodesAsync(user);
    }

    public async Task<IActionResult> OnPostCodesAsync([FromForm] string? password, [FromForm] string? code)
    {
        if (await LoadAsync() is not { } user) return Challenge();
        return On ? await ProvedAsync(user, password, code, () => NewCodesAsync(user)) : Redirect("/profile/two-factor");
    }

    public async Task<IActionResult> OnPostOffAsync([FromForm] string? password, [FromForm] string? code)
    {
        if (await LoadAsync() is not { } user) return Challenge();
        if (!On) return Redirect("/profile/two-factor");
        return await ProvedAsync(user, password, code, async () =>
        {
            await SecondFactor.RemoveAsync(users, user);
            await accounts.GoOnAsync(user);
            await security.WriteAsync(SecurityEventKind.SecondFactorOff, user.Id);
            return Redirect("/profile/two-factor?done=off");
        });
    }

    private async Task<IActionResult> ProvedAsync(User user, string? password, string? code, Func<Task<IActionResult>> then)
    {
        var proof = await accounts.ProveAsync(user, password, code);
        if (proof.IsRight) return await then();
        Fields = Fields with { PasswordProblem = proof.AboutPassword(T), CodeProblem = proof.AboutCode(T) };
        // What was being set up is not shown to whoever could not prove it.
        (Secret, Picture) = (null, null);
        return this.Unproved(proof);
    }

    private async Task<IActionResult> NewCodesAsync(User user)
    {
        Codes = [.. await users.GenerateNewTwoFactorRecoveryCodesAsync(user, SecondFactor.RecoveryCodes) ?? []];
        await accounts.GoOnAsync(user);
        await security.WriteAsync(SecurityEventKind.RecoveryCodesMade, user.Id);
        (On, Secret, Picture) = (true, null, null);
        return Page();
    }

    private async Task<User?> LoadAsync()
    {
        if (await users.GetUserAsync(User) is not { } user) return null;
        On = user.TwoFactorEnabled;
        Fields = new ProofFields(user.Email ?? "", On, null, null);
        if (On) CodesLeft = await users.CountRecoveryCodesAsync(user);
        else if (await users.GetAuthenticatorKeyAsync(user) is { } key && await sessions.IsProvedAsync(Session.Of(HttpContext).Id))
        {
            Secret = string.Join(' ', key.Chunk(4).Select(four => new string(four)));
            using var code = QRCodeGenerator.GenerateQrCode(SecondFactor.Address(user.Email ?? "", key), QRCodeGenerator.ECCLevel.M);
            using var picture = new SvgQRCode(code);
            Picture = new HtmlString(picture.GetGraphic(new System.Drawing.Size(200, 200), sizingMode: SvgQRCode.SizingMode.ViewBoxAttribute));
        }
        return user;
    }
}
