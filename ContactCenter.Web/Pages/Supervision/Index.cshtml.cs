using ContactCenter.Domain;
using ContactCenter.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Pages.Supervision;

/// <summary>The supervisor's board (S1–S4): of one campaign, or of all the viewer supervises.</summary>
[Authorize(Policies.Supervision)]
public sealed class IndexPage(Boards boards) : PageModel
{
    public BoardView View { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(
        Guid? campaign, BoardSort sort = BoardSort.State, bool desc = false, AgentState? state = null, string? q = null,
        CancellationToken cancel = default)
    {
        if (await boards.ReadAsync(HttpContext, campaign, Boards.Order(sort, desc, state, q), cancel) is not { } view) return NotFound();
        View = view;
        return Page();
    }
}
