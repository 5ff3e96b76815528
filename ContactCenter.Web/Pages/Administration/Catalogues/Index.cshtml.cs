using System.Globalization;
using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages.Administration.Catalogues;

/// <summary>Clients, projects, departments and break reasons: the form of one at the left, the table at the right (D7).</summary>
[Authorize(Policies.Administrator)]
public sealed class IndexPage(CatalogueStore catalogues, IStringLocalizer<Text> T) : PageModel
{
    public CatalogueKind Kind { get; private set; }
    public CatalogueWords Words { get; private set; } = null!;

    /// <summary>Null: a new entry.</summary>
    public Guid? Id { get; private set; }
    public CatalogueForm Form { get; private set; } = new();
    public Problems Problems { get; private set; } = null!;
    public CatalogueEntry? Entry { get; private set; }
    public IReadOnlyList<Choice> Clients { get; private set; } = [];
    public CataloguePage Found { get; private set; } = null!;
    public string Query { get; private set; } = "";
    public string? Done { get; private set; }

    /// <summary>Whether the viewer administers every campaign, which all share the catalogues.</summary>
    public bool MayChange { get; private set; }
    public Conflict? Conflict { get; private set; }

    public async Task<IActionResult> OnGetAsync(
        [FromRoute] CatalogueKind kind, [FromRoute] Guid? id, [FromQuery] string? q, [FromQuery] int? p, [FromQuery] string? done,
        CancellationToken cancel)
    {
        if (!await LoadAsync(kind, id, q, p, cancel)) return NotFound();
        Form = Entry is { } entry ? CatalogueForm.Of(entry) : CatalogueForm.New();
        Done = done switch
        {
            "saved" => T["Saved."].Value,
            "activated" => T["It is offered again."].Value,
            "deactivated" => T["It is offered to nobody any more; what belongs to it stays."].Value,
            "deleted" => T["It is deleted."].Value,
            _ => null,
        };
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(
        [FromRoute] CatalogueKind kind, [FromRoute] Guid? id, [FromQuery] string? q, [FromQuery] int? p, [FromForm] CatalogueForm form,
        CancellationToken cancel)
    {
        if (!await catalogues.MayChangeAsync(Viewer.Of(User), cancel)) return Forbid();
        if (!await LoadAsync(kind, id, q, p, cancel)) return NotFound();
        Form = form;
        var typed = form.Read(kind, Problems, Clients, Entry, T);
        if (Problems.Any) return this.Invalid();
        var (outcome, saved) = Entry is { } entry
            ? (await catalogues.SaveAsync(Viewer.Of(User), kind, entry.Id, form.Version ?? "", typed, cancel), entry.Id)
            : await catalogues.CreateAsync(Viewer.Of(User), kind, typed, cancel);
        switch (outcome)
        {
            case CatalogueOutcome.Saved:
                return Redirect(Address(saved, done: "saved"));
            case CatalogueOutcome.NameTaken:
                Problems.Add("name", T["There is one with this name already."]);
                return this.Invalid();
            case CatalogueOutcome.Changed when await catalogues.FindAsync(kind, saved, cancel) is { } theirs:
                Conflict = Conflict.Of(CatalogueForm.Of(theirs).Lines(kind, Clients, T), form.Lines(kind, Clients, T), Address(saved));
                form.Version = theirs.Version;
                Response.StatusCode = StatusCodes.Status409Conflict;
                return Page();
            case CatalogueOutcome.Shared:
                return Forbid();
            default:
                return NotFound();
        }
    }

    private async Task<bool> LoadAsync(CatalogueKind kind, Guid? id, string? query, int? page, CancellationToken cancel)
    {
        (Kind, Words, Problems, Query) = (kind, CatalogueWords.Of(kind, T), new Problems(T), Addresses.Query(query));
        MayChange = await catalogues.MayChangeAsync(Viewer.Of(User), cancel);
        Found = await catalogues.ListAsync(kind, Query, page ?? 1, cancel);
        Id = id;
        Entry = id is { } asked ? await catalogues.FindAsync(kind, asked, cancel) : null;
        if (id is not null && Entry is null) return false;
        if (kind == CatalogueKind.Projects) Clients = await catalogues.ClientsAsync(Entry?.ClientId, cancel);
        return true;
    }

    /// <summary>The address of the catalogue.</summary>
    public string Path => PathOf(Kind);

    public static string PathOf(CatalogueKind kind) => "/administration/" + kind.ToString().ToLowerInvariant();

    /// <summary>An entry's form, the table beside it as it is now.</summary>
    public string Address(Guid? id, int? page = null, string? done = null) => Addresses.With(
        Path + (id is { } one ? $"/{one}" : ""), ("q", Query),
        ("p", (page ?? Found.Page) is var shown && shown > 1 ? shown.ToString(CultureInfo.InvariantCulture) : null), ("done", done));
}
