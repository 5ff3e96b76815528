using System.Net;
using System.Text.RegularExpressions;
using ContactCenter.Tests.Channels.WebChat;
using ContactCenter.Tests.Support;

namespace ContactCenter.Tests.Operations;

/// <summary>
/// The demo's company after a day's work, all of it done through the application, which runs as a process and may be
/// stopped and started as an operator does. What people hold in their browsers stays: the session, the visitor's token.
/// </summary>
sealed partial class Company : IAsyncDisposable
{
    public const string Question = "¿Llega mañana? 📦";
    public const string Reply = "Sí, «antes» de las diez.";
    public const string Sales = "demo-sales";

    private readonly Dictionary<string, string> settings;
    private AppProcess app;

    private Company(Dictionary<string, string> settings, AppProcess app, Uri address)
    {
        this.settings = settings;
        this.app = app;
        Address = address;
        Lili = new Browserless(address);
        Marta = new ChatFrame(new Browserless(address), Sales);
    }

    /// <summary>The same after every start, so that browsers find it again.</summary>
    public Uri Address { get; }

    public AppProcess App => app;

    /// <summary>Lili's browser, signed in once the day has begun.</summary>
    public Browserless Lili { get; }

    /// <summary>Marta's chat, with her token.</summary>
    public ChatFrame Marta { get; }

    public Guid MartasConversation { get; private set; }

    /// <param name="settings">At least where the data is.</param>
    public static async Task<Company> FoundAsync(Dictionary<string, string> settings)
    {
        var all = new Dictionary<string, string>(settings, StringComparer.Ordinal)
        {
            // Marta writes faster than anybody types.
            ["ContactCenter__Limits__MessagesPerSecond"] = "10000",
            ["ContactCenter__Limits__MessageBurst"] = "10000",
            // Nobody's day ends while the application is stopped.
            ["ContactCenter__PresenceGraceSeconds"] = "3600",
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
        };
        var first = await AppProcess.StartAsync(all);
        // From now on as in production: the demo is there.
        all["ASPNETCORE_ENVIRONMENT"] = "Production";
        return new Company(all, first, await first.Address());
    }

    /// <summary>Conversations attended, finished and waiting; notes, a pause, a direct message, a mail on its way.</summary>
    public async Task WorkAsync()
    {
        await SignInAsync(Lili, Cast.Lili);
        using var stream = await Lili.Http.GetAsync("/inbox/stream", HttpCompletionOption.ResponseHeadersRead);
        Expect(302, await Lili.PostAsync("/availability", ("accepting", "true")));

        Expect(200, await Marta.StartAsync(Cast.Marta, Question));
        MartasConversation = await HeldByLiliAsync(Cast.Marta);
        await AnswerAsync(MartasConversation, Reply);
        Expect(200, await Lili.PostAsync($"/conversations/{MartasConversation}/pause"));
        Expect(200, await Marta.SayAsync("Gracias 🙂"));
        var contact = Contact().Match((await Lili.GetAsync($"/conversations/{MartasConversation}")).Text).Groups["id"].Value;
        Expect(200, await Lili.PostAsync($"/contacts/{contact}/annotations", ("id", NewId()), ("text", "Prefers the morning")));

        using var joao = new ChatFrame(new Browserless(Address), Sales);
        Expect(200, await joao.StartAsync(Cast.Joao, "Bom dia"));
        var finished = await HeldByLiliAsync(Cast.Joao);
        await AnswerAsync(finished, "Olá!");
        Expect(200, await Lili.PostAsync($"/conversations/{finished}/closure", ("note", "He only greeted")));

        Expect(302, await Lili.PostAsync("/availability", ("accepting", "false")));
        using var waiting = new ChatFrame(new Browserless(Address), "demo-support");
        Expect(200, await waiting.StartAsync(new Visitor("Nuria", "nuria@example.com", "es"), "¿Hay alguien?"));

        using var sofia = new Browserless(Address);
        await SignInAsync(sofia, Cast.Sofia);
        var agent = Agent().Match((await sofia.GetAsync("/supervision")).Text).Groups["id"].Value;
        Expect(302, await sofia.PostAsync($"/direct-messages/{agent}", ("id", NewId()), ("text", "Well done")));
        using var omar = new Browserless(Address);
        Expect(200, await omar.PostAsync("/password/recovery", ("Form.Email", Cast.Omar.Email)));
    }

