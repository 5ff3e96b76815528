using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Pages.Inbox;

/// <summary>One tab of the inbox (A3), with the bell that counts over all.</summary>
[Authorize(Policies.Staff)]
public sealed class ListPage(Workspaces workspaces) : PageModel
{
    public InboxView Inbox { get; private set; } = null!;

    public async Task OnGetAsync(InboxTab tab = InboxTab.Attending, string? q = null, CancellationToken cancel = default) =>
        Inbox = await workspaces.InboxAsync(HttpContext, tab, q, cancel);
}
