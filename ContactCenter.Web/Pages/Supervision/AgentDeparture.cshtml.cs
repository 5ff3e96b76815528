using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Pages.Supervision;

/// <summary>Logs an agent out (S5): every session of theirs ends, and what they held goes back to its place in the queue.</summary>
[Authorize(Policies.Supervision)]
public sealed class AgentDeparturePage(FloorStore floor) : PageModel
{
    public IActionResult OnGet() => Redirect("/supervision");

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken cancel)
    {
        if (await floor.FindAsync(Viewer.Of(User), id, cancel) is not { } agent) return NotFound();
        await floor.LogOutAsync(id, agent.Name, User.Id(), cancel);
        return new NoContentResult();
    }
}
