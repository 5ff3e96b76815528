using ContactCenter.Domain;
using ContactCenter.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Pages;

/// <summary>Sends everyone to where they work.</summary>
[AllowAnonymous]
public sealed class IndexPage(Accounts accounts) : PageModel
{
    public async Task<IActionResult> OnGetAsync() =>
        await accounts.IsFirstVisitAsync() ? Redirect("/setup")
        : User.Identity?.IsAuthenticated != true ? Redirect("/sign-in")
        : User.IsInRole(Roles.Agent) ? Redirect("/inbox")
        : User.IsInRole(Roles.Supervisor) ? Redirect("/supervision")
        : Redirect("/administration/campaigns");
}
