using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Pages.Administration.Jobs;

/// <summary>Sends dead letters again: one, or without an id all of them.</summary>
[Authorize(Policies.Administrator)]
public sealed class DeliveryPage(OutboxStore outbox) : PageModel
{
    public IActionResult OnGet() => NotFound();

    public async Task<IActionResult> OnPostAsync([FromRoute] Guid? id, CancellationToken cancel) =>
        await outbox.RetryAsync(Viewer.Of(User), id, cancel) == 0 && id is not null ? NotFound() : Redirect("/administration/jobs");
}
