using ContactCenter.Domain;
using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages.Administration.Campaigns;

/// <summary>Campaigns: the form of one at the left, the table of the viewer's at the right (D1, D2).</summary>
[Authorize(Policies.Administrator)]
public sealed class IndexPage(CampaignStore campaigns, PublicAddress address, TimeProvider clock, IStringLocalizer<Text> T) : PageModel
{
    /// <summary>Null: a new campaign.</summary>
    public Guid? Id { get; private set; }
    public CampaignForm Form { get; private set; } = new();
    public Problems Problems { get; private set; } = null!;
    public CampaignChoices Choices { get; private set; } = null!;
    public CampaignRecord? Record { get; private set; }
    public IReadOnlyList<CampaignRow> Rows { get; private set; } = [];
    public bool More { get; private set; }
    public string Query { get; private set; } = "";
    public string? Done { get; private set; }

    /// <summary>Where somebody else saved meanwhile.</summary>
    public Conflict? Conflict { get; private set; }

    /// <summary>The key in the form's address bar: fixed once the campaign is made.</summary>
    public string? SavedKey => Record?.Campaign.Key;

    /// <summary>What the snippet's address begins with; null where nobody has said.</summary>
    public string? Site => address.ForPage(Request);

    public async Task<IActionResult> OnGetAsync([FromRoute] Guid? id, [FromQuery] string? q, [FromQuery] string? done, CancellationToken cancel)
    {
        if (!await LoadAsync(id, q, cancel)) return NotFound();
        Form = Record is { } record ? CampaignForm.Of(record) : CampaignForm.New(User.Zone().Id);
        Done = done switch
        {
            "saved" => T["Saved. It holds from now on, also for who is waiting."].Value,
            "enabled" => T["The campaign is open to visitors again."].Value,
            "disabled" => T["The campaign is disabled: visitors do not see it, everything in it stays."].Value,
            "deleted" => T["The campaign is deleted."].Value,
            _ => null,
        };
        return Page();
    }

    public async Task<IActionResult> OnPostAsync([FromRoute] Guid? id, [FromForm] CampaignForm form, [FromForm] string? change, CancellationToken cancel)
    {
        if (!await LoadAsync(id, null, cancel)) return NotFound();
        Form = form;
        if (change is { Length: > 0 })
        {
            form.Change(change);
            return Page();
        }
        var apply = form.Read(Problems, Choices, T);
        var groups = form.Groups.Where(group => Choices.Groups.Any(each => each.Id == group)).ToList();
        if (Record is { } record) return await SaveAsync(record, apply, groups, cancel);

        var key = Problems.Line("key", form.Key, 64).ToLowerInvariant();
        if (Problems.Of("key") is null && !CampaignForm.IsKey(key)) Problems.Add("key", T["Lower-case letters, digits and hyphens between them."]);
        if (Problems.Any) return this.Invalid();
        var campaign = new Campaign { Id = Ids.New(clock), Key = key, Name = "" };
        apply(campaign);
        if (await campaigns.CreateAsync(campaign, groups, cancel) == CampaignOutcome.Saved)
            return Redirect($"/administration/campaigns/{campaign.Id}?done=saved");
        Problems.Add("key", T["Another campaign has this key."]);
        return this.Invalid();
    }

    private async Task<IActionResult> SaveAsync(CampaignRecord record, Action<Campaign> apply, List<Guid> groups, CancellationToken cancel)
    {
        if (Problems.Any) return this.Invalid();
        var viewer = Viewer.Of(User);
        switch (await campaigns.SaveAsync(viewer, record.Campaign.Id, Form.Version, apply, groups, cancel))
        {
            case CampaignOutcome.Saved:
                return Redirect($"/administration/campaigns/{record.Campaign.Id}?done=saved");
            case CampaignOutcome.Changed when await campaigns.FindAsync(viewer, record.Campaign.Id, cancel) is { } theirs:
                Record = theirs;
                Conflict = Conflict.Of(
                    Comparison.Lines(CampaignForm.Of(theirs), Choices, T), Comparison.Lines(Form, Choices, T), $"/administration/campaigns/{theirs.Campaign.Id}");
                Form.Version = theirs.Campaign.Version;
                Response.StatusCode = StatusCodes.Status409Conflict;
                return Page();
            default:
                return NotFound();
        }
    }

    private async Task<bool> LoadAsync(Guid? id, string? query, CancellationToken cancel)
    {
        var viewer = Viewer.Of(User);
        Problems = new Problems(T);
        Query = query?.Trim() is { Length: <= 100 } typed && !typed.Contains('\0', StringComparison.Ordinal) ? typed : "";
        Choices = await campaigns.ChoicesAsync(viewer, id, cancel);
        (Rows, More) = await campaigns.ListAsync(viewer, Query, cancel);
        if ((Id = id) is not { } asked) return true;
        Record = await campaigns.FindAsync(viewer, asked, cancel);
        return Record is not null;
    }

    /// <summary>A message as somebody would read it; forms.js does the same while one types.</summary>
    public IHtmlContent Preview(string? text, string? agent = null) => new HtmlString(MessageText.ToHtml(Variables.Fill(
        (text ?? "").ReplaceLineEndings("\n").Trim(), Form.Name ?? "", Choices.Departments.FirstOrDefault(each => each.Id == Form.Department)?.Name ?? "",
        "Marta", 1001, agent is { Length: > 0 } ? agent : "Lili")));

    /// <summary>How a campaign stands now.</summary>
    public (string Css, string Name) StateOf(bool enabled, OpeningHours hours) =>
        !enabled ? ("", T["disabled"]) : Opening.At(hours, clock.GetUtcNow()).IsOpen ? ("attending", T["Open"]) : ("closed", T["Closed"]);
}

/// <summary>A row of opening hours on the page.</summary>
/// <param name="Row">Its place in the form's names; <c>{row}</c> in the template that scripts copy.</param>
/// <param name="Days">The week, from its first day in the interface language.</param>
public sealed record HoursView(string Row, HoursRow Typed, IReadOnlyList<string> Days, string? Error);

/// <inheritdoc cref="HoursView"/>
public sealed record HolidayView(string Row, HolidayRow Typed, string? Error);
