using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Pages.Contacts;

/// <summary>A tab of the contact panel (C1, C4, A14).</summary>
[Authorize(Policies.Staff)]
public sealed class PanelPage(Panels panels) : PageModel
{
    public PanelView View { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(
        Guid id, PanelTab tab = PanelTab.Profile, Guid? conversation = null, CancellationToken cancel = default)
    {
        if (await panels.ReadAsync(Viewer.Of(User), id, tab, conversation, cancel) is not { } view) return NotFound();
        View = view;
        return Page();
    }
}
