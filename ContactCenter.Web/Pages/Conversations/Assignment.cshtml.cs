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
    public PaneView View { get; private set; } = null!;

    public IActionResult OnGet(Guid id) => Redirect($"/conversations/{id}");

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken cancel)
    {
        var viewer = Viewer.Of(User);
        if (await panes.FindAsync(HttpContext, id, cancel) is null) return NotFound();
        var notice = await assigner.TakeAsync(id, viewer.Id, cancel) switch
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
        if (await panes.ReadAsync(HttpContext, id, cancel, notice) is not { } view) return NotFound();
        View = view;
        if (notice is not null) Response.StatusCode = StatusCodes.Status409Conflict;
        return Page();
    }
}
