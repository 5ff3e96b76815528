using ContactCenter.Domain;
using ContactCenter.Storage;
using ContactCenter.Tests.Pages.Administration;
using ContactCenter.Tests.Rules;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ContactCenter.Tests.Security;

/// <summary>What somebody may do in one house says nothing of what they may in the other.</summary>
public sealed class ReachByRoleTests(TwoHouses houses) : IClassFixture<TwoHouses>
{
    private readonly Household ours = houses.Ours;
    private readonly Household theirs = houses.Theirs;

    [Fact]
    public async Task Who_supervises_one_house_and_works_as_an_agent_in_the_other_supervises_the_one()
    {
        var (attended, waiting) = (await houses.ConversationAsync(theirs), await houses.ConversationAsync(theirs, ConversationState.Waiting));
        var omar = theirs.Ids[theirs.Agent];
        foreach (var person in TwoHouses.InBoth)
        {
            await using var asker = await Asker.SignInAsync(houses, person);
            // As an agent they read what waits in the other house, not what a colleague attends.
            Assert.Equal(200, await StatusAsync(asker, $"/conversations/{waiting.Id}"));
            Assert.Equal(404, await StatusAsync(asker, $"/conversations/{attended.Id}"));
            Assert.Equal(200, await StatusAsync(asker, $"/supervision/{ours.Campaign.Id}"));
            string[] boards =
            [
                $"/supervision/{theirs.Campaign.Id}", $"/supervision/board/{theirs.Campaign.Id}", $"/supervision/{theirs.Campaign.Id}/wallboard",
                $"/supervision/conversations/waiting/{theirs.Campaign.Id}", $"/supervision/agents/{omar}", $"/direct-messages/{omar}",
            ];
            foreach (var board in boards) Assert.Equal((board, 404), (board, await StatusAsync(asker, board)));
            foreach (var all in (string[])["/supervision", "/supervision/board", "/supervision/conversations/waiting", "/supervision/conversations/attended"])
            {
                var page = await asker.AskAsync("GET", all, withToken: false, htmx: false);
                Assert.Equal(200, page.Status);
                Assert.DoesNotContain(theirs.Mark, page.Text);
            }
            foreach (var verb in (string[])["break", "departure"])
                Assert.Equal(404, (await asker.AskAsync("POST", $"/supervision/agents/{omar}/{verb}", withToken: true, htmx: false)).Status);
        }
        Assert.Equal(ConversationState.Attending, (await FindAsync(attended.Id)).State);
    }

    [Fact]
    public async Task Two_of_the_staff_write_to_each_other_while_one_of_them_supervises_the_other()
    {
        var rita = await PersonAsync("agent", ours);
        await using var sofia = await Asker.SignInAsync(houses, ours.Supervisor);
        await using var hers = await Asker.SignInAsync(houses, rita.Person);
        var sofiaId = ours.Ids[ours.Supervisor];
        Assert.Equal(302, await WriteAsync(sofia, rita.Id, "Go easy"));
        Assert.Equal(302, await WriteAsync(hers, sofiaId, "I will"));
        Assert.Contains("data-direct=\"1\"", (await sofia.AskAsync("GET", "/direct-messages/unread", false, false)).Text);

        await MembersAsync(ours.Administrator, "Remove", ours, rita.Id);
        foreach (var (asker, other) in ((Asker, Guid)[])[(sofia, rita.Id), (hers, sofiaId)])
        {
            foreach (var path in (string[])["", "dialog/"])
                Assert.Equal(404, await StatusAsync(asker, $"/direct-messages/{path}{other}"));
            Assert.Equal(404, await StatusAsync(asker, $"/direct-messages/{other}/log"));
            Assert.Equal(404, await WriteAsync(asker, other, "Are you still there?"));
            var list = (await asker.AskAsync("GET", "/direct-messages", false, false)).Text;
            Assert.DoesNotContain("Go easy", list);
            Assert.DoesNotContain("I will", list);
            Assert.Contains("data-direct=\"0\"", (await asker.AskAsync("GET", "/direct-messages/unread", false, false)).Text);
        }
        // Kept for when she is back.
        await houses.EmployAsync(ours, rita.Id);
        Assert.Contains("I will", (await sofia.AskAsync("GET", $"/direct-messages/{rita.Id}", false, false)).Text);
    }

