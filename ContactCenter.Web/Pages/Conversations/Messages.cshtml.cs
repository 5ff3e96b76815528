using ContactCenter.Domain;
using ContactCenter.Realtime;
using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages.Conversations;

/// <summary>Earlier messages (A6), and writing one (A7).</summary>
[Authorize(Policies.Staff), EnableRateLimiting(Limits.Message)]
public sealed class MessagesPage(
    Panes panes, MessageStore messages, ConversationStore conversations, IStringLocalizer<Text> text) : PageModel
{
    public IReadOnlyList<MessageView> Log { get; private set; } = [];
    public OlderView? Older { get; private set; }
    public Dossier? Earlier { get; private set; }
    public string? Problem { get; private set; }

    public async Task<IActionResult> OnGetAsync(Guid id, int? before, Guid? earlier, CancellationToken cancel)
    {
        if (await panes.FindAsync(HttpContext, id, cancel) is not { } found) return NotFound();
        if (earlier is { } asked)
        {
            if (await panes.EarlierAsync(HttpContext, found, asked, cancel) is not { } past) return NotFound();
            (Earlier, Log, Older) = past;
        }
        else (Log, Older) = await panes.BeforeAsync(HttpContext, found, before ?? int.MaxValue, cancel);
        return Page();
    }

    /// <param name="message">The id the browser made: a repeat with it is stored once.</param>
    /// <param name="seen">The highest place the agent has been shown (A18).</param>
    public async Task<IActionResult> OnPostAsync(
        [FromRoute] Guid id, [FromForm(Name = "id")] Guid? message, [FromForm(Name = "text")] string? words, [FromForm] int seen, CancellationToken cancel)
    {
        if (message is not { } clientId || clientId == Guid.Empty) return Refuse(StatusCodes.Status422UnprocessableEntity, text["Not sent: it has no id."]);
        var clean = MessageText.Clean(words);
        if (clean.Value is not { } said)
            return Refuse(StatusCodes.Status422UnprocessableEntity, clean.Problem switch
            {
                MessageTextProblem.TooLong => text["Not sent: at most {0} characters.", MessageText.MaxLength],
                MessageTextProblem.NotText => text["Not sent: it has characters that are not text."],
                _ => text["Not sent: there is nothing to send."],
            });

        var viewer = Viewer.Of(User);
        var outcome = await messages.FromAgentAsync(id, viewer.Id, viewer.Name, clientId, said, seen, cancel);
        // Writing in a paused conversation takes it up again (A10).
        if (outcome is MessageOutcome.Closed
            && await conversations.ResumeAsync(id, viewer.Id, viewer.Name, cancel) is TransitionOutcome.Changed)
            outcome = await messages.FromAgentAsync(id, viewer.Id, viewer.Name, clientId, said, seen, cancel);
        switch (outcome)
        {
            case MessageOutcome.Accepted accepted:
                Log = [panes.View(accepted.Message, default)!];
                return Page();
            case MessageOutcome.Unseen:
                return Refuse(StatusCodes.Status409Conflict, text["Not sent: the contact wrote meanwhile. Read it, then send."]);
            // Who had it and was removed from its campaign since is told no more of it than anybody.
            case MessageOutcome.Closed when await panes.FindAsync(HttpContext, id, cancel) is not null:
                return Refuse(StatusCodes.Status409Conflict, text["Not sent: the conversation is finished."]);
            default:
                return NotFound();
        }
    }

    private PageResult Refuse(int status, string problem)
    {
        Response.StatusCode = status;
        Problem = problem;
        return Page();
    }
}
