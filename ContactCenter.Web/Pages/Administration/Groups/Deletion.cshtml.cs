using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Pages.Administration.Groups;

/// <summary>Says what deleting a security group does to who sees what, and does it.</summary>
[Authorize(Policies.Administrator)]
public sealed class DeletionPage(GroupStore groups) : PageModel
{
    public GroupRecord Record { get; private set; } = null!;

    /// <summary>Somebody would see every campaign, which the viewer may not give them.</summary>
    public bool Refused { get; private set; }

    public async Task<IActionResult> OnGetAsync([FromRoute] Guid id, CancellationToken cancel) =>
        await LoadAsync(id, cancel) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync([FromRoute] Guid id, CancellationToken cancel)
    {
        if (!await LoadAsync(id, cancel)) return NotFound();
        switch (await groups.DeleteAsync(Viewer.Of(User), id, cancel))
        {
            case GroupOutcome.Saved:
                return Redirect("/administration/groups?done=deleted");
            case GroupOutcome.Frees:
                Refused = true;
                Response.StatusCode = StatusCodes.Status409Conflict;
                return Page();
            default:
                return NotFound();
        }
    }

    private async Task<bool> LoadAsync(Guid id, CancellationToken cancel)
    {
        if (await groups.FindAsync(Viewer.Of(User), id, cancel) is not { } record) return false;
        Record = record;
        return true;
    }
}
