using System.Diagnostics;
using ContactCenter.Domain;
using ContactCenter.Realtime;
using ContactCenter.Security;
using ContactCenter.Storage;
using ContactCenter.Tests.Pages.Administration;
using ContactCenter.Tests.Support;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace ContactCenter.Tests.Security;

/// <summary>The two houses with a second node on the same database: a process of its own.</summary>
public sealed class TwoNodes : IAsyncLifetime
{
    private AppProcess? second;

    public TwoHouses Houses { get; } = new();

    public Uri Elsewhere { get; private set; } = null!;

    public Browserless Ada { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await Houses.InitializeAsync();
        second = await AppProcess.StartAsync(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["ConnectionStrings__Postgres"] = Houses.ConnectionString,
            ["ContactCenter__PresenceGraceSeconds"] = "600",
        });
        Elsewhere = await second.Address();
        Ada = await Houses.SignInAsync(Cast.Ada);
    }

    public async Task DisposeAsync()
    {
        Ada?.Dispose();
        if (second is not null) await second.DisposeAsync();
        await Houses.DisposeAsync();
    }
}

/// <summary>A stream ends within two seconds of its viewer's right to it, also on another node.</summary>
[Trait(Runs.Trait, Runs.Process)]
public sealed class StreamEndTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(2);
    private const string NewPassword = "sunny river window";

    private readonly TwoHouses houses = nodes.Houses;

    /// <summary>How a session ends, and who it ends for.</summary>
    public static TheoryData<string, string> Ends
    {
        get
        {
            var ends = new TheoryData<string, string>();
            foreach (var how in (string[])["signs out", "signs in as somebody else", "changes the password", "recovers the password", "is logged out", "is deactivated", "loses a role", "gets another address"])
                foreach (var node in (string[])["the same node", "another node"]) ends.Add(how, node);
            return ends;
        }
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Whose_session_is_over_hears_no_more(string how, string node)
    {
        var nora = await NoraAsync(Roles.Agent);
        using var here = await houses.SignInAsync(nora.Person);
        // A second tab, or a second machine; with a copy of the cookie, as whoever has stolen it would.
        using var other = await houses.SignInAsync(nora.Person);
        using var listening = At(node, how is "signs out" or "signs in as somebody else" ? here : other);
        using var stream = await Listener.OpenAsync(listening, "/inbox/stream");
        await stream.HearsAsync("event: inbox");
        Assert.False(stream.IsOver);

        await EndAsync(how, nora, here);
        var over = Stopwatch.GetTimestamp();
        await Eventually.Holds($"the stream of who {how} is over", () => stream.IsOver);
        Assert.InRange(Stopwatch.GetElapsedTime(over), TimeSpan.Zero, Promised);
        Assert.Contains("event: signedout", stream.Heard);
        // And what it was opened with opens nothing any more.
        Assert.Equal(401, (await listening.Htmx().GetAsync("/inbox/list")).Status);
    }

    /// <summary>How a conversation leaves somebody's reach while they have it open.</summary>
    public static TheoryData<string, string> Losses
    {
        get
        {
            var losses = new TheoryData<string, string>();
            foreach (var how in (string[])["it is reassigned", "its agent leaves the campaign", "another group", "the campaign leaves the group"])
                foreach (var node in (string[])["the same node", "another node"]) losses.Add(how, node);
            return losses;
        }
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public async Task Who_may_not_read_a_conversation_any_more_hears_no_more_of_it(string how, string node)
    {
        var nora = await NoraAsync(how is "it is reassigned" or "its agent leaves the campaign" ? Roles.Agent : Roles.Supervisor);
        var side = how == "the campaign leaves the group" ? houses.Ours with { Campaign = await CampaignAsync() } : houses.Ours;
        var conversation = await houses.ConversationAsync(side, ConversationState.Waiting);
        if (how == "it is reassigned") await HoldAsync(conversation, nora.Id);
        using var signedIn = await houses.SignInAsync(nora.Person);
        using var browser = At(node, signedIn);
        using var stream = await Listener.OpenAsync(browser, $"/inbox/stream?conversation={conversation.Id}");
        await stream.HearsAsync("event: state");
        await SayAsync(conversation, "before");
        await stream.HearsAsync("before zorzal");
        await LoseAsync(how, nora, conversation);
        var lost = Stopwatch.GetTimestamp();
        await stream.HearsAsync("event: ended");
        Assert.InRange(Stopwatch.GetElapsedTime(lost), TimeSpan.Zero, Promised);

        // The tab stays, for its lists; of the conversation it hears nothing.
        await SayAsync(conversation, "behind the back");
        houses.Services.GetRequiredService<Announcer>().Announce(new Announcement(Topic.Agent(nora.Id), Signals.Direct));
        await stream.HearsAsync("event: direct", after: "event: ended");
        Assert.DoesNotContain("behind the back", stream.Heard);
        Assert.Equal(404, (await browser.GetAsync($"/conversations/{conversation.Id}/pane")).Status);
        Assert.Equal(404, (await browser.GetAsync($"/conversations/{conversation.Id}/frame")).Status);
    }

    [Theory]
    [InlineData("the same node")]
    [InlineData("another node")]
    public async Task A_visitors_stream_ends_with_the_conversation(string node)
    {
        await using var marta = await Rules.Asker.VisitAsync(houses, houses.Ours);
        using var browser = At(node, marta.Browser);
        using var stream = await Listener.OpenAsync(browser, $"/chat/{houses.Ours.Key}/stream", marta.Token);
        await stream.HearsAsync("Plea zorzal");
        Assert.Equal(200, (await marta.AskAsync("POST", $"/chat/{houses.Ours.Key}/conversation/leave", withToken: false, htmx: false)).Status);
        var left = Stopwatch.GetTimestamp();
        await Eventually.Holds("her stream is over", () => stream.IsOver);
        Assert.InRange(Stopwatch.GetElapsedTime(left), TimeSpan.Zero, Promised);
        Assert.Contains("event: ended", stream.Heard);
    }

    private async Task EndAsync(string how, Nora nora, Browserless here)
    {
        var ada = nodes.Ada;
        var path = $"/administration/users/{nora.Id}";
        var answer = how switch
        {
            "signs out" => await here.PostAsync("/sign-out", ("open", "100")),
            "signs in as somebody else" => await here.PostAsync("/sign-in", ("Form.Email", Cast.Lili.Email), ("Form.Password", Person.Password)),
            "changes the password" => await here.PostAsync("/profile?handler=Password",
                ("Password.Current", Person.Password), ("Password.Password", NewPassword), ("Password.Repeated", NewPassword)),
            "recovers the password" => await RecoverAsync(nora),
            "is logged out" => await ada.PostAsync($"/supervision/agents/{nora.Id}/departure", ("open", "100")),
            "is deactivated" => await ada.PostAsync($"{path}/activation", ("active", "false")),
            "loses a role" => await ada.PostAsync(
                path, [("password", Person.Password), .. await FormAsync(ada, nora, role: Roles.Supervisor)]),
            "gets another address" => await ada.PostAsync(
                path, [("password", Person.Password), .. await FormAsync(ada, nora, email: $"new-{nora.Person.Email}")]),
            _ => throw new ArgumentOutOfRangeException(nameof(how)),
        };
        Assert.True(answer.Status is 302 or 204, $"{how}: {answer.Status} {answer.Text}");
        // What it was done from is still good, where it should be.
        if (how == "changes the password") Assert.Equal(200, (await here.GetAsync("/inbox")).Status);
    }

    private async Task LoseAsync(string how, Nora nora, Conversation conversation)
    {
        var ada = nodes.Ada;
        switch (how)
        {
            case "it is reassigned":
                var paula = await NoraAsync(Roles.Agent);
                await houses.WithAsync<AgentStore>(agents => agents.SetAcceptingAsync(paula.Id, true));
                await houses.WithAsync<ConversationStore>(conversations =>
                    conversations.ReturnAsync(conversation.Id, nora.Id, nora.Person.Name, unanswered: true, default));
                await Eventually.Holds("Paula has it", () => houses.WithAsync<Database, bool>(database =>
                    Task.FromResult(database.Conversations.Single(c => c.Id == conversation.Id).AgentId == paula.Id)));
                await houses.WithAsync<AgentStore>(agents => agents.SetAcceptingAsync(paula.Id, false));
                break;
            case "its agent leaves the campaign":
                Assert.Equal(302, (await ada.PostAsync("/administration/members?handler=Remove",
                    ("campaigns", $"{houses.Ours.Campaign.Id}"), ("agents", $"{nora.Id}"))).Status);
                break;
            case "another group":
                var group = await houses.MakeAsync("group", houses.Ours, Cast.Ada);
                Assert.Equal(302, (await ada.PostAsync($"/administration/users/{nora.Id}",
                    [("password", Person.Password), .. await FormAsync(ada, nora, group: group)])).Status);
                break;
            case "the campaign leaves the group":
                // By who sees both: to an administrator of the group the campaign would be lost.
                await houses.WithAsync<CampaignStore>(async campaigns =>
                {
                    var above = new Viewer(TwoHouses.Id(), "above", Supervises: true);
                    var elsewhere = Guid.Parse(await houses.MakeAsync("group", houses.Theirs, Cast.Ada));
                    var record = (await campaigns.FindAsync(above, conversation.CampaignId, default))!;
                    await campaigns.SaveAsync(above, conversation.CampaignId, record.Campaign.Version, _ => { }, [elsewhere], default);
                });
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(how));
        }
    }

    private async Task<Answer> RecoverAsync(Nora nora)
    {
        var token = await houses.WithAsync<UserManager<User>, string>(async users =>
            await users.GeneratePasswordResetTokenAsync((await users.FindByIdAsync($"{nora.Id}"))!));
        using var browser = houses.Open();
        return await browser.PostAsync(
            $"/password/reset?user={nora.Id}&code={WebEncoders.Base64UrlEncode(System.Text.Encoding.UTF8.GetBytes(token))}",
            ("Form.Password", NewPassword), ("Form.Repeated", NewPassword));
    }

    private async Task<(string, string?)[]> FormAsync(Browserless ada, Nora nora, string? role = null, string? email = null, string? group = null)
    {
        var version = (await ada.GetAsync($"/administration/users/{nora.Id}")).ValueOf("version");
        return
        [
            ("version", version), ("name", nora.Person.Name), ("email", email ?? nora.Person.Email), ("roles", role ?? nora.Person.Roles[0]),
            ("groups", group ?? $"{houses.Ours.Group}"), ("capacity", "6"), ("campaigns", $"{houses.Ours.Campaign.Id}"),
        ];
    }

    private Task SayAsync(Conversation conversation, string text) => houses.WithAsync<MessageStore>(async messages =>
        Assert.IsType<MessageOutcome.Accepted>(await messages.FromContactAsync(
            conversation.Id, conversation.ContactId, conversation.CampaignId, TwoHouses.Id(), houses.Ours.Of(text), default)));

    private Task HoldAsync(Conversation conversation, Guid agent) => houses.WithAsync<Database>(async database =>
    {
        var held = database.Conversations.Single(c => c.Id == conversation.Id);
        (held.State, held.AgentId, held.AssignedAt) = (ConversationState.Attending, agent, houses.Clock.GetUtcNow());
        await database.SaveChangesAsync();
    });

    // The same cookies in another browser, at one of the two doors.
    private Browserless At(string node, Browserless browser) =>
        browser.At(houses.Address, node == "the same node" ? houses.Address : nodes.Elsewhere);

    private async Task<Campaign> CampaignAsync()
    {
        var id = Guid.Parse(await houses.MakeAsync("campaign", houses.Ours, Cast.Ada));
        return await houses.WithAsync<Database, Campaign>(database => Task.FromResult(database.Campaigns.Single(each => each.Id == id)));
    }

    private async Task<Nora> NoraAsync(string role)
    {
        var id = Guid.Parse(await houses.MakeAsync(role == Roles.Agent ? "agent" : "user", houses.Ours, Cast.Ada));
        var user = await houses.WithAsync<Database, User>(database => Task.FromResult(database.Users.Single(each => each.Id == id)));
        return new Nora(id, new Person(user.DisplayName, user.Email!, role));
    }

    private sealed record Nora(Guid Id, Person Person);
}
