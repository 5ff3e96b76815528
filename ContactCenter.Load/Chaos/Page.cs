namespace ContactCenter.Load.Chaos;

/// <summary>A conversation open in an agent's tab.</summary>
sealed class Page
{
    readonly Desk desk;
    readonly string url;
    readonly Random dice;
    readonly Refetch refetch;
    readonly Receipts receipts;
    readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int finishedAt;

    public Page(Desk desk, Guid conversation, Random dice)
    {
        (this.desk, this.dice) = (desk, dice);
        Conversation = conversation;
        url = $"/conversations/{conversation}";
        Screen = new(desk.Email, conversation);
        Composer = new(
            desk.Email, Screen,
            (id, text, seen) => desk.Post($"{url}/messages", ("id", id.ToString()), ("text", text), ("seen", $"{seen}")),
            desk.Http, desk.Tally)
        { SignIn = desk.SignIn };
        receipts = new(Screen, desk.Http, top => desk.Post($"{url}/receipts", ("delivered", $"{top}"), ("read", $"{top}")), desk.Tally);
        refetch = new(Fetch, TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(2));
        Screen.WhenGrown(CloseWhenFinished);
    }

    public Guid Conversation { get; }

    public Screen Screen { get; }

    public Composer Composer { get; }

    /// <summary>The composer is there: the conversation is this agent's.</summary>
    public bool Mine { get; private set; }

    /// <summary>The conversation is somebody else's or nobody's: what came later need not be shown here.</summary>
    public bool TakenAway { get; private set; }

    /// <summary>What a workspace waits until it connects its stream again, before the first success (stream.js).</summary>
    public static TimeSpan FirstWait(int attempt) => TimeSpan.FromMilliseconds(Math.Min(1000 * Math.Pow(2, attempt - 1), 5000));

    /// <summary>Until the conversation is finished and seen to be, or somebody else's.</summary>
    public async Task Run(CancellationToken over)
    {
        var page = await desk.Load(url, over);
        if (!page.Good)
        {
            TakenAway = true;
            return;
        }
        Screen.Show(page.Body);
        Mine = HasComposer(page.Body);
        using var closed = CancellationTokenSource.CreateLinkedTokenSource(over);
        List<Task> parts = [Composer.Run(closed.Token), refetch.Run(closed.Token), Listen(EventStream.Path(page.Body), closed.Token)];
        // A page that is only read tells nobody that it was.
        if (Mine) parts.Add(receipts.Run(closed.Token));
        var first = await Task.WhenAny([done.Task.WaitAsync(over), .. parts]);
        Mine = false;
        await closed.CancelAsync();
        await Task.WhenAll(parts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    public async Task Finish(CancellationToken over)
    {
        var answer = await Answer.Insist(desk.Http, () => desk.Post($"{url}/closure", ("note", "Done")), desk.Tally, over);
        if (answer.SignedOut) await desk.SignIn(over);
        refetch.Nudge();
    }

    /// <summary>The whole log as a page that is opened now shows it; null where it is not within reach.</summary>
    public async Task<Screen?> Reload(CancellationToken over)
    {
        var fresh = new Screen($"{desk.Email}, reloaded", Conversation);
        var page = await desk.Load(url, over);
        if (!page.Good) return null;
        fresh.Show(page.Body);
        for (var first = Screen.FirstPlace(page.Body); first > 1;)
        {
            var (before, older) = (first, await desk.Load($"{url}/messages?before={first}", over));
            fresh.Show(older.Body);
            first = Screen.FirstPlace(older.Body);
            if (first is 0 || first >= before) break;
        }
        return fresh;
    }

    async Task Listen(string path, CancellationToken closed)
    {
        var tab = new Tab(desk.Http, () => Desk.Fragment(path), FirstWait, dice, desk.Tally)
        {
            Connected = () => { Screen.Connected(); Composer.Resume(); },
            Entry = Screen.Frame,
            Happened = name => { if (name == "state") refetch.Nudge(); },
        };
        while (await tab.Listen(closed) == TabEnd.SignedOut) await desk.SignIn(closed);
        Leave();
    }

    async Task<bool> Fetch(CancellationToken closed)
    {
        var answer = await Answer.To(desk.Http, Desk.Fragment($"{url}/frame"), desk.Tally, closed);
        if (answer.SignedOut) await desk.SignIn(closed);
        else if (answer.Status == 404) Leave();
        if (!answer.Good) return !answer.Failed;
        Mine = HasComposer(answer.Body);
        if (Mine) return true;
        TakenAway |= !answer.Body.Contains("chip finished", StringComparison.Ordinal);
        // The log is as long as it gets; the stream has brought it or is about to.
        var whole = await Answer.To(desk.Http, Desk.Fragment($"{url}/pane"), desk.Tally, closed);
        if (!whole.Good) return !whole.Failed;
        finishedAt = Screen.LastPlace(whole.Body);
        CloseWhenFinished();
        return true;
    }

    void CloseWhenFinished()
    {
        if (finishedAt > 0 && Screen.Top >= finishedAt) done.TrySetResult();
    }

    void Leave()
    {
        TakenAway = true;
        done.TrySetResult();
    }

    static bool HasComposer(string page) => page.Contains("data-composer", StringComparison.Ordinal);
}
