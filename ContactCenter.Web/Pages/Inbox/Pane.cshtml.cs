using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Pages.Inbox;

/// <summary>The empty pane: what minimising a conversation leaves (A15).</summary>
[Authorize(Policies.Staff)]
public sealed class PanePage(Workspaces workspaces) : PageModel
{
    public AvailabilityView? Availability { get; private set; }

    public async Task OnGetAsync(CancellationToken cancel) => Availability = await workspaces.AvailabilityAsync(HttpContext, cancel);
}
