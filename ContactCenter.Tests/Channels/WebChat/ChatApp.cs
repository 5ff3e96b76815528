using System.Text.RegularExpressions;
using ContactCenter.Channels.WebChat;
using ContactCenter.Domain;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Tests.Channels.WebChat;

/// <summary>The application with two campaigns of web chat, which https://shop.example may embed, and a disabled one.</summary>
public class ChatApp : App
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await WithAsync<Database>(async database =>
        {
            var client = new Client { Id = Ids.New(Clock), Name = "Acme" };
            var project = new Project { Id = Ids.New(Clock), ClientId = client.Id, Name = "Online shop" };
            var department = new Department { Id = Ids.New(Clock), Name = "Sales" };
            await database.InsertAsync(client, project, department);
            foreach (var key in (string[])["sales", "support", "closed"])
                database.Add(new Campaign
                {
                    Id = Ids.New(Clock),
                    Key = key,
                    Name = $"Campaign {key}",
                    ProjectId = project.Id,
                    DepartmentId = department.Id,
                    Enabled = key != "closed",
                    Settings = new CampaignSettings
                    {
                        AllowedOrigins = ["https://shop.example"],
                        Welcome = new LocalText { Es = "Hola {contact}", En = "Hello {contact}", Pt = "Olá {contact}" },
                        Closing = new LocalText { Es = "Hasta pronto", En = "See you soon", Pt = "Até logo" },
                    },
                });
            await database.SaveChangesAsync();
        });
    }

    /// <summary>What is stored of everybody's conversations.</summary>
    public Task<int> CountAsync() => WithAsync<Database, int>(database => database.Messages.CountAsync());

    /// <summary>A visitor's frame, not yet in a conversation.</summary>
    public ChatFrame Visit(string key = "sales") => new(Open(), key);

    /// <summary>A visitor who has entered the queue.</summary>
    public async Task<ChatFrame> StartAsync(Support.Visitor visitor, string key = "sales", string? text = null)
    {
        var frame = Visit(key);
        var answer = await frame.StartAsync(visitor, text);
        Assert.True(answer.Status == 200, $"{visitor.Name} could not start: {answer.Status} {answer.Text}");
        return frame;
    }
}

/// <summary>The widget's frame without a browser: keeps the token as its script does.</summary>
public sealed partial class ChatFrame(Browserless browser, string key) : IDisposable
{
    public string? Token { get; private set; }

    public Browserless Browser => browser;

    /// <summary>What the page's form proves with that a start sent again is its own.</summary>
    public string Proof { get; } = StartProof.New();

    public Task<Answer> StartAsync(Support.Visitor visitor, string? text = null, Guid? id = null) => PostAsync(
        "conversation", ("id", (id ?? NewId()).ToString()), ("proof", Proof), ("name", visitor.Name), ("email", visitor.Email),
        ("language", visitor.Language), ("text", text));

    public Task<Answer> SayAsync(string text, Guid? id = null) =>
        PostAsync("messages", ("id", (id ?? NewId()).ToString()), ("text", text));

    public Task<Answer> PaneAsync() => GetAsync("pane");

    public Task<Answer> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, $"/chat/{key}/{path}"));

    public Task<Answer> PostAsync(string path, params (string Name, string? Value)[] fields) => SendAsync(
        new HttpRequestMessage(HttpMethod.Post, $"/chat/{key}/{path}")
        {
            Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
        });

    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        Sign(request);
        var answer = await browser.SendAsync(request);
        if (answer.Header("X-Visitor") is { Length: > 0 } token)
            Token = token;
        return answer;
    }

    /// <summary>The stream's lines, from now on.</summary>
    public async Task<StreamReader> ListenAsync(string query = "")
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/chat/{key}/stream{query}");
        Sign(request);
        var response = await browser.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new StreamReader(await response.Content.ReadAsStreamAsync());
    }

    /// <summary>The same frame with another token, or with none.</summary>
    public ChatFrame With(string? token) => new(browser, key) { Token = token };

    /// <summary>The same token in another campaign's frame.</summary>
    public ChatFrame At(string other) => new(browser, other) { Token = Token };

    /// <summary>As the frame's script makes them.</summary>
    public static Guid NewId() => Ids.New(TimeProvider.System);

    public static string Field(string html, string name) =>
        HiddenField().Matches(html).First(match => match.Groups["name"].Value == name).Groups["value"].Value;

    public void Dispose() => browser.Dispose();

    private void Sign(HttpRequestMessage request)
    {
        if (Token is not null)
            request.Headers.Add("X-Visitor", Token);
    }

    [GeneratedRegex("<input type=\"hidden\" name=\"(?<name>[^\"]+)\" value=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex HiddenField();
}
