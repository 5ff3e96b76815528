using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Pages.Administration.Users;

/// <summary>Sends an invitation again, to who has not chosen a password yet.</summary>
[Authorize(Policies.Administrator)]
public sealed class InvitationPage(UserStore users, Sending sending) : PageModel
{
    public IActionResult OnGet() => NotFound();

    public async Task<IActionResult> OnPostAsync([FromRoute] Guid id, CancellationToken cancel) =>
        await users.FindAsync(Viewer.Of(User), id, cancel) is { Active: true, Invited: true } user
            ? Redirect($"/administration/users/{id}?done={await sending.SendAsync(user.Settings.Email, User, Request, cancel)}")
            : NotFound();
}
