using System.Globalization;
using ContactCenter.Domain;
using ContactCenter.Storage;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages.Supervision;

/// <summary>The columns the members can be sorted by.</summary>
public enum BoardSort
{
    State,
    Agent,
    Active,
    DoneIn,
    DoneOut,
    Since,
}

/// <summary>How the viewer wants the members: kept in the address, so that refreshes and reloads keep it.</summary>
/// <param name="State">Only members in this state; null: all.</param>
/// <param name="Name">Only members with these letters in their name; empty: all.</param>
public sealed record BoardOrder(BoardSort Sort, bool Desc, AgentState? State, string Name)
{
    /// <summary>As a query string, empty where all is as by default.</summary>
    public string Query
    {
        get
        {
            var parts = new List<string>();
            if (Sort != BoardSort.State) parts.Add($"sort={Sort}");
            if (Desc) parts.Add("desc=true");
            if (State is { } state) parts.Add($"state={state}");
            if (Name.Length > 0) parts.Add($"q={Uri.EscapeDataString(Name)}");
            return parts.Count == 0 ? "" : "?" + string.Join('&', parts);
        }
    }

    /// <summary>What a click on a column's head asks for.</summary>
    public BoardOrder By(BoardSort column) => this with { Sort = column, Desc = Sort == column && !Desc };

    public BoardOrder Only(AgentState? state) => this with { State = state };

    public IReadOnlyList<BoardAgent> Apply(IReadOnlyList<BoardAgent> agents)
    {
        var name = Folding.Fold(Name);
        var wanted = agents.Where(agent => (State is null || (!agent.HasLeft && agent.State == State))
            && (name.Length == 0 || Folding.Fold(agent.Name).Contains(name, StringComparison.Ordinal)));
        Func<BoardAgent, IComparable> key = Sort switch
        {
            BoardSort.State => agent => (Rank(agent), -agent.Active.Count),
            BoardSort.Agent => agent => "",
            BoardSort.Active => agent => agent.Active.Count,
            BoardSort.DoneIn => agent => agent.DoneIn,
            BoardSort.DoneOut => agent => agent.DoneOut,
            BoardSort.Since => agent => agent.Since,
        };
        var names = StringComparer.Create(CultureInfo.CurrentUICulture, ignoreCase: true);
        if (Sort == BoardSort.Agent)
            return [.. Desc ? wanted.OrderByDescending(agent => agent.Name, names) : wanted.OrderBy(agent => agent.Name, names)];
        return [.. (Desc ? wanted.OrderByDescending(key) : wanted.OrderBy(key)).ThenBy(agent => agent.Name, names)];
    }

    // Bots first, as the first who speak with a contact; then who works, who could, who is on a break, who is away, who has left.
    private static int Rank(BoardAgent agent) => agent.HasLeft ? 6 : agent.Bot ? 0 : agent.State switch
    {
        AgentState.Busy => 1,
        AgentState.Free => 2,
        AgentState.BusyOnBreak => 3,
        AgentState.FreeOnBreak => 4,
        AgentState.Disconnected => 5,
    };
}

/// <summary>The board of one campaign, or of all the viewer supervises.</summary>
/// <param name="Campaign">Null: all of them.</param>
/// <param name="All">What the viewer may choose from.</param>
/// <param name="Agents">The members as wanted; the counts are over all.</param>
public sealed record BoardView(
    BoardCampaign? Campaign, IReadOnlyList<BoardCampaign> All, BoardData Data, IReadOnlyList<BoardAgent> Agents, BoardOrder Order)
{
    public BoardFigures Figures => Data.Figures;

    /// <summary>The address below <c>/supervision</c> that names the campaign, or nothing.</summary>
    public string Path => Campaign is null ? "" : $"/{Campaign.Id}";

    public int Count(AgentState state) => Data.Agents.Count(agent => agent is { Bot: false, HasLeft: false } && agent.State == state);

    public CampaignSettings Settings(Guid campaign) => Data.Campaigns.First(each => each.Id == campaign).Settings;

    /// <summary>T3 of an agent: the shortest of their campaigns of the board.</summary>
    public int IdleAfter(BoardAgent agent) => agent.Campaigns.Min(campaign => Settings(campaign).IdleAfter);

    public OpenState? Open => Campaign is null ? null : Opening.At(Campaign.Settings.Hours, Data.At);
}

