using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Pages.History;

/// <summary>Finished conversations within reach, a page at a time.</summary>
[Authorize(Policies.Staff)]
public sealed class IndexPage(DossierStore dossiers) : PageModel
{
    private const int Size = 50;

    public PastPage Found { get; private set; } = null!;
    public bool IsFurther { get; private set; }

    public async Task OnGetAsync(DateTimeOffset? at, long? ticket, CancellationToken cancel)
    {
        var after = at is { } moment ? new PastCursor(moment, ticket ?? long.MaxValue) : null;
        IsFurther = after is not null;
        Found = await dossiers.FinishedAsync(Viewer.Of(User), after, Size, cancel);
    }
}
