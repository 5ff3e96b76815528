using System.ComponentModel.DataAnnotations;
using System.Text;
using ContactCenter.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.WebUtilities;

namespace ContactCenter.Pages.Account;

[AllowAnonymous, EnableRateLimiting(Limits.SignIn)]
public sealed class ResetPage(UserManager<User> users, Accounts accounts, ChosenAddress chosen) : PageModel
{
    [BindProperty(SupportsGet = true, Name = "user")]
    public string? Account { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Code { get; set; }

    [BindProperty]
    public NewPasswordForm Form { get; set; } = new();

    /// <summary>Whether the link can still be used; the same for an unknown account and a spent code.</summary>
    public bool LinkWorks { get; private set; } = true;

    public async Task OnGetAsync()
    {
        ModelState.Clear();
        LinkWorks = await LoadAsync() is var (user, token)
            && await users.VerifyUserTokenAsync(user, users.Options.Tokens.PasswordResetTokenProvider, UserManager<User>.ResetPasswordTokenPurpose, token);
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!ModelState.IsValid) return this.Invalid();
        if (await LoadAsync() is not var (user, token)) return Spent();

        var reset = await accounts.ResetPasswordAsync(user, token, Form.Password);
        if (reset.Errors.Any(error => error.Code == nameof(IdentityErrorDescriber.InvalidToken))) return Spent();
        if (!reset.Succeeded)
        {
            foreach (var error in reset.Errors) ModelState.AddModelError("Form.Password", error.Description);
            return this.Invalid();
        }
        chosen.Keep(HttpContext, user.Email);
        return Redirect("/sign-in?done=password");
    }

    private PageResult Spent()
    {
        LinkWorks = false;
        return this.Invalid();
    }

    private async Task<(User User, string Token)?> LoadAsync()
    {
        if (!Guid.TryParse(Account, out var id) || Code is null) return null;
        if (await users.FindByIdAsync(id.ToString()) is not { Active: true } user) return null;
        try
        {
            return (user, Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(Code)));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}

public sealed class NewPasswordForm
{
    [Required(ErrorMessage = "Write a password."), StringLength(256, ErrorMessage = "This is too long.")]
    public string Password { get; set; } = "";

    [Required(ErrorMessage = "Write the password again."), Compare(nameof(Password), ErrorMessage = "The two are not the same.")]
    public string Repeated { get; set; } = "";
}
