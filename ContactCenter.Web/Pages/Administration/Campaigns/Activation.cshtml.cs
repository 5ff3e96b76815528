using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Pages.Administration.Campaigns;

/// <summary>Opens a campaign to visitors or hides it from them (Q7).</summary>
[Authorize(Policies.Administrator)]
public sealed class ActivationPage(CampaignStore campaigns) : PageModel
{
    public IActionResult OnGet() => NotFound();

    public async Task<IActionResult> OnPostAsync([FromRoute] Guid id, [FromForm] bool enabled, CancellationToken cancel) =>
        await campaigns.EnableAsync(Viewer.Of(User), id, enabled, cancel) == CampaignOutcome.Saved
            ? Redirect($"/administration/campaigns/{id}?done={(enabled ? "enabled" : "disabled")}")
            : NotFound();
}
