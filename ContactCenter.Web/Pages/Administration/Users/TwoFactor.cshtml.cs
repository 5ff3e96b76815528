using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Pages.Administration.Users;

/// <summary>Takes away the second factor of a user who has lost it (D6).</summary>
[Authorize(Policies.Administrator)]
public sealed class TwoFactorPage(UserStore users) : PageModel
{
    public UserRecord Record { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync([FromRoute] Guid id, CancellationToken cancel)
    {
        if (await users.FindAsync(Viewer.Of(User), id, cancel) is not { TwoFactor: true } record) return NotFound();
        Record = record;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync([FromRoute] Guid id, CancellationToken cancel) =>
        await users.RemoveSecondFactorAsync(Viewer.Of(User), id, cancel)
            ? Redirect($"/administration/users/{id}?done=two-factor")
            : NotFound();
}
