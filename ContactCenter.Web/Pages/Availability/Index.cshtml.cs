using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Pages.Availability;

/// <summary>"Accept new conversations" (A2).</summary>
[Authorize(Policies.Agent)]
public sealed class IndexPage(AgentStore agents, InboxStore inboxes) : PageModel
{
    public AvailabilityView Availability { get; private set; } = null!;

    public IActionResult OnGet() => Redirect("/inbox");

    public async Task<IActionResult> OnPostAsync(bool? accepting, CancellationToken cancel)
    {
        if (accepting is not { } wanted) return new UnprocessableEntityResult();
        await agents.SetAcceptingAsync(User.Id(), wanted, cancel);
        if (await inboxes.AvailabilityAsync(User.Id(), cancel) is not { } now) return NotFound();
        Availability = now;
        return Request.Headers.ContainsKey("HX-Request") ? Page() : Redirect("/inbox");
    }
}
