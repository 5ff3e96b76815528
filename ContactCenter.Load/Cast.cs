using System.Net;
using System.Net.ServerSentEvents;
using ContactCenter.Domain;

namespace ContactCenter.Load;

/// <summary>A visitor's browser: starts a conversation, writes, and listens, with the signed token it was given.</summary>
sealed class Visitor
{
    readonly HttpClient http;
    readonly string campaign;

    Visitor(HttpClient http, string campaign, string token)
    {
        (this.http, this.campaign) = (http, campaign);
        Token = token;
    }

    public string Token { get; }

    public string MessagesPath => $"/chat/{campaign}/messages";

    public static async Task<Visitor> Start(HttpClient http, string campaign, string name)
    {
        using var answer = await http.PostAsync($"/chat/{campaign}/conversation", Browser.Form(
            ("id", Ids.New(TimeProvider.System).ToString()),
            ("name", name),
            ("email", "visitor@example.com"),
            ("language", "en")));
        await answer.Expect(HttpStatusCode.OK);
        return new(http, campaign, answer.Headers.GetValues("X-Visitor").Single());
    }

    public async Task Send(Guid id, string text)
    {
        using var answer = await Post("messages", ("id", id.ToString()), ("text", text));
        await answer.Expect(HttpStatusCode.OK);
    }

    public async Task Leave()
    {
        using var answer = await Post("conversation/leave");
        await answer.Expect(HttpStatusCode.OK);
    }

    /// <summary>Tells that everything up to a place has been received and read.</summary>
    public async Task Receive(int seq)
    {
        using var answer = await Post("receipts", ("delivered", $"{seq}"), ("read", $"{seq}"));
        await answer.Expect(HttpStatusCode.NoContent);
    }

    /// <summary>The stream that the pane names, after what the pane shows already.</summary>
    public async Task<EventStream> Listen()
    {
        using var pane = await http.SendAsync(With(HttpMethod.Get, $"/chat/{campaign}/pane"));
        await pane.Expect(HttpStatusCode.OK);
        var path = EventStream.Path(await pane.Content.ReadAsStringAsync());
        return await EventStream.Open(http, With(HttpMethod.Get, path));
    }

    Task<HttpResponseMessage> Post(string path, params (string Name, string Value)[] form)
    {
        var request = With(HttpMethod.Post, $"/chat/{campaign}/{path}");
        request.Content = Browser.Form(form);
        return http.SendAsync(request);
    }

    HttpRequestMessage With(HttpMethod method, string path) =>
        new(method, path) { Headers = { { "X-Visitor", Token } } };
}

/// <summary>An agent's browser: signed in by cookie, with the antiforgery token of its page.</summary>
sealed class Agent
{
    readonly string antiforgery;

    Agent(HttpClient http, string antiforgery) => (Http, this.antiforgery) = (http, antiforgery);

    /// <summary>The browser itself, with the session's cookie.</summary>
    public HttpClient Http { get; }

    public static Task<Agent> SignIn(Uri server, string email, string password) => SignIn(Browser.Open(server), email, password);

    public static async Task<Agent> SignIn(HttpClient browser, string email, string password)
    {
        var form = await browser.GetStringAsync("/sign-in");
        using var answer = await browser.PostAsync("/sign-in", Browser.Form(
            (NameOf(form, "username"), email),
            (NameOf(form, "current-password"), password),
            ("__RequestVerificationToken", Antiforgery(form))));
        await answer.Expect(HttpStatusCode.Found);
        return new(browser, Antiforgery(await browser.GetStringAsync("/inbox")));
    }

    public async Task Accept(bool accepting = true)
    {
        using var answer = await Post("/availability", ("accepting", accepting ? "true" : "false"));
        await answer.Expect(HttpStatusCode.OK);
    }

    public async Task Send(Guid conversation, Guid id, string text)
    {
        // Seen is "everything": the check that the agent is current (A18) is not what is measured.
        using var answer = await Post(
            $"/conversations/{conversation}/messages",
            ("id", id.ToString()), ("text", text), ("seen", int.MaxValue.ToString()));
        await answer.Expect(HttpStatusCode.OK);
    }

