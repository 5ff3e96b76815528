using ContactCenter.Domain;
using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages.Conversations;

/// <summary>Ends a conversation, with a note (A12).</summary>
[Authorize(Policies.Staff)]
public sealed class ClosurePage(Panes panes, ConversationStore conversations, IStringLocalizer<Text> text) : VerbPage(panes, text)
{
    public const int LongestNote = 2000;

    private readonly Panes panes = panes;
    private readonly IStringLocalizer<Text> text = text;

    public Guid Id { get; private set; }
    public string Contact { get; private set; } = "";
    public string Note { get; private set; } = "";
    public string? Problem { get; private set; }
    public bool Ended => View is not null;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancel)
    {
        if (await panes.FindAsync(HttpContext, id, cancel) is not { } found) return NotFound();
        if (!Panes.IsMine(found, Viewer)) return await AnswerAsync(id, new TransitionOutcome.Refused(Refusal.NotYours), cancel);
        (Id, Contact) = (id, found.Contact.Name);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync([FromRoute] Guid id, [FromForm] string? note, CancellationToken cancel)
    {
        if (await panes.FindAsync(HttpContext, id, cancel) is not { } found) return NotFound();
        (Id, Contact, Note) = (id, found.Contact.Name, note ?? "");
        var clean = MessageText.Clean(note);
        Problem = clean switch
        {
            { Problem: MessageTextProblem.NotText } => text["The note has characters that are not text."].Value,
            { Problem: MessageTextProblem.TooLong } or { Value.Length: > LongestNote } => text["At most {0} characters.", LongestNote].Value,
            _ => null,
        };
        if (Problem is not null)
        {
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return Page();
        }
        return await AnswerAsync(id, await conversations.FinishAsync(id, Viewer.Id, Viewer.Name, clean.Value, cancel), cancel);
    }
}
