using System.ComponentModel.DataAnnotations;
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

[AllowAnonymous, EnableRateLimiting(Limits.SignIn)]
public sealed class SignInPage(
    SignInManager<User> session, Accounts accounts, Guesses guesses, SecurityLog security, ChosenAddress chosen,
    IStringLocalizer<Text> T) : PageModel
{
    [BindProperty]
    public SignInForm Form { get; set; } = new();

    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    public string? Done { get; private set; }

    /// <summary>Why the visitor is here again although they had signed in.</summary>
    public string? Ended { get; private set; }

    public async Task<IActionResult> OnGetAsync(string? done)
    {
        if (await accounts.IsFirstVisitAsync()) return Redirect("/setup");
        if (User.Identity?.IsAuthenticated == true) return Onwards();
        if (done == "ended") Ended = T["Your session was ended elsewhere, or has grown too old. Sign in to go on."];
        if (done == "password")
        {
            Done = T["Your new password is set. Sign in with it."];
            Form.Email = chosen.Take(HttpContext) ?? "";
        }
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (ModelState.IsValid)
        {
            var guess = await guesses.PasswordAsync(HttpContext, Form.Email);
            if (guess.Wait is { } wait) return await WaitAsync(wait, guess.First);
            var answer = await session.PasswordSignInAsync(Form.Email, Form.Password, isPersistent: false, lockoutOnFailure: false);
            if (answer.Succeeded || answer.RequiresTwoFactor) await guesses.ForgiveAsync(guess);
            if (answer.Succeeded) return Onwards();
            if (answer.RequiresTwoFactor) return RedirectToPage("/Account/Code", new { ReturnUrl });
        }
        // One answer for a wrong password, no such account, an inactive one and a locked one: a stranger learns nothing.
        if (ModelState.IsValid)
            ModelState.AddModelError("", T["E-mail and password do not match. After five wrong tries here you wait for 10 minutes."]);
        Form.Password = "";
        return this.Invalid();
    }

    // Whether or not anybody has this address.
    private async Task<IActionResult> WaitAsync(TimeSpan wait, bool first)
    {
        if (first) await security.WriteAsync(SecurityEventKind.SignInThrottled, (await session.UserManager.FindByEmailAsync(Form.Email))?.Id);
        ModelState.AddModelError("", T["Too many wrong tries. Wait {0} min and try again, or recover your password. A browser in which you have signed in before still lets you in.", Forms.Minutes(wait)]);
        Form.Password = "";
        return this.TooMany(wait);
    }

    private RedirectResult Onwards() => Redirect(Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : "/");
}

public sealed class SignInForm
{
    [Required(ErrorMessage = "Write your e-mail address."), StringLength(256, ErrorMessage = "This is too long."), NoControls]
    public string Email { get; set; } = "";

    [Required(ErrorMessage = "Write your password."), StringLength(256, ErrorMessage = "This is too long.")]
    public string Password { get; set; } = "";
}
