using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages.Availability;

/// <summary>"Accept new conversations", and breaks with their reasons (A2).</summary>
[Authorize(Policies.Agent)]
public sealed class IndexPage(AgentStore agents, InboxStore inboxes, IStringLocalizer<Text> text) : PageModel
{
    public AvailabilityView Availability { get; private set; } = null!;

    public IActionResult OnGet() => Redirect("/inbox");

    public async Task<IActionResult> OnPostAsync(bool? accepting, Guid? reason, CancellationToken cancel)
    {
        if (!ModelState.IsValid || (accepting is null && reason is null)) return new UnprocessableEntityResult();
        // An administrator may have taken the reason away while the menu was open.
        var gone = reason is { } chosen && !await agents.StartBreakAsync(User.Id(), chosen, null, cancel);
        if (reason is null) await agents.SetAcceptingAsync(User.Id(), accepting!.Value, cancel);
        if (await inboxes.AvailabilityAsync(User.Id(), cancel) is not { } now) return NotFound();
        Availability = now;
        if (gone)
        {
            Availability = now with { Problem = text["This reason is not offered any more; nothing was changed. Choose another."] };
            Response.StatusCode = StatusCodes.Status409Conflict;
            if (Request.Headers.ContainsKey("HX-Request")) return Page();
            HttpContext.Fail(StatusCodes.Status409Conflict, Availability.Problem);
            return new EmptyResult();
        }
        return Request.Headers.ContainsKey("HX-Request") ? Page() : Redirect("/inbox");
    }
}
