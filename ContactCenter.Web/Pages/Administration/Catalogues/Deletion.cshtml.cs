using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages.Administration.Catalogues;

/// <summary>Says what deleting an entry does, and does it; one that is used is kept and may be deactivated.</summary>
[Authorize(Policies.Administrator)]
public sealed class DeletionPage(CatalogueStore catalogues, IStringLocalizer<Text> T) : PageModel
{
    public CatalogueKind Kind { get; private set; }
    public CatalogueWords Words { get; private set; } = null!;
    public CatalogueEntry Entry { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync([FromRoute] CatalogueKind kind, [FromRoute] Guid id, CancellationToken cancel) =>
        !await LoadAsync(kind, id, cancel) ? NotFound()
        : await catalogues.MayChangeAsync(Viewer.Of(User), cancel) ? Page()
        : Redirect($"{IndexPage.PathOf(kind)}/{id}");

    public async Task<IActionResult> OnPostAsync([FromRoute] CatalogueKind kind, [FromRoute] Guid id, CancellationToken cancel)
    {
        switch (await catalogues.DeleteAsync(Viewer.Of(User), kind, id, cancel))
        {
            case CatalogueOutcome.Saved:
                return Redirect(IndexPage.PathOf(kind) + "?done=deleted");
            case CatalogueOutcome.Used when await LoadAsync(kind, id, cancel):
                Response.StatusCode = StatusCodes.Status409Conflict;
                return Page();
            case CatalogueOutcome.Shared:
                return Forbid();
            default:
                return NotFound();
        }
    }

    private async Task<bool> LoadAsync(CatalogueKind kind, Guid id, CancellationToken cancel)
    {
        if (await catalogues.FindAsync(kind, id, cancel) is not { } entry) return false;
        (Kind, Words, Entry) = (kind, CatalogueWords.Of(kind, T), entry);
        return true;
    }
}