/// <summary>Reads the board for the pages that show it.</summary>
public sealed class Boards(BoardStore store)
{
    private const int Longest = 80;

    /// <returns>Null where the campaign is not there, or not the viewer's to see.</returns>
    public async Task<BoardView?> ReadAsync(HttpContext context, Guid? campaign, BoardOrder order, CancellationToken cancel)
    {
        var all = await store.CampaignsAsync(Viewer.Of(context.User), cancel);
        var one = all.FirstOrDefault(each => each.Id == campaign);
        if (campaign is not null && one is null) return null;
        var data = await store.ReadAsync(one is null ? all : [one], cancel);
        return new BoardView(one, all, data, order.Apply(data.Agents), order);
    }

    /// <summary>The order an address asks for; what makes no sense is left out.</summary>
    public static BoardOrder Order(BoardSort sort, bool desc, AgentState? state, string? name) => new(
        Enum.IsDefined(sort) ? sort : BoardSort.State, desc, state is { } one && Enum.IsDefined(one) ? one : null,
        MessageText.CleanLine(name, Longest) ?? "");
}

/// <summary>How the board's values read.</summary>
public static class BoardWords
{
    public static string Name(this AgentState state, IStringLocalizer<Text> text) => state switch
    {
        AgentState.Disconnected => text["Disconnected"],
        AgentState.Free => text["Free"],
        AgentState.Busy => text["Busy"],
        AgentState.FreeOnBreak => text["Free, on break"],
        AgentState.BusyOnBreak => text["Busy, on break"],
    };

    /// <summary>What changed an agent's state, and who.</summary>
    public static string Why(this LedgerEntry line, IStringLocalizer<Text> text) => line.Cause switch
    {
        LedgerCause.Agent => text["own switch"],
        LedgerCause.Supervisor => text["by {0}", line.ByName],
        LedgerCause.Connection => text["by the connection"],
        LedgerCause.Conversation => text["by a conversation"],
    };

    public static string Css(this AgentState state) => state switch
    {
        AgentState.Disconnected => "away",
        AgentState.Free => "free",
        AgentState.Busy => "attending",
        AgentState.FreeOnBreak or AgentState.BusyOnBreak => "resting",
    };

    public static string Name(this BoardFigure figure, IStringLocalizer<Text> text) => figure switch
    {
        BoardFigure.Attended => text["Attended today"],
        BoardFigure.InTime => text["Attended in time today"],
        BoardFigure.Completed => text["Completed today"],
        BoardFigure.Abandoned => text["Abandoned today"],
        BoardFigure.Outgoing => text["Outgoing today"],
        BoardFigure.Waiting => text["Waiting in queue"],
        BoardFigure.Overdue => text["Waiting for longer than the service level"],
    };

    public static string Css(this ChatBand band) => band switch
    {
        ChatBand.Green => "green",
        ChatBand.Yellow => "yellow",
        ChatBand.Red => "red",
    };

    /// <summary>A wait; before the first was attended a dash, or words where somebody waits already: that is not nothing.</summary>
    public static string Known(this TimeSpan? wait, int waiting, IStringLocalizer<Text> text) =>
        wait?.Clock() ?? (waiting > 0 ? text["none yet"].Value : "–");

    /// <summary>A percentage without decimals, or a dash before there is one. All is only all and nothing only nothing.</summary>
    public static string Percent(this double? value)
    {
        if (value is not { } known) return "–";
        var rounded = Math.Round(known, MidpointRounding.AwayFromZero);
        return (known is > 0 and < 100 ? Math.Clamp(rounded, 1, 99) : rounded).ToString("0", CultureInfo.InvariantCulture) + " %";
    }
}
