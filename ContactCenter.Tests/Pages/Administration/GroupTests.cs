using System.Net;
using ContactCenter.Domain;
using ContactCenter.Security;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ContactCenter.Tests.Pages.Administration;

/// <summary>Ada is in no group and sees everything.</summary>
public sealed class GroupTests(App app) : IClassFixture<App>
{
    private const string Path = "/administration/groups";

    [Fact]
    public async Task Ada_gives_Sofia_a_group_and_with_it_its_campaigns_alone()
    {
        var (ours, theirs) = (await app.CampaignAsync("ours"), await app.CampaignAsync("theirs"));
        using var sofia = await app.SignInAsync(Cast.Sofia);
        foreach (var campaign in new[] { ours, theirs }) Assert.Equal(200, (await sofia.GetAsync($"/supervision/{campaign.Id}")).Status);

        using var ada = await app.SignInAsync(Cast.Ada);
        var made = await ada.PostAsync(Path, ("name", "Montevideo"), ("campaigns", $"{ours.Id}"), ("people", $"{await app.IdOfAsync(Cast.Sofia)}"));
        Assert.Equal(302, made.Status);
        var page = (await ada.GetAsync(made.Location!)).Read();
        Assert.Contains("Saved. Whoever is in the group sees its campaigns from now on.", page);
        Assert.Equal((200, 404), ((await sofia.GetAsync($"/supervision/{ours.Id}")).Status, (await sofia.GetAsync($"/supervision/{theirs.Id}")).Status));

        var deletion = made.Location!.Replace("?done=saved", "/deletion", StringComparison.Ordinal);
        Assert.Contains("Campaigns in it: 1; people in it: 1.", (await ada.GetAsync(deletion)).Read());
        Assert.Equal($"{Path}?done=deleted", (await ada.PostAsync(deletion)).Location);
        Assert.Equal(200, (await sofia.GetAsync($"/supervision/{theirs.Id}")).Status);
    }

    [Theory]
    [InlineData("", "This is needed.")]
    [InlineData("salto", "Another security group has this name.")]
    [InlineData("\u202Eevil", "This contains characters that cannot be used here.")]
    public async Task A_name_is_needed_and_nobody_elses(string name, string problem)
    {
        if (!await app.WithAsync<Database, bool>(database => database.SecurityGroups.AnyAsync(g => g.Name == "Salto"))) await app.GroupAsync("Salto");
        using var ada = await app.SignInAsync(Cast.Ada);
        var answer = await ada.PostAsync(Path, ("name", name), ("campaigns", "nonsense"), ("people", Guid.Empty.ToString()));
        Assert.Equal(422, answer.Status);
        Assert.Contains(problem, answer.Read());
        Assert.Equal(name, answer.ValueOf("name"));
    }

    [Fact]
    public async Task Who_saves_second_sees_both_and_chooses()
    {
        var group = await app.GroupAsync("Rivera");
        var campaign = await app.CampaignAsync("border");
        using var ada = await app.SignInAsync(Cast.Ada);
        var version = (await ada.GetAsync($"{Path}/{group}")).ValueOf("version");
        Assert.Equal(302, (await ada.PostAsync($"{Path}/{group}", ("version", version), ("name", "Rivera"), ("campaigns", $"{campaign.Id}"))).Status);
        var second = await ada.PostAsync($"{Path}/{group}", ("version", version), ("name", "Livramento"));
        Assert.Equal(409, second.Status);
        Assert.Contains("<td>Rivera</td><td>Livramento</td>", second.Read());
        Assert.Contains("<td>border</td><td>–</td>", second.Read());
        Assert.Equal(302, (await ada.PostAsync($"{Path}/{group}", ("version", second.ValueOf("version")), ("name", "Livramento"))).Status);
        Assert.Contains("Livramento", (await ada.GetAsync(Path)).Read());
    }

