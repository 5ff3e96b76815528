using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace ContactCenter.Load.Chaos;

/// <summary>An agent at work: the inbox in one tab, and a tab for each conversation it lists.</summary>
sealed partial class Desk(HttpClient http, int number, int seed, Tally tally)
{
    readonly ConcurrentDictionary<Guid, Page> open = new();
    readonly ConcurrentDictionary<Guid, DateTimeOffset> listed = new();
    readonly ConcurrentBag<Page> pages = [];
    readonly SemaphoreSlim signingIn = new(1);
    readonly ConcurrentBag<Task> running = [];
    Agent agent = null!;
    int session;

    public string Email { get; } = House.Email(number);

    public HttpClient Http => http;

    public Tally Tally => tally;

    /// <summary>Every conversation opened here.</summary>
    public IReadOnlyCollection<Page> Pages => pages;

    /// <summary>When the inbox first listed each conversation.</summary>
    public IReadOnlyDictionary<Guid, DateTimeOffset> Listed => listed;

    /// <summary>The open tab of a conversation.</summary>
    public Page? Find(Guid conversation) => open.GetValueOrDefault(conversation);

    /// <summary>Signs in and turns Available on, before anything breaks.</summary>
    public async Task SitDown()
    {
        agent = await Agent.SignIn(http, Email, House.Password);
        await agent.Accept();
    }

    public async Task Work(CancellationToken over)
    {
        var refetch = new Refetch(closed => List(closed, over), TimeSpan.Zero, TimeSpan.FromSeconds(2));
        var lists = refetch.Run(over);
        try
        {
            while (true)
            {
                var page = await Load("/inbox", over);
                var path = EventStream.Path(page.Body);
                var tab = new Tab(http, () => new(HttpMethod.Get, path), Page.FirstWait, Plan.Dice(seed, 20_000 + number), tally)
                {
                    Happened = name => { if (name == "inbox") refetch.Nudge(); },
                };
                var listening = tab.Listen(over);
                if (await Task.WhenAny(listening, lists) == lists) await lists;
                if (await listening == TabEnd.SignedOut) await SignIn(over);
            }
        }
        finally
        {
            await Task.WhenAll([lists, .. running]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public HttpRequestMessage Post(string path, params (string Name, string Value)[] form) => agent.Form(path, form);

    public static HttpRequestMessage Fragment(string path) => new(HttpMethod.Get, path) { Headers = { { "HX-Request", "true" } } };

    /// <summary>A page, with the sign-in before it where the session has ended.</summary>
    public async Task<Answer> Load(string path, CancellationToken over)
    {
        while (true)
        {
            var page = await Answer.Insist(http, () => new(HttpMethod.Get, path), tally, over);
            if (!page.SignedOut) return page;
            await SignIn(over);
        }
    }

    /// <summary>Signs in again; tabs that ask for it at the same time share one session.</summary>
    public async Task SignIn(CancellationToken over)
    {
        var before = session;
        await signingIn.WaitAsync(over);
        try
        {
            while (session == before)
            {
                try
                {
                    agent = await Agent.SignIn(http, Email, House.Password);
                    session++;
                    tally.SignedIn();
                }
                catch (Exception problem) when (problem is HttpRequestException or IOException or InvalidOperationException)
                {
                    await Task.Delay(TimeSpan.FromSeconds(1), over);
                }
            }
        }
        finally
        {
            signingIn.Release();
        }
    }

    async Task<bool> List(CancellationToken closed, CancellationToken over)
    {
        var answer = await Answer.To(http, Fragment("/inbox/list?tab=attending"), tally, closed);
        if (answer.SignedOut) await SignIn(closed);
        if (!answer.Good) return !answer.Failed;
        var now = TimeProvider.System.GetUtcNow();
        foreach (var id in Items().Matches(answer.Body).Select(item => Guid.Parse(item.Groups["id"].Value)))
        {
            listed.TryAdd(id, now);
            if (open.ContainsKey(id)) continue;
            var page = new Page(this, id, Plan.Dice(seed, 30_000 + number, pages.Count));
            open[id] = page;
            pages.Add(page);
            running.Add(Run(page, over));
        }
        return true;
    }

    async Task Run(Page page, CancellationToken over)
    {
        try
        {
            await page.Run(over);
        }
        finally
        {
            open.TryRemove(page.Conversation, out _);
        }
    }

    [GeneratedRegex("""data-conversation="(?<id>[0-9a-f-]{36})""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Items();
}
