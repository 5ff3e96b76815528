using System.ComponentModel.DataAnnotations;
using ContactCenter.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages.Account;

[AllowAnonymous, EnableRateLimiting(Limits.SignIn)]
public sealed class SignInPage(SignInManager<User> session, Accounts accounts, IStringLocalizer<Text> T) : PageModel
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
        if (done == "password") Done = T["Your new password is set. Sign in with it."];
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (ModelState.IsValid)
        {
            var answer = await session.PasswordSignInAsync(Form.Email, Form.Password, isPersistent: false, lockoutOnFailure: true);
            if (answer.Succeeded) return Onwards();
            if (answer.RequiresTwoFactor) return RedirectToPage("/Account/Code", new { ReturnUrl });
        }
        // One answer for a wrong password, no such account, an inactive one and a locked one: a stranger learns nothing.
        if (ModelState.IsValid)
            ModelState.AddModelError("", T["E-mail and password do not match. After five wrong tries an account rests for 10 minutes."]);
        Form.Password = "";
        return this.Invalid();
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
