using System.Globalization;
using ContactCenter.Domain;
using ContactCenter.Storage;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages.Administration.Catalogues;

/// <summary>Holds for the addresses of catalogues: <c>clients</c>, <c>projects</c>, <c>departments</c>, <c>breaks</c>.</summary>
public sealed class CatalogueConstraint : IRouteConstraint
{
    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        values.TryGetValue(routeKey, out var value)
        && Enum.GetNames<CatalogueKind>().Contains(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "", StringComparer.OrdinalIgnoreCase);
}

/// <summary>How a catalogue is called on its page.</summary>
/// <param name="Help">What its entries are for.</param>
/// <param name="Contents">What is counted in an entry.</param>
/// <param name="Used">Why one that is used cannot be deleted, and what happens instead.</param>
public sealed record CatalogueWords(string Title, string New, string One, string Help, string Contents, string Used)
{
    public static CatalogueWords Of(CatalogueKind kind, IStringLocalizer<Text> T) => kind switch
    {
        CatalogueKind.Clients => new(
            T["Clients"], T["New client"], T["Client"], T["The companies you answer for. A project belongs to one, a campaign to a project."],
            T["Projects"], T["It has projects: it cannot be deleted, or their campaigns would be nobody's."]),
        CatalogueKind.Projects => new(
            T["Projects"], T["New project"], T["Project"], T["What you do for a client. Campaigns belong to it."],
            T["Campaigns"], T["Campaigns belong to it: it cannot be deleted, or their conversations would be nobody's."]),
        CatalogueKind.Departments => new(
            T["Departments"], T["New department"], T["Department"], T["Groups of campaigns and of the people who work in them."],
            T["Campaigns and people"], T["Campaigns or people belong to it: it cannot be deleted."]),
        CatalogueKind.Breaks => new(
            T["Break reasons"], T["New break reason"], T["Break reason"], T["What agents choose from when they take a break. The board shows the icon."],
            T["On it now"], T["An agent is on this break, or was last: it cannot be deleted now."]),
    };
}

/// <summary>The icons a break reason can have, of those of the interface, and their names.</summary>
static class BreakIcons
{
    public static IReadOnlyList<(string Icon, string Name)> All(IStringLocalizer<Text> T) =>
    [
        ("coffee", T["Coffee"]), ("utensils", T["Meal"]), ("users", T["People"]), ("graduation-cap", T["Training"]),
        ("phone", T["Phone"]), ("file-text", T["Document"]), ("heart-pulse", T["Health"]), ("house", T["House"]),
        ("clock", T["Clock"]), ("sun", T["Sun"]), ("moon", T["Moon"]), ("smile", T["Face"]), ("settings", T["Gear"]), ("map-pin", T["Way"]),
    ];
}

/// <summary>The form of an entry as typed.</summary>
public sealed class CatalogueForm
{
    public const int LongestName = 100;
    public const int MostHistory = 200;
    private const int Day = 86_400;

    public string? Version { get; set; }
    public string? Name { get; set; }
    public Guid? Client { get; set; }
    public string? Icon { get; set; }
    public string? HistoryCount { get; set; }
    public string? ServiceTarget { get; set; }
    public string? ServiceLevel { get; set; }

    public static CatalogueForm New() => new() { Icon = "coffee", HistoryCount = Typed(Domain.Client.UsualHistory) };

    public static CatalogueForm Of(CatalogueEntry entry) => new()
    {
        Version = entry.Version,
        Name = entry.Name,
        Client = entry.ClientId,
        Icon = entry.Icon,
        HistoryCount = entry.HistoryCount is { } count ? Typed(count) : null,
        ServiceTarget = entry.ServiceLevelTarget is { } target ? Typed(target) : null,
        ServiceLevel = entry.ServiceLevelSeconds is { } seconds ? Typed(seconds) : null,
    };

    /// <summary>What is typed; problems say what cannot be.</summary>
    /// <param name="saved">The entry as it is: an icon that is not offered any more stays.</param>
    public CatalogueEntry Read(CatalogueKind kind, Problems problems, IReadOnlyList<Choice> clients, CatalogueEntry? saved, IStringLocalizer<Text> T)
    {
        if (kind == CatalogueKind.Breaks && Icon != saved?.Icon && !BreakIcons.All(T).Any(each => each.Icon == Icon))
            problems.Add("icon", T["Choose one from the list."]);
        // Neither typed: nothing is promised. One alone is no promise.
        var promised = kind == CatalogueKind.Clients && !(string.IsNullOrWhiteSpace(ServiceTarget) && string.IsNullOrWhiteSpace(ServiceLevel));
        return new CatalogueEntry
        {
            Name = problems.Line("name", Name, LongestName),
            ClientId = kind == CatalogueKind.Projects ? problems.Chosen("client", Client, clients) : null,
            Icon = kind == CatalogueKind.Breaks ? Icon : null,
            HistoryCount = kind == CatalogueKind.Clients ? problems.Number("historyCount", HistoryCount, 0, MostHistory) : null,
            ServiceLevelTarget = promised ? problems.Number("serviceTarget", ServiceTarget, 0, 100) : null,
            ServiceLevelSeconds = promised ? problems.Number("serviceLevel", ServiceLevel, 1, Day) : null,
        };
    }

    /// <summary>The form in words, to compare two of them.</summary>
    public IEnumerable<(string Label, string Text)> Lines(CatalogueKind kind, IReadOnlyList<Choice> clients, IStringLocalizer<Text> T)
    {
        yield return (T["Name"], Name?.Trim() ?? "");
        if (kind == CatalogueKind.Projects) yield return (T["Client"], clients.FirstOrDefault(each => each.Id == Client)?.Name ?? "");
        if (kind == CatalogueKind.Breaks) yield return (T["Icon"], BreakIcons.All(T).FirstOrDefault(each => each.Icon == Icon).Name ?? Icon ?? "");
        if (kind != CatalogueKind.Clients) yield break;
        yield return (T["Earlier conversations shown"], HistoryCount?.Trim() ?? "");
        yield return (T["Promised service level (%)"], ServiceTarget?.Trim() ?? "");
        yield return (T["within (s)"], ServiceLevel?.Trim() ?? "");
    }

    private static string Typed(int number) => number.ToString(CultureInfo.InvariantCulture);
}
