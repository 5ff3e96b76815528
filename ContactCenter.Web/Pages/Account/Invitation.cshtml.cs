using ContactCenter.Domain;
using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;

namespace ContactCenter.Pages.Account;

/// <summary>Where the link of an invitation leads: an invited user chooses their first password (D6).</summary>
[AllowAnonymous, EnableRateLimiting(Limits.SignIn)]
public sealed class InvitationPage(UserManager<User> users, SecurityLog security, ChosenAddress chosen) : PageModel
{
    [BindProperty]
    public NewPasswordForm Form { get; set; } = new();

    /// <summary>Null: the link is nobody's, spent or too old; which of these is told to nobody.</summary>
    public User? Guest { get; private set; }

    public async Task OnGetAsync([FromQuery] string? user, [FromQuery] string? code)
    {
        ModelState.Clear();
        Guest = await Invitations.FindAsync(users, user, code);
    }

    public async Task<IActionResult> OnPostAsync([FromQuery] string? user, [FromQuery] string? code, [FromForm(Name = TimeZones.Field)] string? zone)
    {
        Guest = await Invitations.FindAsync(users, user, code);
        if (Guest is null || !ModelState.IsValid) return this.Invalid();
        // Whoever reads the mail of the address has it.
        Guest.EmailConfirmed = true;
        // Their browser knows better than whoever made the account.
        if (TimeZones.Find(zone) is { } known) (Guest.TimeZone, Guest.TimeZoneKnown) = (known, true);
        var added = await users.AddPasswordAsync(Guest, Form.Password);
        if (added.Succeeded)
        {
            await security.WriteAsync(SecurityEventKind.PasswordSet, Guest.Id);
            chosen.Keep(HttpContext, Guest.Email);
            return Redirect("/sign-in?done=password");
        }
        foreach (var error in added.Errors) ModelState.AddModelError("Form.Password", error.Description);
        return this.Invalid();
    }
}
