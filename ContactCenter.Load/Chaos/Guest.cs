using System.Text.RegularExpressions;

namespace ContactCenter.Load.Chaos;

/// <summary>A visitor with the chat open: begins a conversation, and when that has ended the next one.</summary>
sealed class Guest(HttpClient http, int number, int seed, Tally tally)
{
    readonly List<Talk> talks = [];

    public string Name { get; } = $"Visitor {number}";

    /// <summary>The conversation they are in.</summary>
    public Talk? Talk { get; private set; }

    /// <summary>All they had.</summary>
    public IReadOnlyList<Talk> Talks => talks;

    public HttpClient Http => http;

    public Tally Tally => tally;

    string? Token { get; set; }

    /// <param name="stop">From then on no conversation is begun.</param>
    /// <param name="over">From then on nothing is done any more.</param>
    public async Task Live(CancellationToken stop, CancellationToken over)
    {
        while (!stop.IsCancellationRequested)
        {
            var pane = await Begin(over);
            // An agent was faster: it ended before its beginning could be told.
            if (Chaos.Talk.StageIn(pane) == "ended") continue;
            var talk = new Talk(this, pane, Plan.Script(seed, number, talks.Count), Plan.Dice(seed, 10_000 + number, talks.Count));
            talks.Add(Talk = talk);
            await talk.Run(over);
        }
    }

    public HttpRequestMessage Request(HttpMethod method, string path, params (string Name, string Value)[] form)
    {
        var request = new HttpRequestMessage(method, path);
        if (Token is not null) request.Headers.Add("X-Visitor", Token);
        if (form.Length > 0) request.Content = Browser.Form(form);
        return request;
    }

    public void Keep(Answer answer) => Token = answer.Visitor ?? Token;

    async Task<string> Begin(CancellationToken over)
    {
        var page = await Answer.Insist(http, () => Request(HttpMethod.Get, Token is null ? $"/chat/{House.Campaign}" : $"/chat/{House.Campaign}/pane?again=true"), tally, over);
        // The form keeps its id and its proof however often it is sent.
        string Field(string name) => Html.Tags(page.Body).First(tag => tag["name"] == name)["value"]!;
        var (id, proof) = (Field("id"), Field("proof"));
        var begun = await Answer.Insist(http, () => Request(
            HttpMethod.Post, $"/chat/{House.Campaign}/conversation",
            ("id", id), ("proof", proof), ("name", Name), ("email", $"visitor-{number}@example.com"), ("language", "en")), tally, over);
        if (!begun.Good) throw new InvalidOperationException($"{Name} could not begin: {begun.Status} {begun.Body}");
        Keep(begun);
        return begun.Body;
    }
}

/// <summary>One conversation in a visitor's pane.</summary>
sealed partial class Talk
{
    readonly Guest guest;
    readonly Tab tab;
    readonly Refetch refetch;
    readonly Receipts receipts;
    readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly List<(string Stage, DateTimeOffset At)> stages = [];

    public Talk(Guest guest, string pane, Script script, Random dice)
    {
        this.guest = guest;
        Script = script;
        Conversation = Guid.Parse(Shown().Match(pane).Groups["id"].Value);
        Screen = new(guest.Name, Conversation);
        var chat = $"/chat/{House.Campaign}";
        var url = Html.Tags(pane).Select(tag => tag["data-url"]).OfType<string>().First();
        var stream = EventStream.Path(pane);
        Composer = new(
            guest.Name, Screen,
            (id, text, seen) => guest.Request(HttpMethod.Post, url, ("id", id.ToString()), ("text", text), ("seen", $"{seen}")),
            guest.Http, guest.Tally);
        receipts = new(Screen, guest.Http, top => guest.Request(HttpMethod.Post, $"{chat}/receipts?c={Conversation}", ("delivered", $"{top}"), ("read", $"{top}")), guest.Tally);
        refetch = new(Fetch, TimeSpan.FromMilliseconds(30), TimeSpan.FromSeconds(2));
        tab = new(guest.Http, () => guest.Request(HttpMethod.Get, stream), _ => TimeSpan.FromSeconds(1.5), dice, guest.Tally)
        {
            Connected = () => { Screen.Connected(); Composer.Resume(); },
            Entry = Screen.Frame,
            Happened = name => { if (name == "state") refetch.Nudge(); },
        };
        Take(pane);
    }

