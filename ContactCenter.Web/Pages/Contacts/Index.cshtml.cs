using ContactCenter.Domain;
using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages.Contacts;

/// <summary>Saves the contact's profile (C1).</summary>
[Authorize(Policies.Staff)]
public sealed class IndexPage(Panels panels, ContactStore contacts, IStringLocalizer<Text> text) : PageModel
{
    public const int Longest = 120;

    public PanelView View { get; private set; } = null!;

    public IActionResult OnGet(Guid id) => NotFound();

    public async Task<IActionResult> OnPostAsync([FromRoute] Guid id, [FromForm] ContactForm form, [FromQuery] Guid? conversation, CancellationToken cancel)
    {
        var viewer = Viewer.Of(User);
        var (clean, problems) = Check(form);
        var outcome = ContactOutcome.Changed;
        if (problems.Count == 0) outcome = await contacts.SaveAsync(viewer, id, form.Version, contact => Apply(clean, contact), cancel);
        if (outcome == ContactOutcome.NotFound || await panels.ReadAsync(viewer, id, PanelTab.Profile, conversation, cancel) is not { } now)
            return NotFound();

        // What was not accepted stays as typed; saving again over somebody else's change is then a decision.
        View = problems.Count > 0 ? now with { Form = form, Problems = problems }
            : outcome == ContactOutcome.Changed ? now with { Form = form with { Version = now.Contact.Version }, Conflict = true }
            : now with { Saved = true };
        Response.StatusCode = problems.Count > 0 ? StatusCodes.Status422UnprocessableEntity
            : outcome == ContactOutcome.Changed ? StatusCodes.Status409Conflict
            : StatusCodes.Status200OK;
        // The name stands in the header and in the list too.
        if (outcome == ContactOutcome.Saved) Response.Headers["HX-Trigger"] = "state, inbox";
        return Page();
    }

    private static void Apply(ContactForm form, Contact contact)
    {
        (contact.Name, contact.Email, contact.Phone) = (form.Name!, form.Email, form.Phone);
        contact.Profile = new ContactProfile
        {
            Company = form.Company,
            Position = form.Position,
            DocumentNumber = form.DocumentNumber,
            Gender = form.Gender,
        };
    }

    private (ContactForm Clean, Dictionary<string, string> Problems) Check(ContactForm form)
    {
        var problems = new Dictionary<string, string>(StringComparer.Ordinal);
        string? Line(string field, string? value, int longest = Longest)
        {
            if (string.IsNullOrWhiteSpace(value)) return null;
            var line = MessageText.CleanLine(value, longest);
            if (line is null) problems[field] = text["Text of at most {0} characters.", longest];
            return line;
        }
        var clean = new ContactForm(
            Line(nameof(form.Name), form.Name), Line(nameof(form.Email), form.Email, Address.LongestMail),
            Line(nameof(form.Phone), form.Phone),
            Line(nameof(form.Company), form.Company), Line(nameof(form.Position), form.Position),
            Line(nameof(form.DocumentNumber), form.DocumentNumber), Line(nameof(form.Gender), form.Gender), form.Version);
        if (clean.Name is null) problems.TryAdd(nameof(form.Name), text["The name is needed."]);
        if (clean.Email is { } email && !Address.IsMail(email))
            problems[nameof(form.Email)] = text["This is not an e-mail address."];
        return (clean, problems);
    }
}
