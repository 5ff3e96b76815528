using System.Globalization;
using ContactCenter.Domain;
using ContactCenter.Storage;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages.Administration.Users;

/// <summary>The form of a user (D6) as typed.</summary>
public sealed class UserForm
{
    public const int LongestName = 100;

    public string? Version { get; set; }
    public string? Name { get; set; }
    public string? Email { get; set; }
    public List<string> Roles { get; set; } = [];
    public string? Capacity { get; set; }
    public bool Monitored { get; set; }
    public List<Guid> Campaigns { get; set; } = [];
    public List<Guid> Departments { get; set; } = [];
    public List<Guid> Groups { get; set; } = [];

    /// <summary>The administrator's own, where what is changed asks for it.</summary>
    public string? Password { get; set; }

    /// <summary>A code of the administrator, who has a second factor.</summary>
    public string? Code { get; set; }

    /// <summary>An empty form: most users are agents.</summary>
    public static UserForm New() => new() { Roles = [Domain.Roles.Agent], Capacity = "6" };

    public static UserForm Of(UserSettings settings) => new()
    {
        Version = settings.Version,
        Name = settings.Name,
        Email = settings.Email,
        Roles = [.. settings.Roles],
        Capacity = settings.Capacity.ToString(CultureInfo.InvariantCulture),
        Monitored = settings.Monitored,
        Campaigns = [.. settings.Campaigns],
        Departments = [.. settings.Departments],
        Groups = [.. settings.Groups],
    };

    /// <summary>What is typed; problems say what cannot be.</summary>
    public UserSettings Read(Problems problems, UserChoices choices, IStringLocalizer<Text> T)
    {
        var name = problems.Line("name", Name, LongestName);
        var email = problems.Line("email", Email, Address.LongestMail);
        if (problems.Of("email") is null && !Address.IsMail(email)) problems.Add("email", T["This is not an e-mail address."]);
        var roles = Domain.Roles.All.Where(Roles.Contains).ToList();
        if (roles.Count == 0) problems.Add("roles", T["Choose at least one role."]);
        var attends = roles.Contains(Domain.Roles.Agent);
        var groups = Among(choices.Groups, Groups);
        if (choices.MustChooseGroup && groups.Count == 0 && roles.Exists(role => role != Domain.Roles.Agent))
            problems.Add("groups", T["Choose at least one of your groups: without a group they would see every campaign."]);
        // An agent's settings count for agents only.
        var capacity = attends ? problems.Number("capacity", Capacity, 1, 100) : 6;
        return new UserSettings(name, email, capacity, attends && Monitored)
        {
            Roles = roles,
            Campaigns = Among(choices.Campaigns, Campaigns),
            Departments = Among(choices.Departments, Departments),
            Groups = groups,
        };
    }

    /// <summary>The form in words, to compare two of them.</summary>
    public IEnumerable<(string Label, string Text)> Lines(UserChoices choices, IStringLocalizer<Text> T)
    {
        string Names(IReadOnlyList<Choice> offered, List<Guid> chosen) =>
            string.Join(", ", offered.Where(each => chosen.Contains(each.Id)).Select(each => each.Name));
        yield return (T["Name"], Name?.Trim() ?? "");
        yield return (T["E-mail"], Email?.Trim() ?? "");
        yield return (T["Roles"], string.Join(", ", Domain.Roles.All.Where(Roles.Contains).Select(role => Words.Role(role, T))));
        yield return (T["Conversations at once"], Capacity?.Trim() ?? "");
        yield return (T["Screen monitoring"], Monitored ? T["yes"] : T["no"]);
        yield return (T["Campaigns"], Names(choices.Campaigns, Campaigns));
        yield return (T["Departments"], Names(choices.Departments, Departments));
        yield return (T["Security groups"], Names(choices.Groups, Groups));
    }

    private static List<Guid> Among(IReadOnlyList<Choice> offered, List<Guid> chosen) =>
        [.. offered.Select(each => each.Id).Where(chosen.Contains)];
}
