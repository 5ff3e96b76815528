using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Pages.Inbox;

/// <summary>The figures (A1), and the switch as another tab may have left it.</summary>
[Authorize(Policies.Staff)]
public sealed class KpisPage(Workspaces workspaces) : PageModel
{
    public Kpis Figures { get; private set; } = null!;
    public AvailabilityView? Availability { get; private set; }

    public async Task OnGetAsync(CancellationToken cancel)
    {
        var figures = workspaces.KpisAsync(HttpContext, cancel);
        Availability = await workspaces.AvailabilityAsync(HttpContext, cancel);
        Figures = await figures;
    }
}