    public async Task StopAsync() => Assert.Equal(0, await app.StopAsync());

    /// <summary>Starts it again, where it was, with other settings too; null takes one away.</summary>
    public async Task StartAsync(params (string Name, string? Value)[] others)
    {
        await app.DisposeAsync();
        Set(others);
        app = await AppProcess.StartAsync(settings, Address.GetLeftPart(UriPartial.Authority));
    }

    /// <summary>A start that is meant to fail.</summary>
    public AppProcess Launch(params (string Name, string? Value)[] others)
    {
        Set(others);
        return AppProcess.Launch(settings);
    }

    /// <summary>The program with words behind it, as an operator types it.</summary>
    public Task<Outcome> CommandAsync(params string[] words) => Shell.RunAsync(AppProcess.Command(settings, words));

    /// <summary>Marta comes back with what her browser kept, and reads everything; Lili signs in as ever and reads it too.</summary>
    public async Task PeopleFindEverythingAsync()
    {
        await MartaFindsHerConversationAsync();
        using var lili = new Browserless(Address);
        await SignInAsync(lili, Cast.Lili);
        var page = WebUtility.HtmlDecode((await lili.GetAsync($"/conversations/{MartasConversation}")).Text);
        Assert.Contains(Question, page);
        Assert.Contains(Reply, page);
        Assert.Contains("He only greeted", WebUtility.HtmlDecode((await lili.GetAsync("/history")).Text));
    }

    public async Task MartaFindsHerConversationAsync()
    {
        var pane = WebUtility.HtmlDecode((await Marta.PaneAsync()).Text);
        Assert.Contains(Question, pane);
        Assert.Contains(Reply, pane);
    }

    /// <summary>Numbers go on where they were: of messages, and of tickets.</summary>
    public async Task WorkGoesOnAsync()
    {
        Expect(200, await Marta.SayAsync("¿Sigue ahí?"));
        var pane = WebUtility.HtmlDecode((await Marta.PaneAsync()).Text);
        Assert.True(pane.IndexOf("¿Sigue ahí?", StringComparison.Ordinal) > pane.IndexOf(Reply, StringComparison.Ordinal));
        using var other = new ChatFrame(new Browserless(Address), Sales);
        Expect(200, await other.StartAsync(Cast.Joao, "De novo"));
    }

    public static async Task SignInAsync(Browserless browser, Person person) =>
        Expect(302, await browser.PostAsync("/sign-in", ("Form.Email", person.Email), ("Form.Password", Person.Password)));

    public static void Expect(int status, Answer answer) =>
        Assert.True(answer.Status == status, $"{answer.Response.RequestMessage!.RequestUri}: {answer.Status} {answer.Text}");

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        Lili.Dispose();
        Marta.Dispose();
    }

    private static string NewId() => ChatFrame.NewId().ToString();

    private async Task AnswerAsync(Guid conversation, string text) => Expect(200, await Lili.PostAsync(
        $"/conversations/{conversation}/messages", ("id", NewId()), ("text", text), ("seen", $"{int.MaxValue}")));

    private async Task<Guid> HeldByLiliAsync(Visitor visitor)
    {
        var held = Guid.Empty;
        await Eventually.Holds($"Lili has {visitor.Name}", async () =>
        {
            var list = WebUtility.HtmlDecode((await Lili.GetAsync("/inbox/list?tab=attending")).Text);
            var item = list.Split("<a class=\"item").Skip(1).FirstOrDefault(part => part.Contains(visitor.Name, StringComparison.Ordinal));
            return item is not null && Guid.TryParse(Item().Match(item).Groups["id"].Value, out held);
        });
        return held;
    }

    private void Set((string Name, string? Value)[] others)
    {
        foreach (var (name, value) in others)
        {
            if (value is null) settings.Remove(name);
            else settings[name] = value;
        }
    }

    [GeneratedRegex("data-conversation=\"(?<id>[^\"]+)\"", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Item();

    [GeneratedRegex("/contacts/(?<id>[0-9a-f-]{36})/", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Contact();

    [GeneratedRegex("/supervision/agents/(?<id>[0-9a-f-]{36})", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Agent();
}
