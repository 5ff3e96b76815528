using ContactCenter.Pages.Contacts;
using ContactCenter.Pages.Inbox;
using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Pages.Conversations;

/// <summary>The workspace with a conversation open: what its address shows when opened directly.</summary>
[Authorize(Policies.Staff)]
public sealed class IndexPage(Panes panes, Workspaces workspaces) : PageModel
{
    public WorkspaceView View { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, PanelTab panel = PanelTab.Profile, CancellationToken cancel = default)
    {
        if (await panes.ReadAsync(HttpContext, id, cancel, tab: panel) is not { } pane) return NotFound();
        var tab = pane.Mine ? pane.Conversation.State.Tab() : null;
        View = await workspaces.ReadAsync(HttpContext, tab ?? InboxTab.Attending, null, pane, cancel);
        return Page();
    }
}
