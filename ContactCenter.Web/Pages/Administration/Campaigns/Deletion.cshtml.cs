using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Pages.Administration.Campaigns;

/// <summary>Says what deleting a campaign does, and does it; one with history is kept and may be disabled (Q7).</summary>
[Authorize(Policies.Administrator)]
public sealed class DeletionPage(CampaignStore campaigns) : PageModel
{
    public CampaignRecord Record { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync([FromRoute] Guid id, CancellationToken cancel) =>
        await LoadAsync(id, cancel) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync([FromRoute] Guid id, CancellationToken cancel)
    {
        switch (await campaigns.DeleteAsync(Viewer.Of(User), id, cancel))
        {
            case CampaignOutcome.Saved:
                return Redirect("/administration/campaigns?done=deleted");
            case CampaignOutcome.HasHistory when await LoadAsync(id, cancel):
                Response.StatusCode = StatusCodes.Status409Conflict;
                return Page();
            default:
                return NotFound();
        }
    }

    private async Task<bool> LoadAsync(Guid id, CancellationToken cancel)
    {
        if (await campaigns.FindAsync(Viewer.Of(User), id, cancel) is not { } record) return false;
        Record = record;
        return true;
    }
}
