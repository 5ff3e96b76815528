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

    /// <summary>The note another tab finished it with, where the one typed here is not in it.</summary>
    public string? Theirs { get; private set; }

    /// <summary>Whether it is not the viewer's to finish any more: the note can be kept with the contact.</summary>
    public bool Lost { get; private set; }

    public Guid ContactId { get; private set; }

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancel)
    {
        if (await panes.FindAsync(HttpContext, id, cancel) is not { } found) return NotFound();
        if (!Panes.IsMine(found, Viewer)) return await AnswerAsync(id, new TransitionOutcome.Refused(Refusal.NotYours), cancel);
        (Id, Contact, ContactId) = (id, found.Contact.Name, found.Contact.Id);
        return Page();
    }

    /// <param name="adds">The conversation was finished by another tab already, and this note is to be added to that one's.</param>
    public async Task<IActionResult> OnPostAsync([FromRoute] Guid id, [FromForm] string? note, [FromForm] bool adds, CancellationToken cancel)
    {
        if (await panes.FindAsync(HttpContext, id, cancel) is not { } found) return NotFound();
        (Id, Contact, ContactId, Note) = (id, found.Contact.Name, found.Contact.Id, note ?? "");
        var clean = MessageText.Clean(note);
        Problem = clean switch
        {
            { Problem: MessageTextProblem.NotText } => text["The note has characters that are not text."].Value,
            { Problem: MessageTextProblem.TooLong } or { Value.Length: > LongestNote } => text["At most {0} characters.", LongestNote].Value,
            // However often is added to it.
            _ when adds && found.Note?.Length > 4 * LongestNote => text["At most {0} characters.", LongestNote].Value,
            _ => null,
        };
        if (Problem is not null)
        {
            Theirs = adds ? found.Note : null;
            return this.Invalid();
        }
        if (adds && clean.Value is { } added && await conversations.AddToNoteAsync(id, Viewer.Id, added, cancel))
            return await AnswerAsync(id, new TransitionOutcome.Already(), cancel);
        var outcome = await conversations.FinishAsync(id, Viewer.Id, Viewer.Name, clean.Value, cancel);
        return clean.Value is { } typed && await KeptAsync(id, outcome, typed, cancel) ? Page() : await AnswerAsync(id, outcome, cancel);
    }

    /// <summary>Whether the note was not stored, so that the dialog shows it again and says why.</summary>
    private async Task<bool> KeptAsync(Guid id, TransitionOutcome? outcome, string typed, CancellationToken cancel)
    {
        if (outcome is TransitionOutcome.Already)
            Theirs = await panes.FindAsync(HttpContext, id, cancel) is { Note: { } note } && !ConversationStore.HasNote(note, typed) ? note : null;
        Lost = outcome is TransitionOutcome.Refused;
        if (Theirs is null && !Lost) return false;
        Problem = RefusalOf(outcome);
        Response.StatusCode = StatusCodes.Status409Conflict;
        return true;
    }
}
