using ContactCenter.Realtime;
using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;

namespace ContactCenter.Pages.Conversations;

/// <summary>Tells the contact that the agent is typing.</summary>
[Authorize(Policies.Staff), EnableRateLimiting(Limits.Receipt)]
public sealed class TypingPage(Panes panes, Typing typing) : PageModel
{
    public IActionResult OnGet(Guid id) => Redirect($"/conversations/{id}");

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken cancel)
    {
        if (await panes.FindAsync(HttpContext, id, cancel) is not { } found || !Panes.IsMine(found, Viewer.Of(User))) return NotFound();
        // A paused conversation is paused without the contact knowing (A10): only what is sent tells them.
        if (found.State == Domain.ConversationState.Attending) typing.Staff(id, User.DisplayName());
        return new NoContentResult();
    }
}
