using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Pages.DirectMessages;

/// <summary>The messages of an open talk, asked for again when the stream says so.</summary>
[Authorize(Policies.Staff)]
public sealed class LogPage(Talks talks) : PageModel
{
    public TalkView View { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid with, CancellationToken cancel)
    {
        if (await talks.ReadAsync(Viewer.Of(User), with, inDialog: true, cancel) is not { } view) return NotFound();
        View = view;
        return Page();
    }
}
