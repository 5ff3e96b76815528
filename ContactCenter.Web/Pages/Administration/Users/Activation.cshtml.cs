using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Pages.Administration.Users;

/// <summary>Says what deactivating a user does, and does it; or lets them in again (D6).</summary>
[Authorize(Policies.Administrator)]
public sealed class ActivationPage(UserStore users) : PageModel
{
    public UserRecord Record { get; private set; } = null!;
    public UserOutcome? Refused { get; private set; }

    public async Task<IActionResult> OnGetAsync([FromRoute] Guid id, CancellationToken cancel) =>
        await LoadAsync(id, cancel) ? Page() : NotFound();

    /// <param name="open">Of how many open conversations the administrator was told: where there are more by now, it is asked again.</param>
    public async Task<IActionResult> OnPostAsync([FromRoute] Guid id, [FromForm] bool active, [FromForm] int? open, CancellationToken cancel)
    {
        if (!active && open is { } told && await LoadAsync(id, cancel) && Record.Active && Record.Held.Open > told)
        {
            Response.StatusCode = StatusCodes.Status409Conflict;
            return Page();
        }
        var outcome = await users.ActivateAsync(Viewer.Of(User), id, active, cancel);
        switch (outcome)
        {
            case UserOutcome.Saved:
                return Redirect($"/administration/users/{id}?done={(active ? "activated" : "deactivated")}");
            case UserOutcome.LastAdministrator or UserOutcome.Own when await LoadAsync(id, cancel):
                Refused = outcome;
                Response.StatusCode = StatusCodes.Status409Conflict;
                return Page();
            default:
                return NotFound();
        }
    }

    private async Task<bool> LoadAsync(Guid id, CancellationToken cancel)
    {
        if (await users.FindAsync(Viewer.Of(User), id, cancel) is not { } record) return false;
        Record = record;
        return true;
    }
}
