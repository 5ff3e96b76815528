using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages.Administration.Users;

/// <summary>Takes away the second factor of a user who has lost it (D6).</summary>
[Authorize(Policies.Administrator)]
public sealed class TwoFactorPage(UserStore users, UserManager<User> people, Accounts accounts, IStringLocalizer<Text> T) : PageModel
{
    public UserRecord Record { get; private set; } = null!;

    /// <summary>The administrator shows once more who they are.</summary>
    public ProofFields Fields { get; private set; } = new("", false, null, null);

    public async Task<IActionResult> OnGetAsync([FromRoute] Guid id, CancellationToken cancel) =>
        await LoadAsync(id, cancel) is null ? NotFound() : id == User.Id() ? Redirect("/profile/two-factor") : Page();

    public async Task<IActionResult> OnPostAsync(
        [FromRoute] Guid id, [FromForm] string? password, [FromForm] string? code, CancellationToken cancel)
    {
        if (await LoadAsync(id, cancel) is not { } administrator) return NotFound();
        // One's own is taken away where its codes are asked for.
        if (id == administrator.Id) return Redirect("/profile/two-factor");
        var proof = await accounts.ProveAsync(administrator, password, code);
        if (!proof.IsRight)
        {
            Fields = Fields with { PasswordProblem = proof.AboutPassword(T), CodeProblem = proof.AboutCode(T) };
            return this.Unproved(proof);
        }
        return await users.RemoveSecondFactorAsync(Viewer.Of(User), id, cancel)
            ? Redirect($"/administration/users/{id}?done=two-factor")
            : NotFound();
    }

    /// <returns>The administrator; null where there is no such user with a second factor.</returns>
    private async Task<User?> LoadAsync(Guid id, CancellationToken cancel)
    {
        if (await users.FindAsync(Viewer.Of(User), id, cancel) is not { TwoFactor: true } record) return null;
        Record = record;
        if (await people.GetUserAsync(User) is not { } administrator) return null;
        Fields = new ProofFields(administrator.Email ?? "", administrator.TwoFactorEnabled, null, null);
        return administrator;
    }
}
