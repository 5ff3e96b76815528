using System.ComponentModel.DataAnnotations;
using ContactCenter.Domain;
using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages.Account;

[Authorize(Policies.SignedIn)]
public sealed class ProfilePage(UserManager<User> users, Accounts accounts, SignInManager<User> session, SessionStore sessions, IStringLocalizer<Text> T) : PageModel
{
    // Two forms on one page: each handler binds its own.
    public ProfileForm Form { get; private set; } = new();

    public ChangePasswordForm Password { get; private set; } = new();

    public string Email { get; private set; } = "";

    public bool TwoFactor { get; private set; }

    /// <summary>Where the user is signed in: this session first.</summary>
    public IReadOnlyList<UserSession> Sessions { get; private set; } = [];

    public string? Done { get; private set; }

    /// <summary>The session of this request.</summary>
    public Guid Here => Session.Of(HttpContext).Id;

    /// <summary>The browser and its system, as people would say it.</summary>
    public string Device(UserSession at) => (at.Browser, at.System) switch
    {
        ("", "") => T["Unknown browser"],
        (var browser, "") => browser,
        ("", var system) => system,
        var (browser, system) => T["{0} on {1}", browser, system],
    };

    public async Task<IActionResult> OnGetAsync(string? done)
    {
        if (await LoadAsync() is null) return Challenge();
        Done = done switch
        {
            "profile" => T["Saved."].Value,
            "password" => T["Your password is changed."].Value,
            "session" => T["That session has ended."].Value,
            "sessions" => T["The others have ended. You are signed in only here."].Value,
            _ => null,
        };
        return Page();
    }

    public async Task<IActionResult> OnPostAsync([Bind(Prefix = "Form")] ProfileForm form)
    {
        if (await LoadAsync() is not { } user) return Challenge();
        Form = form;
        if (!ModelState.IsValid) return this.Invalid();
        user.DisplayName = form.DisplayName.Trim();
        user.Language = Languages.Match(form.Language);
        (user.TimeZone, user.TimeZoneKnown) = (TimeZones.Find(form.TimeZone)!, true);
        var updated = await users.UpdateAsync(user);
        // The cookie carries the name, the language and the zone.
        if (updated.Succeeded) await session.RefreshSignInAsync(user);
        return Answer(updated, nameof(Form), "profile");
    }

    public async Task<IActionResult> OnPostPasswordAsync([Bind(Prefix = "Password")] ChangePasswordForm form)
    {
        if (await LoadAsync() is not { } user) return Challenge();
        if (!ModelState.IsValid) return this.Invalid();
        if (await accounts.CheckNewAsync(user, form.Password) is { Succeeded: false } bad) return Answer(bad, nameof(Password), "password");
        var proof = await accounts.ProveAsync(user, form.Current, form.Code);
        if (!proof.IsRight)
        {
            if (proof.AboutPassword(T) is { } wrong) ModelState.AddModelError("Password.Current", wrong);
            if (proof.AboutCode(T) is { } code) ModelState.AddModelError("Password.Code", code);
            return this.Unproved(proof);
        }
        return Answer(await accounts.ChangePasswordAsync(user, form.Current, form.Password), nameof(Password), "password");
    }

    private async Task<User?> LoadAsync()
    {
        if (await users.GetUserAsync(User) is not { } user) return null;
        (Email, TwoFactor) = (user.Email ?? "", user.TwoFactorEnabled);
        var here = Here;
        Sessions = [.. (await sessions.ListAsync(user.Id, HttpContext.RequestAborted)).OrderByDescending(each => each.Id == here)];
        Form = new ProfileForm { DisplayName = user.DisplayName, Language = user.Language, TimeZone = user.TimeZone };
        return user;
    }

    private IActionResult Answer(IdentityResult result, string form, string done)
    {
        if (result.Succeeded) return Redirect("/profile?done=" + done);
        foreach (var error in result.Errors)
        {
            var field = error.Code == nameof(IdentityErrorDescriber.PasswordMismatch) ? "Current" : form == nameof(Password) ? "Password" : "DisplayName";
            ModelState.AddModelError($"{form}.{field}", error.Description);
        }
        return this.Invalid();
    }
}

public sealed class ProfileForm
{
    [Required(ErrorMessage = "Write your name."), StringLength(100, ErrorMessage = "This is too long."), NoControls]
    public string DisplayName { get; set; } = "";

    [RegularExpression("es|en|pt", ErrorMessage = "Choose a language from the list.")]
    public string? Language { get; set; }

    [TimeZoneName]
    public string TimeZone { get; set; } = "UTC";
}

public sealed class ChangePasswordForm
{
    [Required(ErrorMessage = "Write your current password."), StringLength(256, ErrorMessage = "This is too long.")]
    public string Current { get; set; } = "";

    /// <summary>Of who has a second factor.</summary>
    [StringLength(64, ErrorMessage = "This is too long.")]
    public string? Code { get; set; }

    [Required(ErrorMessage = "Write a password."), StringLength(256, ErrorMessage = "This is too long.")]
    public string Password { get; set; } = "";

    [Required(ErrorMessage = "Write the password again."), Compare(nameof(Password), ErrorMessage = "The two are not the same.")]
    public string Repeated { get; set; } = "";
}
