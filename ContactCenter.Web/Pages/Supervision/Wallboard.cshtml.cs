using ContactCenter.Domain;
using ContactCenter.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Pages.Supervision;

/// <summary>The figures for a television on the wall (S9): large, live, nothing to press.</summary>
[Authorize(Policies.Supervision)]
public sealed class WallboardPage(Boards boards) : PageModel
{
    public BoardView View { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid campaign, CancellationToken cancel)
    {
        if (await boards.ReadAsync(HttpContext, campaign, Boards.Order(BoardSort.State, false, null, null), cancel) is not { } view)
            return NotFound();
        View = view;
        return Page();
    }
}
