using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Pages.Account;

/// <summary>Ends one of one's own sessions, or without an id all the others. This asks for no password: it lets nobody in.</summary>
[Authorize(Policies.SignedIn)]
public sealed class SessionEndPage(SessionStore sessions, SignInManager<User> signIn) : PageModel
{
    public IActionResult OnGet() => NotFound();

    public async Task<IActionResult> OnPostAsync([FromRoute] Guid? id, CancellationToken cancel)
    {
        var mine = Session.Of(HttpContext);
        if (id == mine.Id)
        {
            await signIn.SignOutAsync();
            return Redirect("/sign-in");
        }
        if (id is { } one)
        {
            if (!await sessions.EndAsync(mine.User, one, SessionEnding.EndedElsewhere, cancel)) return NotFound();
        }
        else
        {
            await sessions.EndAllAsync(mine.User, mine.Id, SessionEnding.EndedElsewhere, cancel);
        }
        return Redirect(id is null ? "/profile?done=sessions#sessions" : "/profile?done=session#sessions");
    }
}
