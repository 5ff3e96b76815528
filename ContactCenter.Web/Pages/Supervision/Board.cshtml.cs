using ContactCenter.Domain;
using ContactCenter.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Pages.Supervision;

/// <summary>The board by itself: what a refresh, a column's head and the filters ask for.</summary>
[Authorize(Policies.Supervision)]
public sealed class BoardPage(Boards boards) : PageModel
{
    public BoardView View { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(
        Guid? campaign, BoardSort sort = BoardSort.State, bool desc = false, AgentState? state = null, string? q = null,
        CancellationToken cancel = default)
    {
        if (await boards.ReadAsync(HttpContext, campaign, Boards.Order(sort, desc, state, q), cancel) is not { } view) return NotFound();
        View = view;
        // The order stays in the address, for a reload and for whoever is sent it.
        Response.Headers["HX-Replace-Url"] = $"/supervision{view.Path}{view.Order.Query}";
        return Page();
    }
}
