using ContactCenter.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Pages.Conversations;

/// <summary>What stands around the log of an open conversation, as it is now.</summary>
[Authorize(Policies.Staff)]
public sealed class FramePage(Panes panes) : PageModel
{
    public FrameView View { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancel)
    {
        if (await panes.FrameAsync(HttpContext, id, cancel) is not { } view) return NotFound();
        View = view;
        return Page();
    }
}
