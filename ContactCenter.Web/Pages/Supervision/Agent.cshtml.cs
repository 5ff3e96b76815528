using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Pages.Supervision;

/// <summary>The dialog of an agent's row.</summary>
/// <param name="Problem">Why the last thing asked for was not accepted.</param>
public sealed record AgentView(AgentDossier Agent, string? Problem = null);

/// <summary>What a supervisor sees of an agent and can do (S5): information, reading along, a break, logging out.</summary>
[Authorize(Policies.Supervision)]
public sealed class AgentPage(FloorStore floor) : PageModel
{
    public AgentView View { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancel)
    {
        if (await floor.FindAsync(Viewer.Of(User), id, cancel) is not { } agent) return NotFound();
        View = new AgentView(agent);
        return Page();
    }
}