    /// <summary>Tells that everything up to a place has been received and read.</summary>
    public async Task Receive(Guid conversation, int seq)
    {
        using var answer = await Post($"/conversations/{conversation}/receipts", ("delivered", $"{seq}"), ("read", $"{seq}"));
        await answer.Expect(HttpStatusCode.NoContent);
    }

    public Task<string> Inbox() => Http.GetStringAsync("/inbox/list?tab=attending");

    /// <summary>What the page fetches again when its stream says that something of the inbox has changed.</summary>
    public Task Refresh(string what) => what == "figures" ? Http.GetStringAsync("/inbox/kpis") : Inbox();

    /// <summary>The one stream of a tab, as its page names it: the inbox, or a conversation that is open.</summary>
    public async Task<EventStream> Listen(Guid? conversation = null)
    {
        var page = await Http.GetStringAsync(conversation is { } id ? $"/conversations/{id}" : "/inbox");
        return await EventStream.Open(Http, new(HttpMethod.Get, EventStream.Path(page)));
    }

    /// <summary>What a page of the workspace sends.</summary>
    public HttpRequestMessage Form(string path, params (string Name, string Value)[] form) => new(HttpMethod.Post, path)
    {
        Headers = { { "RequestVerificationToken", antiforgery }, { "HX-Request", "true" } },
        Content = Browser.Form(form),
    };

    Task<HttpResponseMessage> Post(string path, params (string Name, string Value)[] form) => Http.SendAsync(Form(path, form));

    static string NameOf(string form, string autocomplete) =>
        Html.Tags(form).First(tag => tag["autocomplete"] == autocomplete)["name"]!;

    // A hidden field of a form, or the meta element that the workspace's scripts read.
    static string Antiforgery(string page) => Html.Tags(page)
        .Where(tag => tag["name"] is "__RequestVerificationToken" or "csrf-token")
        .Select(tag => tag["value"] ?? tag["content"]!)
        .First();
}

/// <summary>An open server-sent event stream; events are read by whoever enumerates it.</summary>
sealed class EventStream : IDisposable
{
    readonly HttpResponseMessage answer;
    readonly Stream body;

    EventStream(HttpResponseMessage answer, Stream body) => (this.answer, this.body) = (answer, body);

    public static async Task<EventStream> Open(HttpClient http, HttpRequestMessage request)
    {
        request.Headers.Accept.ParseAdd("text/event-stream");
        var opened = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await opened.Expect(HttpStatusCode.OK);
        return new(opened, await opened.Content.ReadAsStreamAsync());
    }

    /// <summary>Where a page's stream is.</summary>
    public static string Path(string page) => Html.Tags(page).Select(tag => tag["hx-sse:connect"]).OfType<string>().First();

    public IAsyncEnumerable<SseItem<string>> Events(CancellationToken cancel) =>
        SseParser.Create(body).EnumerateAsync(cancel);

    public void Dispose() => answer.Dispose();
}

static class Browser
{
    /// <summary>A client with cookies of its own and as many connections as it has requests under way, as HTTP/1.1.</summary>
    public static HttpClient Open(Uri server) => new(Network()) { BaseAddress = server, Timeout = TimeSpan.FromSeconds(30) };

    public static SocketsHttpHandler Network() => new()
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        MaxConnectionsPerServer = int.MaxValue,
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
    };

    public static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) =>
        new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));

    public static async Task Expect(this HttpResponseMessage answer, HttpStatusCode expected)
    {
        if (answer.StatusCode == expected)
            return;
        var body = await answer.Content.ReadAsStringAsync();
        throw new InvalidOperationException(
            $"{answer.RequestMessage!.Method} {answer.RequestMessage.RequestUri!.PathAndQuery} answered {(int)answer.StatusCode}: {body[..Math.Min(body.Length, 400)]}");
    }
}