    [Theory]
    [InlineData("group")]
    [InlineData("account")]
    public async Task What_Sofia_has_open_ends_with_her_right_to_it(string form)
    {
        var campaign = await app.CampaignAsync($"open-by-{form}");
        var (id, elsewhere) = (await app.IdOfAsync(Cast.Sofia), await app.GroupAsync($"Elsewhere by {form}"));
        var conversation = await app.WithAsync<ConversationStore, Guid>(async conversations => Assert.IsType<StartOutcome.Started>(
            await conversations.StartAsync(campaign.Id, Ids.New(TimeProvider.System), null, new ContactDetails("Marta", null, null), "es", "Hola")).Conversation.Id);
        using var sofia = await app.SignInAsync(Cast.Sofia);
        using var answer = await sofia.Http.GetAsync($"/inbox/stream?conversation={conversation}", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var stream = new StreamReader(await answer.Content.ReadAsStreamAsync());

        using var ada = await app.SignInAsync(Cast.Ada);
        var path = form == "group" ? $"{Path}/{elsewhere}" : $"/administration/users/{id}";
        (string, string?)[] fields = form == "group"
            ? [("name", $"Elsewhere by {form}"), ("people", $"{id}")]
            : [("name", Cast.Sofia.Name), ("email", Cast.Sofia.Email), ("roles", "Supervisor"), ("groups", $"{elsewhere}"),
                ("password", Person.Password)];
        Assert.Equal(302, (await ada.PostAsync(path, [("version", (await ada.GetAsync(path)).ValueOf("version")), .. fields])).Status);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        string? line;
        do line = await stream.ReadLineAsync(patience.Token);
        while (line is not null && line != "event: ended");
        Assert.Equal("event: ended", line);
        Assert.Equal(302, (await ada.PostAsync($"{Path}/{elsewhere}/deletion")).Status);
    }

    [Fact]
    public async Task Agents_supervisors_and_strangers_have_no_security_groups()
    {
        var group = await app.GroupAsync("Closed");
        using var omar = await app.SignInAsync(Cast.Omar);
        using var sofia = await app.SignInAsync(Cast.Sofia);
        using var ada = await app.SignInAsync(Cast.Ada);
        using var stranger = app.Open();
        foreach (var path in new[] { Path, $"{Path}/{group}", $"{Path}/{group}/deletion" })
        {
            Assert.Equal(403, (await omar.GetAsync(path)).Status);
            Assert.Equal(403, (await sofia.PostAsync(path, ("name", "Mine"))).Status);
            Assert.Equal(302, (await stranger.GetAsync(path)).Status);
        }
        var nobodys = $"{Path}/{Ids.New(TimeProvider.System)}";
        foreach (var path in new[] { nobodys, $"{nobodys}/deletion" })
        {
            Assert.Equal(404, (await ada.GetAsync(path)).Status);
            Assert.Equal(404, (await ada.PostAsync(path, ("name", "Nobody's"))).Status);
        }
    }
}

/// <summary>Ada is in a group herself: she sees no other, and gives nobody more than she has.</summary>
public sealed class BoundGroupTests(App app) : IClassFixture<App>
{
    private const string Path = "/administration/groups";

    [Fact]
    public async Task Nobody_comes_to_see_everything_through_somebody_who_does_not()
    {
        var mine = await app.GroupAsync("Montevideo", Cast.Ada, Cast.Sofia);
        var other = await app.GroupAsync("Lisbon");
        var (ours, theirs) = (await app.CampaignAsync("ours", mine), await app.CampaignAsync("theirs", other));
        using var ada = await app.SignInAsync(Cast.Ada);
        var page = (await ada.GetAsync($"{Path}/{mine}")).Read();
        Assert.Contains("ours", page);
        Assert.DoesNotContain("theirs", page);
        Assert.DoesNotContain("Lisbon", page);
        foreach (var path in new[] { $"{Path}/{other}", $"{Path}/{other}/deletion" })
        {
            Assert.Equal(404, (await ada.GetAsync(path)).Status);
            Assert.Equal(404, (await ada.PostAsync(path, ("name", "Mine"))).Status);
        }

        // To leave her group would show her everything, and so would Sofía's leaving, and the end of the group.
        var (version, id) = ((await ada.GetAsync($"{Path}/{mine}")).ValueOf("version"), await app.IdOfAsync(Cast.Ada));
        foreach (var people in new[] { [], new[] { id } })
        {
            var left = await ada.PostAsync($"{Path}/{mine}", [("version", version), ("name", "Montevideo"), .. people.Select(each => ("people", (string?)$"{each}"))]);
            Assert.Equal(422, left.Status);
            Assert.Contains("Somebody would be left without a group and see every campaign.", left.Read());
        }
        Assert.Equal(409, (await ada.PostAsync($"{Path}/{mine}/deletion")).Status);

        // A foreign campaign is not put into a group, whatever is sent; a new group has her in it.
        var made = await ada.PostAsync(Path, ("name", "Salto"), ("campaigns", $"{ours.Id}"), ("campaigns", $"{theirs.Id}"));
        Assert.Equal(200, (await ada.GetAsync(made.Location!)).Status);
        Assert.Equal(404, (await ada.GetAsync($"/administration/campaigns/{theirs.Id}")).Status);
        Assert.Equal(2, await app.WithAsync<Database, int>(database => database.UserGroups.CountAsync(l => l.UserId == id)));
    }

