using System.ComponentModel.DataAnnotations;
using ContactCenter.Domain;
using ContactCenter.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages.Account;

/// <summary>Who knows the one-time code makes the first administrator; afterwards there is nothing here.</summary>
[AllowAnonymous, EnableRateLimiting(Limits.SignIn)]
public sealed class SetupPage(Accounts accounts, SetupCodes codes, SignInManager<User> session, IStringLocalizer<Text> T) : PageModel
{
    [BindProperty]
    public SetupForm Form { get; set; } = new();

    public async Task<IActionResult> OnGetAsync() => await accounts.IsFirstVisitAsync() ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (!await accounts.IsFirstVisitAsync()) return NotFound();
        // First: to who does not know it, nothing is told of the rest.
        if (!await codes.IsRightAsync(Form.Code, cancel))
        {
            ModelState.Clear();
            ModelState.AddModelError("Form.Code", T["This is not the code. It is in the log of the last start and in the file {0} of the data folder.", SetupCodes.FileName]);
            return this.Invalid();
        }
        if (!ModelState.IsValid) return this.Invalid();

        var creation = await accounts.SetUpAsync(
            new NewAccount(Form.Email, Form.DisplayName.Trim(), Form.Password, [Roles.Administrator]) { TimeZone = TimeZones.Find(Form.TimeZone)!, TimeZoneKnown = true });
        if (creation is null) return NotFound();
        if (creation.User is { } user)
        {
            await session.SignInAsync(user, isPersistent: false);
            return Redirect("/");
        }
        foreach (var error in creation.Errors) ModelState.AddModelError("", error);
        return this.Invalid();
    }
}

public sealed class SetupForm
{
    [StringLength(100, ErrorMessage = "This is too long.")]
    public string? Code { get; set; }

    [Required(ErrorMessage = "Write your name."), StringLength(100, ErrorMessage = "This is too long."), NoControls]
    public string DisplayName { get; set; } = "";

    [Required(ErrorMessage = "Write your e-mail address."), MailAddress,
     StringLength(Address.LongestMail, ErrorMessage = "This is too long.")]
    public string Email { get; set; } = "";

    /// <summary>None to begin with: whoever reads no clock but UTC chooses that too.</summary>
    [TimeZoneName]
    public string TimeZone { get; set; } = "";

    [Required(ErrorMessage = "Write a password."), StringLength(256, ErrorMessage = "This is too long.")]
    public string Password { get; set; } = "";

    [Required(ErrorMessage = "Write the password again."), Compare(nameof(Password), ErrorMessage = "The two are not the same.")]
    public string Repeated { get; set; } = "";
}