    [Fact]
    public async Task Who_has_left_a_campaign_reads_nothing_of_it_any_more()
    {
        var rita = await PersonAsync("agent", ours);
        var done = await houses.ConversationAsync(ours, ConversationState.Finished, ours.Of("Note"));
        await houses.WithAsync<Database>(database =>
            database.Conversations.Where(c => c.Id == done.Id).ExecuteUpdateAsync(set => set.SetProperty(c => c.AgentId, rita.Id)));
        await using var hers = await Asker.SignInAsync(houses, rita.Person);
        string[] paths = [$"/conversations/{done.Id}", $"/conversations/{done.Id}/messages", $"/contacts/{done.ContactId}/panel"];
        foreach (var path in paths) Assert.Equal((path, 200), (path, await StatusAsync(hers, path)));
        await MembersAsync(ours.Administrator, "Remove", ours, rita.Id);
        foreach (var path in paths) Assert.Equal((path, 404), (path, await StatusAsync(hers, path)));
    }

    [Fact]
    public async Task Who_works_for_both_houses_is_administered_by_one_of_them_once_the_other_has_everything_back()
    {
        var rita = await PersonAsync("agent", ours);
        await houses.EmployAsync(theirs, rita.Id);
        var held = await houses.ConversationAsync(theirs);
        await houses.WithAsync<Database>(database =>
            database.Conversations.Where(c => c.Id == held.Id).ExecuteUpdateAsync(set => set.SetProperty(c => c.AgentId, rita.Id)));
        held = await FindAsync(held.Id);
        await using var ada = await Asker.SignInAsync(houses, ours.Administrator);
        Assert.Equal(404, await StatusAsync(ada, $"/administration/users/{rita.Id}"));

        await MembersAsync(theirs.Administrator, "Remove", theirs, rita.Id);
        var back = await FindAsync(held.Id);
        Assert.Equal((ConversationState.Waiting, null, held.QueuedAt), (back.State, back.AgentId, back.QueuedAt));
        Assert.Equal(200, await StatusAsync(ada, $"/administration/users/{rita.Id}"));
        // Whoever becomes her finds nothing of the other house.
        await using var hers = await Asker.SignInAsync(houses, rita.Person);
        foreach (var path in (string[])["/inbox", "/history", $"/conversations/{held.Id}", $"/direct-messages/{theirs.Ids[theirs.Supervisor]}"])
            Assert.DoesNotContain(theirs.Mark, (await hers.AskAsync("GET", path, withToken: false, htmx: false)).Text);
    }

    [Fact]
    public async Task What_a_removed_agent_could_not_give_back_is_given_back_later()
    {
        var rita = await PersonAsync("agent", ours);
        var held = await houses.ConversationAsync(theirs);
        await houses.WithAsync<Database>(database =>
            database.Conversations.Where(c => c.Id == held.Id).ExecuteUpdateAsync(set => set.SetProperty(c => c.AgentId, rita.Id)));
        var due = await houses.WithAsync<AssignmentStore, IReadOnlyList<ReturnDue>>(store => store.ReturnsDueAsync(1000, default));
        Assert.True(due.Single(each => each.Conversation == held.Id).Removed);
        Assert.DoesNotContain(due, each => each.Agent == theirs.Ids[theirs.Agent]);
    }

    [Fact]
    public async Task What_all_campaigns_share_is_changed_by_who_administers_them_all_and_read_by_the_others()
    {
        var client = await houses.MakeAsync("client", ours, ours.Administrator);
        await using var ada = await Asker.SignInAsync(houses, ours.Administrator);
        foreach (var path in (string[])["clients", "projects", "departments", "breaks", $"clients/{client}"])
        {
            var page = await ada.AskAsync("GET", $"/administration/{path}", withToken: false, htmx: false);
            Assert.Equal((path, 200), (path, page.Status));
            Assert.Contains("Ask an administrator who sees every campaign to change them", page.Text);
            Assert.DoesNotContain(">Save<", page.Text);
            Assert.Equal(403, (await ada.AskAsync("POST", $"/administration/{path}", withToken: true, htmx: false, ("name", "Ours now"))).Status);
        }
        foreach (var verb in (string[])["activation", "deletion"])
            Assert.Equal(403, (await ada.AskAsync("POST", $"/administration/clients/{client}/{verb}", true, false, ("active", "false"))).Status);
        var jobs = await ada.AskAsync("GET", "/administration/jobs", withToken: false, htmx: false);
        Assert.Contains("an administrator who sees every campaign may run one now", jobs.Text);
        Assert.DoesNotContain("Run now", jobs.Text);
        Assert.Equal(403, (await ada.AskAsync("POST", "/administration/jobs", true, false, ("name", "Sweep"))).Status);
        Assert.DoesNotContain("/administration/jobs/hangfire", jobs.Text);
        Assert.Equal(403, (await ada.AskAsync("GET", "/administration/jobs/hangfire", false, false)).Status);
        Assert.Equal(403, (await ada.AskAsync("POST", "/administration/jobs/hangfire/recurring/trigger", true, false,
            ("jobs[]", "SessionJob"))).Status);
        Assert.False(await houses.WithAsync<Database, bool>(database => database.Clients.AnyAsync(each => each.Name == "Ours now" || !each.Active)));

        // Whose groups cover every campaign administers all of them, as who is in none.
        var group = await houses.WithAsync<Database, UserGroup>(async database =>
        {
            var link = new UserGroup { GroupId = theirs.Group, UserId = ours.Ids[ours.Administrator] };
            database.Add(link);
            await database.SaveChangesAsync();
            return link;
        });
        Assert.Equal(302, (await ada.AskAsync("POST", $"/administration/clients/{client}/activation", true, false, ("active", "false"))).Status);
        Assert.Equal(302, (await ada.AskAsync("POST", "/administration/jobs", true, false, ("name", "Sweep"))).Status);
        Assert.Equal(200, (await ada.AskAsync("GET", "/administration/jobs/hangfire", false, false)).Status);
        await houses.WithAsync<Database>(async database =>
        {
            database.Remove(group);
            await database.SaveChangesAsync();
        });
    }

