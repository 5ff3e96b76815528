using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Pages.DirectMessages;

/// <summary>The link in the rail with the count of what one has not seen.</summary>
[Authorize(Policies.Staff)]
public sealed class UnreadPage(DirectMessageStore messages) : PageModel
{
    public int Count { get; private set; }
    public string? From { get; private set; }

    public async Task OnGetAsync(CancellationToken cancel) => (Count, From) = await messages.UnreadAsync(Viewer.Of(User), cancel);
}
