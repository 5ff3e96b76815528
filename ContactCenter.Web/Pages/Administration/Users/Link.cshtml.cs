using ContactCenter.Domain;
using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Pages.Administration.Users;

/// <summary>Shows a link to choose a password, this once, for an administrator to hand over where no mail does.</summary>
[Authorize(Policies.Administrator)]
public sealed class LinkPage(UserStore users, UserManager<User> accounts, Sending sending, SecurityLog security) : PageModel
{
    public UserRecord Record { get; private set; } = null!;

    /// <summary>Null: nobody has said what it begins with.</summary>
    public string? Link { get; private set; }

    // The answer to a GET would be kept in histories, and made again by every look.
    public IActionResult OnGet([FromRoute] Guid id) => Redirect($"/administration/users/{id}");

    public async Task<IActionResult> OnPostAsync([FromRoute] Guid id, CancellationToken cancel)
    {
        if (await users.FindAsync(Viewer.Of(User), id, cancel) is not { } record || !sending.OffersLink(record, User.Id(), Request)
            || await accounts.FindByIdAsync($"{id}") is not { } user) return NotFound();
        (Record, Link) = (record, await sending.LinkAsync(accounts, user, Request));
        if (Link is not null) await security.WriteAsync(SecurityEventKind.LinkShown, id);
        if (Link is null) Response.StatusCode = StatusCodes.Status409Conflict;
        return Page();
    }
}