    [Fact]
    public async Task The_statements_see_whom_the_queries_see()
    {
        // She is removed, and holds what she held: as it stands for a moment, or as an older build left it.
        var rita = await PersonAsync("agent", ours);
        var (tea, teo) = (theirs.Ids[theirs.Administrator], theirs.Ids[theirs.Supervisor]);
        await houses.WithAsync<Database>(async database =>
        {
            Viewer ada = new(ours.Ids[ours.Administrator], "Ada", true), above = new(tea, "Tea", true);
            Task<bool> AdministersAsync(Viewer viewer) => database.AdministeredBy(viewer).AnyAsync(user => user.Id == rita.Id);
            await using var turn = await database.Database.BeginTransactionAsync();
            Assert.True(await AdministersAsync(ada));
            var held = await houses.ConversationAsync(theirs);
            await database.Conversations.Where(c => c.Id == held.Id).ExecuteUpdateAsync(set => set.SetProperty(c => c.AgentId, rita.Id));
            // Another house's conversation is in her hands: whoever becomes her reads it.
            Assert.False(await AdministersAsync(ada));
            Assert.False(await AdministersAsync(above));
            Assert.True(await SupervisesAsync(database, teo, rita.Id));
            Assert.True(await SupervisesAsync(database, ours.Ids[ours.Supervisor], rita.Id));
            await database.Members.Where(member => member.UserId == rita.Id).ExecuteDeleteAsync();
            Assert.False(await SupervisesAsync(database, ours.Ids[ours.Supervisor], rita.Id));
            Assert.True(await AdministersAsync(above));
        });
    }

    // Within the transaction, which nobody else sees.
    private static async Task<bool> SupervisesAsync(Database database, Guid viewer, Guid agent)
    {
        await using var command = new NpgsqlCommand("select " + ReachSql.SupervisesThem, (NpgsqlConnection)database.Database.GetDbConnection());
        foreach (var value in (object[])[viewer, true, agent]) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<int> StatusAsync(Asker asker, string path) => (await asker.AskAsync("GET", path, withToken: false, htmx: false)).Status;

    private static async Task<int> WriteAsync(Asker asker, Guid to, string text) =>
        (await asker.AskAsync("POST", $"/direct-messages/{to}", withToken: true, htmx: false, ("id", $"{TwoHouses.Id()}"), ("text", text))).Status;

    private async Task MembersAsync(Person administrator, string handler, Household side, Guid agent)
    {
        await using var asker = await Asker.SignInAsync(houses, administrator);
        var answer = await asker.AskAsync("POST", $"/administration/members?handler={handler}", withToken: true, htmx: false,
            ("campaigns", $"{side.Campaign.Id}"), ("agents", $"{agent}"));
        Assert.True(answer.Status == 302, answer.Text);
    }

    private Task<Conversation> FindAsync(Guid id) => houses.WithAsync<Database, Conversation>(database => database.Conversations.SingleAsync(c => c.Id == id));

    private async Task<(Guid Id, Person Person)> PersonAsync(string thing, Household side)
    {
        var id = Guid.Parse(await houses.MakeAsync(thing, side, side.Administrator));
        var user = await houses.WithAsync<Database, ContactCenter.Security.User>(database => database.Users.SingleAsync(each => each.Id == id));
        return (id, new Person(user.DisplayName, user.Email!, thing == "agent" ? Roles.Agent : Roles.Supervisor));
    }
}
