using ContactCenter.Domain;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages.Conversations;

/// <summary>What the verbs of a conversation share: each answers with the frame as it then is, 409 where it was refused.</summary>
public abstract class VerbPage(Panes panes, IStringLocalizer<Text> text) : PageModel
{
    public FrameView View { get; private set; } = null!;

    protected Viewer Viewer => Viewer.Of(User);

    /// <summary>Whether the conversation is there for the viewer at all.</summary>
    protected async Task<bool> IsWithinReachAsync(Guid id, CancellationToken cancel) =>
        await panes.FindAsync(HttpContext, id, cancel) is not null;

    protected string? RefusalOf(TransitionOutcome? outcome) => outcome switch
    {
        TransitionOutcome.Refused { Why: Refusal.NotYours } => text["Refused: the conversation is not yours."].Value,
        TransitionOutcome.Refused { Why: Refusal.NotNow } => text["Refused: not in the state it is in now."].Value,
        TransitionOutcome.Refused { Why: Refusal.AlreadyFinished } => text["Refused: it is finished already."].Value,
        _ => null,
    };

    protected async Task<IActionResult> AnswerAsync(Guid id, TransitionOutcome? outcome, CancellationToken cancel)
    {
        var refusal = RefusalOf(outcome);
        if (outcome is null || await panes.FrameAsync(HttpContext, id, cancel, refusal) is not { } view) return NotFound();
        View = view;
        if (refusal is not null) Response.StatusCode = StatusCodes.Status409Conflict;
        return Page();
    }
}
