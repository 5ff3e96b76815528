using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;

namespace ContactCenter.Pages.Conversations;

/// <summary>How far the agent who holds it has received and read (A9). Anybody else's receipt changes nothing.</summary>
[Authorize(Policies.Staff), EnableRateLimiting(Limits.Receipt)]
public sealed class ReceiptsPage(Panes panes, MessageStore messages) : PageModel
{
    public IActionResult OnGet(Guid id) => Redirect($"/conversations/{id}");

    public async Task<IActionResult> OnPostAsync(Guid id, [FromForm] int delivered, [FromForm] int read, CancellationToken cancel)
    {
        if (delivered < 0 || read < 0) return new UnprocessableEntityResult();
        if (await panes.FindAsync(HttpContext, id, cancel) is null) return NotFound();
        await messages.AgentReceiptAsync(id, User.Id(), delivered, read, cancel);
        return new NoContentResult();
    }
}