    public Guid Conversation { get; }

    public Script Script { get; }

    public Screen Screen { get; }

    public Composer Composer { get; }

    /// <summary>How many messages both sides have been given to write.</summary>
    public int Written { get; set; }

    /// <summary>Somebody is about to end it.</summary>
    public bool Ending { get; set; }

    /// <summary>What the pane says: waiting, attending or ended.</summary>
    public string Stage { get; private set; } = "";

    /// <summary>What it said when.</summary>
    public IReadOnlyList<(string Stage, DateTimeOffset At)> Stages
    {
        get { lock (stages) return [.. stages]; }
    }

    /// <summary>What a pane says.</summary>
    public static string StageIn(string pane) => StageOf().Match(pane).Groups["stage"].Value;

    /// <summary>Until the conversation has ended.</summary>
    public async Task Run(CancellationToken over)
    {
        using var closed = CancellationTokenSource.CreateLinkedTokenSource(over);
        Task[] parts = [Composer.Run(closed.Token), receipts.Run(closed.Token), refetch.Run(closed.Token), Listen(closed.Token)];
        var first = await Task.WhenAny([ended.Task.WaitAsync(over), .. parts]);
        await closed.CancelAsync();
        await Task.WhenAll(parts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // A part that broke has broken the program, and not the application.
        await first;
    }

    public async Task Leave(CancellationToken over)
    {
        var answer = await Answer.Insist(guest.Http, () => guest.Request(HttpMethod.Post, $"/chat/{House.Campaign}/conversation/leave?c={Conversation}", ("visitor", "")), guest.Tally, over);
        if (answer.Good) Take(answer.Body);
    }

    /// <summary>The whole log as a page that is opened now shows it.</summary>
    public async Task<Screen> Reload(CancellationToken over)
    {
        var fresh = new Screen($"{guest.Name}, reloaded", Conversation);
        var pane = await Answer.Insist(guest.Http, () => guest.Request(HttpMethod.Get, $"/chat/{House.Campaign}/pane"), guest.Tally, over);
        fresh.Show(pane.Body);
        for (var first = Screen.FirstPlace(pane.Body); first > 1;)
        {
            var (before, older) = (first, await Answer.Insist(guest.Http, () => guest.Request(HttpMethod.Get, $"/chat/{House.Campaign}/messages?c={Conversation}&before={first}"), guest.Tally, over));
            fresh.Show(older.Body);
            first = Screen.FirstPlace(older.Body);
            if (first is 0 || first >= before) break;
        }
        return fresh;
    }

    async Task Listen(CancellationToken closed)
    {
        // A stream that is not there makes the pane look again; hx-sse itself does not give up.
        while (await tab.Listen(closed) != TabEnd.Ended)
        {
            refetch.Nudge();
            await Task.Delay(TimeSpan.FromSeconds(1.5), closed);
        }
        refetch.Nudge();
        await Task.Delay(Timeout.Infinite, closed);
    }

    async Task<bool> Fetch(CancellationToken closed)
    {
        var answer = await Answer.To(guest.Http, guest.Request(HttpMethod.Get, $"/chat/{House.Campaign}/pane?shown={Conversation}"), guest.Tally, closed);
        if (answer.Good) Take(answer.Body);
        guest.Keep(answer);
        return !answer.Failed;
    }

    void Take(string pane)
    {
        // Another conversation has begun meanwhile: the browser shows that one, in a pane of its own.
        if (Shown().Match(pane).Groups["id"].Value != Conversation.ToString()) return;
        var stage = StageIn(pane);
        lock (stages)
        {
            if (stage != Stage) stages.Add((stage, TimeProvider.System.GetUtcNow()));
            Stage = stage;
        }
        Screen.Show(pane);
        if (stage == "ended") ended.TrySetResult();
    }

    [GeneratedRegex("""/pane\?shown=(?<id>[0-9a-f-]{36})""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Shown();

    [GeneratedRegex("""<main id="pane"[^>]* data-stage="(?<stage>[a-z]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex StageOf();
}
