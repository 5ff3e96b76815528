using System.Globalization;
using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages.Administration.Members;

/// <summary>A member's row as typed.</summary>
public sealed class TypedMember
{
    public Guid Campaign { get; set; }
    public Guid Agent { get; set; }
    public string? Penalty { get; set; }
    public string? Position { get; set; }

    /// <summary>What was saved when the form was read.</summary>
    public int ReadPenalty { get; set; }

    /// <inheritdoc cref="ReadPenalty"/>
    public int ReadPosition { get; set; }
}

/// <summary>The whole form as sent.</summary>
public sealed class MembersForm
{
    public List<Guid> Campaigns { get; set; } = [];
    public List<Guid> Agents { get; set; } = [];
    public List<TypedMember> Rows { get; set; } = [];
}

/// <summary>Several campaigns × several agents (D4): campaigns, agents, and who is a member with penalty and order.</summary>
[Authorize(Policies.Administrator)]
public sealed class IndexPage(MemberStore members, IStringLocalizer<Text> T) : PageModel, IShownAgain
{
    /// <summary>What was sent with an aged token.</summary>
    public MembersForm? Form { get; private set; }

    public MembersView View { get; private set; } = null!;
    public HashSet<Guid> Campaigns { get; private set; } = [];
    public HashSet<Guid> Agents { get; private set; } = [];
    public Problems Problems { get; private set; } = null!;

    /// <summary>What was typed for the members, by campaign and agent.</summary>
    public Dictionary<(Guid, Guid), TypedMember> Typed { get; private set; } = [];
    public string? Done { get; private set; }

    /// <summary>Somebody else changed members since the form was read: both are shown, and saving again replaces theirs.</summary>
    public bool Overtaken { get; private set; }

    /// <summary>What the row's field shows: what was typed, unless somebody else alone changed it.</summary>
    public (string? Position, string? Penalty) Shown(MemberRow row)
    {
        var saved = (Text(row.Position), Text(row.Penalty));
        if (Typed.GetValueOrDefault((row.Campaign, row.Agent)) is not { } typed) return saved;
        var untouched = (typed.Position, typed.Penalty) == (Text(typed.ReadPosition), Text(typed.ReadPenalty));
        return Overtaken && untouched ? saved : (typed.Position, typed.Penalty);
    }

    /// <summary>Whether somebody else changed the row since the form was read.</summary>
    public bool IsOvertaken(MemberRow row) => Overtaken && Typed.GetValueOrDefault((row.Campaign, row.Agent)) is { } typed
        && (typed.ReadPosition, typed.ReadPenalty) != (row.Position, row.Penalty);

    public async Task OnGetAsync([FromQuery] List<Guid> campaigns, [FromQuery] string? done, CancellationToken cancel)
    {
        await LoadAsync(campaigns, [], cancel);
        Done = done switch
        {
            "added" => T["Added. Waiting conversations are given out anew."].Value,
            "removed" => T["Removed. What they held there is back in its place in the queue."].Value,
            "saved" => T["Saved."].Value,
            _ => null,
        };
    }

    public Task<IActionResult> OnPostAddAsync([FromForm] List<Guid> campaigns, [FromForm] List<Guid> agents, CancellationToken cancel) =>
        ChangeAsync(campaigns, agents, "added", () => members.AddAsync(Viewer.Of(User), campaigns, agents, cancel), cancel);

    public Task<IActionResult> OnPostRemoveAsync([FromForm] List<Guid> campaigns, [FromForm] List<Guid> agents, CancellationToken cancel) =>
        ChangeAsync(campaigns, agents, "removed", () => members.RemoveAsync(Viewer.Of(User), campaigns, agents, cancel), cancel);

    public async Task<IActionResult> OnPostSaveAsync([FromForm] List<Guid> campaigns, [FromForm] List<TypedMember> rows, CancellationToken cancel)
    {
        var shown = await ShowAsync(campaigns, [], rows, cancel);
        var settings = Typed.Values.Select(row => new MemberSetting(
            row.Campaign, row.Agent, row.ReadPenalty, row.ReadPosition,
            Problems.Number(Name(row.Campaign, row.Agent, "penalty"), row.Penalty, 0, 100),
            Problems.Number(Name(row.Campaign, row.Agent, "position"), row.Position, 0, 10_000))).ToList();
        if (Problems.Any) return this.Invalid();
        if (await members.SaveAsync(Viewer.Of(User), settings, cancel)) return Redirect(Address("saved"));
        Overtaken = true;
        View = await members.ReadAsync(Viewer.Of(User), shown, cancel);
        Response.StatusCode = StatusCodes.Status409Conflict;
        return Page();
    }

    public async Task ShowAgainAsync(CancellationToken cancel)
    {
        if (Form is not { } form) return;
        await ShowAsync(form.Campaigns, form.Agents, form.Rows, cancel);
    }

    public static string Name(Guid campaign, Guid agent, string field) => $"{campaign:N}-{agent:N}-{field}";

    private async Task<IActionResult> ChangeAsync(
        List<Guid> campaigns, List<Guid> agents, string done, Func<Task<int>> change, CancellationToken cancel)
    {
        await LoadAsync(campaigns, agents, cancel);
        if (Campaigns.Count == 0) Problems.Add("campaigns", T["Choose at least one campaign."]);
        if (Agents.Count == 0) Problems.Add("agents", T["Choose at least one agent."]);
        if (Problems.Any) return this.Invalid();
        await change();
        return Redirect(Address(done));
    }

    private async Task<List<Guid>> ShowAsync(List<Guid> campaigns, List<Guid> agents, List<TypedMember> rows, CancellationToken cancel)
    {
        // Rows of campaigns no longer chosen may have been typed in too.
        List<Guid> shown = campaigns.Count == 0 ? [] : [.. campaigns.Union(rows.Select(row => row.Campaign))];
        await LoadAsync(shown, agents, cancel);
        Campaigns.IntersectWith(campaigns);
        Typed = rows.GroupBy(row => (row.Campaign, row.Agent)).ToDictionary(same => same.Key, same => same.First());
        return shown;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task LoadAsync(List<Guid> campaigns, List<Guid> agents, CancellationToken cancel)
    {
        Problems = new Problems(T);
        View = await members.ReadAsync(Viewer.Of(User), campaigns, cancel);
        // Beyond the viewer's reach is as if it were not chosen.
        Campaigns = [.. View.Campaigns.Select(each => each.Id).Intersect(campaigns)];
        Agents = [.. View.Agents.Select(each => each.Id).Intersect(agents)];
    }

    private string Address(string done) =>
        $"/administration/members?done={done}{string.Concat(Campaigns.Select(campaign => $"&campaigns={campaign}"))}";
}
