using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Pages.Inbox;

/// <summary>What calls for attention, for the pages that show no list (N2).</summary>
[Authorize(Policies.Staff)]
public sealed class BellPage(InboxStore inboxes) : PageModel
{
    public CallsView Calls { get; private set; } = null!;
    public int Pending { get; private set; }

    public async Task OnGetAsync(CancellationToken cancel) => (Calls, Pending) = await inboxes.CallsAsync(User.Id(), cancel);
}