    /// <summary>Alma and Teo are in two groups, and she takes him out of both in two pages that she sends at once: each
    /// would see the other group, in which he stays.</summary>
    [Theory]
    [InlineData("save", "save", 422)]
    [InlineData("save", "deletion", 409)]
    [InlineData("deletion", "save", 422)]
    [InlineData("account", "save", 422)]
    [InlineData("save", "account", 409)]
    public async Task Who_leaves_two_groups_at_once_is_left_in_one(string one, string other, int refused)
    {
        var mark = $"{one}-{other}";
        var alma = await AccountAsync("Alma", Roles.Administrator);
        var teo = await AccountAsync("Teo", Roles.Supervisor);
        var left = await app.GroupAsync($"Left {mark}", alma, teo);
        var right = await app.GroupAsync($"Right {mark}", alma, teo);
        var (hers, his) = (await app.IdOfAsync(alma), await app.IdOfAsync(teo));
        await app.CampaignAsync($"beyond-{mark}");
        using var page = await app.SignInAsync(alma);
        using var again = await app.SignInAsync(alma);
        await page.TokenAsync();
        await again.TokenAsync();
        var (first, second) = (await LeaveAsync(page, one, left), await LeaveAsync(again, other, right));

        // Whoever else is at accounts and groups has the turn: both stand before it, and go one after the other.
        Task<Answer>[] sent;
        await using (var turn = await Turn.TakeAsync(app))
        {
            var begun = first();
            await Eventually.Holds("the first waits for its turn", async () => await turn.WaitingAsync() == 1);
            sent = [begun, second()];
            await Eventually.Holds("both wait for their turn", async () => await turn.WaitingAsync() == 2);
        }
        var answers = await Task.WhenAll(sent);

        Assert.Equal([302, refused], answers.Select(answer => answer.Status));
        Assert.Single(await app.WithAsync<Database, List<Guid>>(database =>
            database.UserGroups.Where(link => link.UserId == his).Select(link => link.GroupId).ToListAsync()));
        var viewer = new Viewer(his, "Teo", Supervises: true);
        Assert.False(await app.WithAsync<Database, bool>(database => database.SupervisedBy(viewer).AnyAsync()));

        string Other(Guid group) => $"{(group == left ? right : left)}";

        async Task<Person> AccountAsync(string name, string role)
        {
            var person = new Person($"{name} {mark}", $"{name}@{mark}.test".ToLowerInvariant(), role);
            await app.WithAsync<Accounts>(async accounts =>
            {
                var account = new NewAccount(person.Email, person.Name, Person.Password, person.Roles);
                Assert.Empty((await accounts.CreateAsync(account)).Errors);
            });
            return person;
        }

        async Task<Func<Task<Answer>>> LeaveAsync(Browserless browser, string how, Guid group)
        {
            var path = how == "account" ? $"/administration/users/{his}" : $"{Path}/{group}";
            var version = ("version", (string?)(await browser.GetAsync(path)).ValueOf("version"));
            (string, string?)[] fields = how == "account"
                ?
                [
                    version, ("name", teo.Name), ("email", teo.Email), ("roles", teo.Roles[0]), ("groups", Other(group)),
                    ("password", Person.Password),
                ]
                : [version, ("name", $"Saved {group}"), ("people", $"{hers}")];
            return () => how == "deletion" ? browser.PostAsync($"{path}/deletion") : browser.PostAsync(path, fields);
        }
    }

    /// <summary>The turn at accounts and groups, as another node may have it.</summary>
    private sealed class Turn(NpgsqlConnection connection) : IAsyncDisposable
    {
        public static async Task<Turn> TakeAsync(App app)
        {
            var turn = new Turn(new NpgsqlConnection(app.ConnectionString));
            await turn.connection.OpenAsync();
            await turn.AskAsync("begin; select pg_advisory_xact_lock(5014201812)");
            return turn;
        }

        private readonly NpgsqlConnection connection = connection;

        public async Task<int> WaitingAsync() => Convert.ToInt32(await AskAsync("""
            select count(*) from pg_locks where locktype = 'advisory' and not granted
              and database = (select oid from pg_database where datname = current_database())
            """), System.Globalization.CultureInfo.InvariantCulture);

        public ValueTask DisposeAsync() => connection.DisposeAsync();

        private async Task<object?> AskAsync(string statement)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            return await command.ExecuteScalarAsync();
        }
    }
}
