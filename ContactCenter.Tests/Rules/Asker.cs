using System.Security.Claims;
using ContactCenter.Channels.WebChat;
using ContactCenter.Domain;
using ContactCenter.Tests.Channels.WebChat;
using ContactCenter.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace ContactCenter.Tests.Rules;

/// <summary>Somebody who asks: nobody in particular, a visitor with their token, or somebody signed in.</summary>
/// <param name="Person">Null for who has no account.</param>
public sealed record Asker(string Name, TwoHouses Houses, Person? Person, Browserless Browser, string? Token) : IAsyncDisposable
{
    /// <summary>As the cookie says it.</summary>
    public ClaimsPrincipal User => Person is null
        ? new ClaimsPrincipal(new ClaimsIdentity())
        : new ClaimsPrincipal(new ClaimsIdentity(Person.Roles.Select(role => new Claim(ClaimTypes.Role, role)), "cookie"));

    /// <summary>An agent and nothing else.</summary>
    public bool IsAgent => Person?.Roles is [Roles.Agent];

    /// <summary>They are of our house, and an agent of the other one's campaigns.</summary>
    public bool IsInBoth => Person is not null && TwoHouses.InBoth.Contains(Person);

    /// <summary>Where they worked in the other house, and were removed from it.</summary>
    public Former? Former { get; private init; }

    /// <summary>One of each kind, of this house.</summary>
    public static async Task<IReadOnlyList<Asker>> AllAsync(TwoHouses houses, Household side) =>
    [
        new("nobody", houses, null, houses.Open(), null),
        await VisitAsync(houses, side),
        await SignInAsync(houses, side.Agent),
        await SignInAsync(houses, side.Supervisor),
        await SignInAsync(houses, side.Administrator),
    ];

    public static async Task<Asker> SignInAsync(TwoHouses houses, Person person) =>
        new(person.Name, houses, person, await houses.SignInAsync(person), null);

    public static async Task<Asker> SignInAsync(TwoHouses houses, Former former) =>
        await SignInAsync(houses, former.Person) with { Former = former };

    /// <summary>Whose conversation the side's agent holds.</summary>
    public static async Task<Asker> VisitAsync(TwoHouses houses, Household side)
    {
        var browser = houses.Open();
        var frame = new ChatFrame(browser, side.Key);
        var started = await frame.StartAsync(new Support.Visitor(side.Of("Visitor"), $"visitor@{side.Mark}.example", "en"), side.Of("Plea"));
        Assert.Equal(200, started.Status);
        var token = houses.Services.GetRequiredService<VisitorToken>().Read(frame.Token, side.Campaign.Id)!;
        await houses.GiveAsync(side, token.ConversationId);
        return new Asker("visitor", houses, null, browser, frame.Token);
    }

    /// <summary>Asks; a stream's answer has no text.</summary>
    public async Task<Answer> AskAsync(string verb, string address, bool withToken, bool htmx, params (string Name, string? Value)[] fields)
    {
        using var request = new HttpRequestMessage(new HttpMethod(verb), address);
        if (verb != "GET") request.Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        if (withToken) request.Headers.Add("RequestVerificationToken", await Browser.TokenAsync());
        if (Token is not null) request.Headers.Add("X-Visitor", Token);
        if (htmx) request.Headers.Add("HX-Request", "true");
        var response = await Browser.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var flows = response.Content.Headers.ContentType?.MediaType == "text/event-stream";
        var answer = new Answer((int)response.StatusCode, flows ? "" : await response.Content.ReadAsStringAsync(), response);
        if (flows) response.Dispose();
        return answer;
    }

    public ValueTask DisposeAsync()
    {
        Browser.Dispose();
        return ValueTask.CompletedTask;
    }
}
