using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Pages.Availability;

/// <summary>A page says that it is being closed. Only who has no other and opens none within seconds has gone.</summary>
[Authorize(Policies.Staff)]
public sealed class DeparturePage(AgentStore agents) : PageModel
{
    public IActionResult OnGet() => Redirect("/inbox");

    public async Task<IActionResult> OnPostAsync()
    {
        // The browser that sent this does not wait for the answer.
        await agents.LeavingAsync(User.Id(), CancellationToken.None);
        return new NoContentResult();
    }
}
