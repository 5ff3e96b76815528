using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Pages.Supervision;

/// <summary>
/// Logs an agent out (S5): every session of theirs ends, and what they held goes back to its place in the queue. That is
/// asked first, and asked again where it has become more than was said.
/// </summary>
[Authorize(Policies.Supervision)]
public sealed class AgentDeparturePage(FloorStore floor) : PageModel
{
    public AgentDossier Agent { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancel)
    {
        if (await floor.FindAsync(Viewer.Of(User), id, cancel) is not { } agent) return NotFound();
        Agent = agent;
        return Page();
    }

    /// <param name="open">Of how many open conversations the supervisor was told.</param>
    public async Task<IActionResult> OnPostAsync(Guid id, [FromForm] int open, CancellationToken cancel)
    {
        if (await floor.FindAsync(Viewer.Of(User), id, cancel) is not { } agent) return NotFound();
        if (agent.Held.Open > open)
        {
            Agent = agent;
            Response.StatusCode = StatusCodes.Status409Conflict;
            return Page();
        }
        await floor.LogOutAsync(id, agent.Name, User.Id(), cancel);
        return Sessions.IsHtmx(Request) ? new NoContentResult() : Redirect("/supervision");
    }
}
