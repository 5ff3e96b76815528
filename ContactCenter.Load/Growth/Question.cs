using ContactCenter.Storage;

namespace ContactCenter.Load.Growth;

/// <summary>Something the app's pages ask the database.</summary>
/// <param name="Key">What it belongs to: inbox, search, board or history.</param>
/// <param name="Ask">The n-th time, about somebody or something else each time; how many rows came.</param>
sealed record Question(string Key, string What, Func<Desk, int, Task<int>> Ask)
{
    const int Page = 50;
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(45);
    static readonly string[] Words = ["vega", "mar", "silva", "growth 3", "a"];

    public static IReadOnlyList<Question> All { get; } =
    [
        List("inbox", "an agent's list", desk => desk.Agent, InboxTab.Attending),
        List("inbox", "who waits, for an agent", desk => desk.Agent, InboxTab.Waiting),
        List("inbox", "who waits, for a supervisor", desk => _ => desk.Supervisor, InboxTab.Waiting),
        List("inbox", "who waits, for the supervisor of a group", desk => _ => desk.OfNorth, InboxTab.Waiting),
        Figures("an agent's figures", desk => desk.Agent),
        Figures("a supervisor's figures", desk => _ => desk.Supervisor),

        List("search", "in an agent's list", desk => desk.Agent, InboxTab.Attending, Words),
        List("search", "among who waits, by an agent", desk => desk.Agent, InboxTab.Waiting, Words),
        List("search", "among who waits, by a supervisor", desk => _ => desk.Supervisor, InboxTab.Waiting, Words),
        List("search", "out of hours, by a supervisor", desk => _ => desk.Supervisor, InboxTab.OutOfHours, Words),

        new("board", "all campaigns", async (desk, _) => (await desk.Board.ReadAsync(await Campaigns(desk), default)).Figures.Attended),
        new("board", "one campaign", async (desk, n) => (await desk.Board.ReadAsync([await Campaign(desk, n)], default)).Figures.Attended),
        Behind(BoardFigure.Attended),
        Behind(BoardFigure.Completed),
        Behind(BoardFigure.Waiting),

        new("history", "an agent's newest page", (desk, n) => Finished(desk, desk.Agent(n), null)),
        new("history", "an agent's page of any time", (desk, n) => Finished(desk, desk.Agent(n), desk.Moment(n))),
        new("history", "a supervisor's page of any time", (desk, n) => Finished(desk, desk.Supervisor, desk.Moment(n))),
        new("history", "a page of any time, by the supervisor of a group", (desk, n) => Finished(desk, desk.OfNorth, desk.Moment(n))),
        new("history", "of a contact", Contact),
        new("history", "a past conversation opened", Conversation),
    ];

    static Question List(string key, string what, Func<Desk, Func<int, Viewer>> viewer, InboxTab tab, string[]? words = null) => new(key, what, async (desk, n) =>
        (await desk.Inbox.ReadAsync(viewer(desk)(n), tab, words?[n % words.Length] ?? "", default)).Items.Count);

    static Question Figures(string what, Func<Desk, Func<int, Viewer>> viewer) => new("inbox", what, async (desk, n) =>
        (await desk.Inbox.KpisAsync(viewer(desk)(n), Grace, default)).Waiting);

    static Question Behind(BoardFigure figure) => new("board", $"the conversations behind “{figure}”", async (desk, _) =>
        (await desk.Board.BehindAsync(await Campaigns(desk), figure, null, Page, default)).Rows.Count);

    static Task<IReadOnlyList<BoardCampaign>> Campaigns(Desk desk) => desk.Board.CampaignsAsync(desk.Supervisor, default);

    static async Task<BoardCampaign> Campaign(Desk desk, int n) => await Campaigns(desk) is var all ? all[n % all.Count] : null!;

    static async Task<int> Finished(Desk desk, Viewer viewer, DateTimeOffset? from) =>
        (await desk.Dossiers.FinishedAsync(viewer, from is { } at ? new PastCursor(at, 0) : null, Page, default)).Conversations.Count;

    // As the panel beside a conversation reads them.
    static async Task<int> Contact(Desk desk, int n)
    {
        var contact = desk.Contact(n);
        await desk.Contacts.FindAsync(desk.Supervisor, contact, default);
        await desk.Contacts.AnnotationsAsync(contact, default);
        var listed = await desk.Dossiers.HistoryCountAsync(desk.Conversation(n), default);
        return (await desk.Dossiers.OfContactAsync(desk.Supervisor, contact, listed, default)).Count;
    }

    // As the pane reads it, with its timeline and the conversation before it.
    static async Task<int> Conversation(Desk desk, int n)
    {
        var found = (await desk.Dossiers.FindAsync(desk.Supervisor, desk.Conversation(n), default))!;
        await desk.Dossiers.EarlierAsync(desk.Supervisor, found.Contact.Id, found.QueuedAt, default);
        var log = await desk.Logs.BeforeAsync(found.Id, int.MaxValue, 20, default);
        return log.Count + (await desk.Logs.TimelineAsync(found.Id, 200, default)).Count;
    }
}
