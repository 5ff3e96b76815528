using ContactCenter.Domain;
using ContactCenter.Routing;
using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages.Conversations;

/// <summary>An agent takes a conversation: from the red tab (W4), or from the waiting list where the strategy lets them (Q2).</summary>
[Authorize(Policies.Agent)]
public sealed class AssignmentPage(Panes panes, Assigner assigner, IStringLocalizer<Text> text) : PageModel
{
    /// <summary>The conversation as it is now; null where a colleague was quicker and it is theirs alone.</summary>
    public FrameView? View { get; private set; }

    public string? Notice { get; private set; }

    public IActionResult OnGet(Guid id) => Redirect($"/conversations/{id}");

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken cancel)
    {
        var viewer = Viewer.Of(User);
        var within = await panes.FindAsync(HttpContext, id, cancel) is not null;
        var result = await assigner.TakeAsync(id, viewer.Id, cancel);
        if (!within && result is TakeResult.NotFound) return NotFound();
        Notice = result switch
        {
            TakeResult.Refused { Why: TakeRefusal.NotAvailable } => text["Refused: you are not available. Accept new conversations first."].Value,
            TakeResult.Refused { Why: TakeRefusal.Full } => text["Refused: you have as many conversations as you may."].Value,
            TakeResult.Refused { Why: TakeRefusal.OneAtATime } => text["Refused: finish the one you have first."].Value,
            TakeResult.Refused { Why: TakeRefusal.OldestFirst } => text["Refused: somebody has waited longer."].Value,
            TakeResult.Refused => text["Refused: the campaign assigns its conversations itself."].Value,
            TakeResult.Gone { Holder: { } holder } => text["{0} has it already.", holder].Value,
            TakeResult.Gone => text["Refused: not in the state it is in now."].Value,
            TakeResult.NotFound => text["Refused: you are no member of its campaign."].Value,
            _ => null,
        };
        View = await panes.FrameAsync(HttpContext, id, cancel, Notice);
        if (result is TakeResult.Gone && View is { Mine: true })
        {
            // Asked again, because the first answer was lost.
            Notice = null;
            View = View with { Notice = null };
        }
        if (Notice is null && View is null) return NotFound();
        if (Notice is not null) Response.StatusCode = StatusCodes.Status409Conflict;
        return Page();
    }
}
