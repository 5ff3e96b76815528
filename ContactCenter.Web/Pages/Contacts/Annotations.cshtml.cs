using ContactCenter.Domain;
using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages.Contacts;

/// <summary>Writes a note about a contact for whoever attends next (C4).</summary>
[Authorize(Policies.Staff)]
public sealed class AnnotationsPage(Panels panels, ContactStore contacts, IStringLocalizer<Text> text) : PageModel
{
    public const int Longest = 2000;

    public PanelView View { get; private set; } = null!;

    public IActionResult OnGet(Guid id) => NotFound();

    public async Task<IActionResult> OnPostAsync(
        [FromRoute] Guid id, [FromForm(Name = "id")] Guid? note, [FromForm(Name = "text")] string? words, [FromQuery] Guid? conversation, CancellationToken cancel)
    {
        var viewer = Viewer.Of(User);
        var clean = MessageText.Clean(words);
        var problem = note is null || clean.Value is null || clean.Value.Length > Longest
            ? clean.Problem == MessageTextProblem.Empty ? text["Write the note first."] : text["Text of at most {0} characters.", Longest].Value
            : null;
        if (problem is null && !await contacts.AnnotateAsync(viewer, id, note!.Value, viewer.Name, clean.Value!, cancel)) return NotFound();
        if (await panels.ReadAsync(viewer, id, PanelTab.Notes, conversation, cancel) is not { } now) return NotFound();
        View = problem is null
            ? now
            : now with { Draft = words ?? "", Problems = new Dictionary<string, string>(StringComparer.Ordinal) { ["Text"] = problem } };
        if (problem is not null) Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return Page();
    }
}
