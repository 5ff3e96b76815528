using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Pages.Inbox;

/// <summary>The workspace with no conversation open.</summary>
[Authorize(Policies.Staff)]
public sealed class IndexPage(Workspaces workspaces) : PageModel
{
    public WorkspaceView View { get; private set; } = null!;

    public async Task OnGetAsync(InboxTab tab = InboxTab.Attending, string? q = null, CancellationToken cancel = default) =>
        View = await workspaces.ReadAsync(HttpContext, tab, q, null, cancel);
}
