using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Pages.Availability;

/// <summary>"Accept new conversations", and breaks with their reasons (A2).</summary>
[Authorize(Policies.Agent)]
public sealed class IndexPage(AgentStore agents, InboxStore inboxes) : PageModel
{
    public AvailabilityView Availability { get; private set; } = null!;

    public IActionResult OnGet() => Redirect("/inbox");

    public async Task<IActionResult> OnPostAsync(bool? accepting, Guid? reason, CancellationToken cancel)
    {
        if (!ModelState.IsValid || (accepting is null && reason is null)) return new UnprocessableEntityResult();
        if (reason is { } chosen)
        {
            if (!await agents.StartBreakAsync(User.Id(), chosen, null, cancel)) return NotFound();
        }
        else await agents.SetAcceptingAsync(User.Id(), accepting!.Value, cancel);
        if (await inboxes.AvailabilityAsync(User.Id(), cancel) is not { } now) return NotFound();
        Availability = now;
        return Request.Headers.ContainsKey("HX-Request") ? Page() : Redirect("/inbox");
    }
}
