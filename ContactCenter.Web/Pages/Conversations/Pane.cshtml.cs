using ContactCenter.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Pages.Conversations;

/// <summary>A conversation as the workspace opens it.</summary>
[Authorize(Policies.Staff)]
public sealed class PanePage(Panes panes) : PageModel
{
    public PaneView View { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancel)
    {
        if (await panes.ReadAsync(HttpContext, id, cancel) is not { } view) return NotFound();
        View = view;
        return Page();
    }
}
