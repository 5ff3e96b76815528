using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Pages.Administration.Catalogues;

/// <summary>Offers an entry to whoever chooses one, or to nobody any more.</summary>
[Authorize(Policies.Administrator)]
public sealed class ActivationPage(CatalogueStore catalogues) : PageModel
{
    public IActionResult OnGet() => NotFound();

    public async Task<IActionResult> OnPostAsync([FromRoute] CatalogueKind kind, [FromRoute] Guid id, [FromForm] bool active, CancellationToken cancel) =>
        await catalogues.ActivateAsync(Viewer.Of(User), kind, id, active, cancel) switch
        {
            CatalogueOutcome.Saved => Redirect($"{IndexPage.PathOf(kind)}/{id}?done={(active ? "activated" : "deactivated")}"),
            CatalogueOutcome.Shared => Forbid(),
            _ => NotFound(),
        };
}
