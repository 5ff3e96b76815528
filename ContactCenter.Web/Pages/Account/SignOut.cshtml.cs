using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Pages.Account;

/// <summary>Signs out; whoever has conversations open is asked first, and told what becomes of them.</summary>
[Authorize(Policies.SignedIn)]
public sealed class SignOutPage(SignInManager<User> session, AgentStore agents) : PageModel
{
    public Held Held { get; private set; } = new(0, 0);

    /// <summary>The page they were on, of this site.</summary>
    public string Back { get; private set; } = "/inbox";

    public bool IsBackToWork =>
        Back.StartsWith("/inbox", StringComparison.Ordinal)
        || Back.StartsWith("/conversations/", StringComparison.Ordinal);

    // Only by POST: a picture on another site must not sign anybody out.
    public IActionResult OnGet() => NotFound();

    /// <param name="open">How many conversations they were told of.</param>
    /// <param name="back">Where they came from when they were asked first.</param>
    public async Task<IActionResult> OnPostAsync([FromForm] int open, [FromForm] string? back, CancellationToken cancel)
    {
        Held = await HeldAsync(cancel);
        if (Held.Open > open)
        {
            var page = back ?? Sessions.OwnPage(Request, Request.Headers.Referer);
            if (Url.IsLocalUrl(page) && page != Request.Path) Back = page;
            Response.StatusCode = StatusCodes.Status409Conflict;
            return Page();
        }
        await LeaveAsync();
        await session.SignOutAsync();
        return Redirect("/sign-in");
    }

    /// <summary>
    /// The end of the last session releases all at once. Where another one is left, which may be a browser that was closed long
    /// ago, nothing new comes from now on, and a page that lives there tells within seconds that they are not gone.
    /// </summary>
    private async Task LeaveAsync()
    {
        try
        {
            await agents.LeavingAsync(User.Id(), CancellationToken.None);
        }
        catch (Exception problem) when (problem.SaysAway())
        {
            // As with the question: the grace of a lost connection ends it.
        }
    }

    private async Task<Held> HeldAsync(CancellationToken cancel)
    {
        try
        {
            return await agents.HeldAsync(User.Id(), cancel);
        }
        catch (Exception problem) when (problem.SaysAway())
        {
            // Whoever wants to go goes, also while the database is away.
            return new Held(0, 0);
        }
    }
}
