using ContactCenter.Domain;
using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages.Administration.Groups;

/// <summary>A security group as typed.</summary>
public sealed class GroupForm
{
    public const int LongestName = 100;

    public uint Version { get; set; }
    public string? Name { get; set; }
    public List<Guid> Campaigns { get; set; } = [];
    public List<Guid> People { get; set; } = [];

    public static GroupForm Of(GroupRecord record) => new()
    {
        Version = record.Group.Version,
        Name = record.Group.Name,
        Campaigns = [.. record.Campaigns],
        People = [.. record.People],
    };
}

/// <summary>Security groups: which supervisors and administrators see which campaigns. The form of one at the left, all at the right.</summary>
[Authorize(Policies.Administrator)]
public sealed class IndexPage(GroupStore groups, TimeProvider clock, IStringLocalizer<Text> T) : PageModel
{
    /// <summary>Null: a new group.</summary>
    public Guid? Id { get; private set; }
    public GroupForm Form { get; private set; } = new();
    public GroupRecord? Record { get; private set; }
    public GroupChoices Choices { get; private set; } = null!;
    public IReadOnlyList<GroupRow> Rows { get; private set; } = [];
    public Problems Problems { get; private set; } = null!;
    public string? Done { get; private set; }

    /// <summary>Where somebody else saved meanwhile.</summary>
    public Conflict? Conflict { get; private set; }

    public async Task<IActionResult> OnGetAsync([FromRoute] Guid? id, [FromQuery] string? done, CancellationToken cancel)
    {
        if (!await LoadAsync(id, cancel)) return NotFound();
        if (Record is { } record) Form = GroupForm.Of(record);
        Done = done switch
        {
            "saved" => T["Saved. Whoever is in the group sees its campaigns from now on."].Value,
            "deleted" => T["The security group is deleted."].Value,
            _ => null,
        };
        return Page();
    }

    public async Task<IActionResult> OnPostAsync([FromRoute] Guid? id, [FromForm] GroupForm form, CancellationToken cancel)
    {
        if (!await LoadAsync(id, cancel)) return NotFound();
        Form = form;
        var name = Problems.Line("name", form.Name, GroupForm.LongestName);
        if (Problems.Any) return this.Invalid();
        var viewer = Viewer.Of(User);
        var group = new SecurityGroup { Id = id ?? Ids.New(clock), Name = name };
        var outcome = Record is null
            ? await groups.CreateAsync(viewer, group, form.Campaigns, form.People, cancel)
            : await groups.SaveAsync(viewer, group.Id, form.Version, name, form.Campaigns, form.People, cancel);
        switch (outcome)
        {
            case GroupOutcome.Saved:
                return Redirect($"/administration/groups/{group.Id}?done=saved");
            case GroupOutcome.NameTaken:
                Problems.Add("name", T["Another security group has this name."]);
                return this.Invalid();
            case GroupOutcome.Frees:
                Problems.Add("people", T["Somebody would be left without a group and see every campaign. Put them into another group first."]);
                return this.Invalid();
            case GroupOutcome.Changed when await groups.FindAsync(viewer, group.Id, cancel) is { } theirs:
                Conflict = Conflict.Of(Lines(GroupForm.Of(theirs)), Lines(form), $"/administration/groups/{group.Id}");
                Form.Version = theirs.Group.Version;
                Response.StatusCode = StatusCodes.Status409Conflict;
                return Page();
            default:
                return NotFound();
        }
    }

    private IEnumerable<(string Label, string Text)> Lines(GroupForm form) =>
    [
        (T["Name"], form.Name?.Trim() ?? ""),
        (T["Campaigns"], Names(Choices.Campaigns, form.Campaigns)),
        (T["Supervisors and administrators"], Names(Choices.People, form.People)),
    ];

    private static string Names(IReadOnlyList<Choice> choices, List<Guid> chosen) =>
        string.Join(", ", choices.Where(each => chosen.Contains(each.Id)).Select(each => each.Name));

    private async Task<bool> LoadAsync(Guid? id, CancellationToken cancel)
    {
        var viewer = Viewer.Of(User);
        Problems = new Problems(T);
        Rows = await groups.ListAsync(viewer, cancel);
        Choices = await groups.ChoicesAsync(viewer, cancel);
        if ((Id = id) is not { } asked) return true;
        Record = await groups.FindAsync(viewer, asked, cancel);
        return Record is not null;
    }
}
