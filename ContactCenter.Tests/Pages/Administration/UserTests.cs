using ContactCenter.Domain;
using ContactCenter.Realtime;
using ContactCenter.Security;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ContactCenter.Tests.Pages.Administration;

public sealed class UserTests(App app) : IClassFixture<App>
{
    private const string Path = "/administration/users";

    [Fact]
    public async Task Ada_makes_a_user_with_everything_and_reads_it_again()
    {
        var campaign = await app.CampaignAsync("hers");
        var group = await app.GroupAsync("Group of hers");
        using var ada = await app.SignInAsync(Cast.Ada);
        var answer = await ada.PostAsync(Path, ("name", "Nora Núñez"), ("email", "nora@everything.test"), ("roles", "Agent"), ("roles", "Supervisor"),
            ("capacity", "4"), ("monitored", "true"), ("campaigns", campaign.Id.ToString()), ("departments", campaign.DepartmentId.ToString()), ("groups", group.ToString()),
            ("password", Person.Password));
        Assert.True(answer.Status == 302, answer.Read());
        // Mail is not set up here: the page says so, the account stands.
        Assert.EndsWith("?done=unsent", answer.Location);
        Assert.Contains("no mail can be sent", (await ada.GetAsync(answer.Location!)).Read());

        await app.WithAsync<Database>(async database =>
        {
            var nora = await database.Users.SingleAsync(user => user.Email == "nora@everything.test");
            Assert.Equal(("Nora Núñez", true, false, null), (nora.DisplayName, nora.Active, nora.EmailConfirmed, nora.PasswordHash));
            var agent = await database.Agents.SingleAsync(each => each.UserId == nora.Id);
            Assert.Equal((4, true, false), (agent.Capacity, agent.Monitored, agent.Accepting));
            Assert.Equal([campaign.Id], await database.Members.Where(each => each.UserId == nora.Id).Select(each => each.CampaignId).ToListAsync());
            Assert.Equal([campaign.DepartmentId], await database.UserDepartments.Where(each => each.UserId == nora.Id).Select(each => each.DepartmentId).ToListAsync());
            Assert.Equal([group], await database.UserGroups.Where(each => each.UserId == nora.Id).Select(each => each.GroupId).ToListAsync());
        });
        var page = await ada.GetAsync(answer.Location!);
        Assert.Equal(("Nora Núñez", "4"), (page.ValueOf("name"), page.ValueOf("capacity")));
        Assert.Contains("invited", page.Read());
        Assert.Matches($"value=\"{campaign.Id}\" checked", page.Text);
        Assert.Contains("nora@everything.test", (await ada.GetAsync($"{Path}?q=núñez")).Read());
        Assert.DoesNotContain("nora@everything.test", (await ada.GetAsync($"{Path}?q=%25")).Read());
    }

    [Fact]
    public async Task Nonsense_is_told_beside_its_field_and_what_was_typed_stays()
    {
        var user = await MakeAsync("nonsense@user.test", Roles.Agent);
        using var ada = await app.SignInAsync(Cast.Ada);
        foreach (var nonsense in new[] { "", "-5", "99999999999999999999", "💥<b>\u202E", new string('x', 5000), "a b@c d", "@", "7.5" })
        {
            foreach (var path in (string[])[Path, $"{Path}/{user}"])
            {
                var answer = await ada.PostAsync(path, ("version", nonsense), ("name", nonsense), ("email", nonsense), ("roles", "Agent"),
                    ("capacity", nonsense), ("monitored", nonsense), ("campaigns", nonsense), ("departments", nonsense), ("groups", nonsense));
                Assert.Equal(422, answer.Status);
                Assert.Contains("A whole number from 1 to 100.", answer.Read());
                Assert.Equal(nonsense, answer.ValueOf("capacity"));
                Assert.Equal(nonsense, answer.ValueOf("email"));
            }
            Assert.Equal(422, (await ada.PostAsync(Path, ("name", "Nora"), ("email", "nora@roleless.test"), ("roles", nonsense))).Status);
            Assert.Equal(200, (await ada.GetAsync($"{Path}?q={Uri.EscapeDataString(nonsense[..Math.Min(nonsense.Length, 500)])}&p={Uri.EscapeDataString(nonsense[..Math.Min(nonsense.Length, 20)])}")).Status);
        }
        var taken = await ada.Language("pt").PostAsync(Path, Good("Nora", Cast.Lili.Email.ToUpperInvariant()));
        Assert.Equal(422, taken.Status);
        Assert.Contains("Já existe uma conta com este e-mail", taken.Read());
        Assert.Equal("nonsense@user.test", await app.WithAsync<Database, string>(database => database.Users.Where(each => each.Id == user).Select(each => each.DisplayName).SingleAsync()));
    }

    [Fact]
    public async Task Who_saves_second_sees_both_and_chooses()
    {
        var user = await MakeAsync("both@user.test", Roles.Agent);
        using var ada = await app.SignInAsync(Cast.Ada);
        using var elsewhere = await app.SignInAsync(Cast.Ada);
        var version = (await elsewhere.GetAsync($"{Path}/{user}")).ValueOf("version");
        Assert.Equal(302, (await ada.PostAsync($"{Path}/{user}", [("version", version), .. Good("Theirs", "both@user.test")])).Status);

        var conflict = await elsewhere.PostAsync($"{Path}/{user}", [("version", version), .. Good("Mine", "both@user.test", "9")]);
        Assert.Equal(409, conflict.Status);
        Assert.Contains("<td>Theirs</td><td>Mine</td>", conflict.Read());
        Assert.Contains("<td>6</td><td>9</td>", conflict.Read());
        Assert.Equal(("Mine", "9"), (conflict.ValueOf("name"), conflict.ValueOf("capacity")));
        // A mistyped password in between is nobody's change.
        await app.WithAsync<Database>(database => database.Users.Where(each => each.Id == user)
            .ExecuteUpdateAsync(set => set.SetProperty(each => each.AccessFailedCount, 1).SetProperty(each => each.ConcurrencyStamp, "another")));
        Assert.Equal(302, (await elsewhere.PostAsync($"{Path}/{user}", [("version", conflict.ValueOf("version")), .. Good("Mine", "both@user.test", "9")])).Status);
        Assert.Equal("Mine", (await ada.GetAsync($"{Path}/{user}")).ValueOf("name"));
    }

    [Fact]
    public async Task The_last_administrator_stays_one_and_nobody_deactivates_themselves()
    {
        var admin = await app.IdOfAsync(Cast.Ada);
        using var ada = await app.SignInAsync(Cast.Ada);
        // Somebody who never answered their invitation cannot help.
        var invited = await MakeAsync("invited@admin.test", Roles.Administrator);
        var version = (await ada.GetAsync($"{Path}/{admin}")).ValueOf("version");
        var refused = await ada.PostAsync(
            $"{Path}/{admin}", [("version", version), ("password", Person.Password), .. Good(Cast.Ada.Name, Cast.Ada.Email)]);
        Assert.Equal(422, refused.Status);
        Assert.Contains("Nobody else can administer", refused.Read());
        Assert.Equal(409, (await ada.PostAsync($"{Path}/{admin}/activation", ("active", "false"))).Status);

        await app.WithAsync<Database>(database => database.Users.Where(each => each.Id == invited)
            .ExecuteUpdateAsync(set => set.SetProperty(each => each.PasswordHash, "chosen")));
        var own = await ada.PostAsync($"{Path}/{admin}/activation", ("active", "false"));
        Assert.Equal(409, own.Status);
        Assert.Contains("your own account", own.Read());
        Assert.Equal(302, (await ada.PostAsync($"{Path}/{invited}/activation", ("active", "false"))).Status);
        Assert.Equal(200, (await ada.GetAsync(Path)).Status);
    }

    [Fact]
    public async Task Two_administrators_who_demote_each_other_at_once_leave_one()
    {
        var (ada, uma) = (await app.IdOfAsync(Cast.Ada), await app.WithAsync<Accounts, Guid>(async accounts =>
            (await accounts.CreateAsync(new NewAccount("uma@admin.test", "Uma", Person.Password, [Roles.Administrator]))).User!.Id));
        using var hers = await app.SignInAsync(Cast.Ada);
        using var umas = await app.SignInAsync(new Person("Uma", "uma@admin.test"));
        var (ofUma, ofAda) = ((await hers.GetAsync($"{Path}/{uma}")).ValueOf("version"), (await umas.GetAsync($"{Path}/{ada}")).ValueOf("version"));
        await hers.TokenAsync();
        await umas.TokenAsync();
        await Task.WhenAll(
            hers.PostAsync($"{Path}/{uma}", [("version", ofUma), .. Good("Uma", "uma@admin.test")]),
            umas.PostAsync($"{Path}/{ada}", [("version", ofAda), .. Good(Cast.Ada.Name, Cast.Ada.Email)]));
        await app.WithAsync<Database>(async database =>
        {
            var role = await database.Roles.Where(each => each.Name == Roles.Administrator).Select(each => each.Id).SingleAsync();
            var left = await database.UserRoles.Where(each => each.RoleId == role && (each.UserId == ada || each.UserId == uma)).Select(each => each.UserId).ToListAsync();
            var last = Assert.Single(left);
            // As it was, for the others.
            if (last != ada) await database.UserRoles.AddAsync(new() { RoleId = role, UserId = ada });
            await database.SaveChangesAsync();
            await database.Users.Where(each => each.Id == uma).ExecuteDeleteAsync();
        });
    }

    [Fact]
    public async Task Who_is_deactivated_is_out_at_once_and_what_they_held_is_back_in_its_place()
    {
        var campaign = await app.CampaignAsync("left-behind");
        var omar = await app.IdOfAsync(Cast.Omar);
        var held = await HeldAsync(campaign, omar);
        using var his = await app.SignInAsync(Cast.Omar);
        using var ada = await app.SignInAsync(Cast.Ada);
        Assert.Equal(200, (await his.GetAsync("/inbox")).Status);

        Assert.Contains("Their open conversation goes back", (await ada.GetAsync($"{Path}/{omar}/activation")).Read());
        // More than they were told of: they are asked again.
        Assert.Equal(409, (await ada.PostAsync($"{Path}/{omar}/activation", ("active", "false"), ("open", "0"))).Status);
        Assert.Equal($"{Path}/{omar}?done=deactivated", (await ada.PostAsync($"{Path}/{omar}/activation", ("active", "false"))).Location);
        Assert.Equal(401, (await his.Htmx().GetAsync("/inbox/list")).Status);
        using var again = app.Open();
        Assert.Equal(422, (await again.PostAsync("/sign-in", ("Form.Email", Cast.Omar.Email), ("Form.Password", Person.Password))).Status);
        var back = await app.WithAsync<Database, Conversation>(database => database.Conversations.SingleAsync(each => each.Id == held.Id));
        Assert.Equal((ConversationState.Waiting, null, held.QueuedAt.ToUnixTimeMilliseconds()), (back.State, back.AgentId, back.QueuedAt.ToUnixTimeMilliseconds()));

        Assert.Equal($"{Path}/{omar}?done=activated", (await ada.PostAsync($"{Path}/{omar}/activation", ("active", "true"))).Location);
        using var later = await app.SignInAsync(Cast.Omar);
    }

    [Fact]
    public async Task Who_is_no_agent_any_more_gives_back_what_they_hold_and_leaves_their_campaigns()
    {
        var campaign = await app.CampaignAsync("promoted");
        var ines = await app.IdOfAsync(Cast.Ines);
        var held = await HeldAsync(campaign, ines);
        using var hers = await app.SignInAsync(Cast.Ines);
        using var ada = await app.SignInAsync(Cast.Ada);
        var version = (await ada.GetAsync($"{Path}/{ines}")).ValueOf("version");
        var saved = await ada.PostAsync($"{Path}/{ines}", ("version", version), ("name", "Inés"), ("email", Cast.Ines.Email), ("roles", "Supervisor"), ("campaigns", campaign.Id.ToString()),
            ("password", Person.Password));
        Assert.Equal(302, saved.Status);
        await app.WithAsync<Database>(async database =>
        {
            Assert.Equal(ConversationState.Waiting, (await database.Conversations.SingleAsync(each => each.Id == held.Id)).State);
            Assert.False(await database.Members.AnyAsync(each => each.UserId == ines));
            Assert.False(await database.Agents.AnyAsync(each => each.UserId == ines));
        });
        // The session with the old rights has ended; a new one has the new.
        Assert.Equal(302, (await hers.GetAsync("/inbox")).Status);
        using var again = await app.SignInAsync(Cast.Ines);
        Assert.Equal(200, (await again.GetAsync("/supervision")).Status);
    }

    [Fact]
    public async Task A_raised_capacity_and_a_new_campaign_reach_who_waits_without_a_restart()
    {
        var (first, second) = (await app.CampaignAsync("first-of-lili"), await app.CampaignAsync("second-of-lili"));
        var lili = await app.IdOfAsync(Cast.Lili);
        await AgentAsync(lili, first, capacity: 1);
        foreach (var name in (string[])["Marta", "João"]) await VisitorAsync(first, name);
        await VisitorAsync(second, "Pía");
        await Eventually.Holds("one is hers", async () => await HoldsAsync() == 1);

        using var ada = await app.SignInAsync(Cast.Ada);
        using var tab = app.Services.GetRequiredService<Hub>().Subscribe(Topic.Agent(lili));
        foreach (var (capacity, campaigns, held) in ((string, Guid[], int)[])[("2", [first.Id], 2), ("3", [first.Id, second.Id], 3)])
        {
            var version = (await ada.GetAsync($"{Path}/{lili}")).ValueOf("version");
            var saved = await ada.PostAsync($"{Path}/{lili}", [("version", version), .. Good("Lili", Cast.Lili.Email, capacity), .. campaigns.Select(id => ("campaigns", (string?)id.ToString()))]);
            Assert.True(saved.Status == 302, saved.Read());
            await Eventually.Holds($"she holds {held}", async () => await HoldsAsync() == held);
            // Her open tabs hear that their campaigns are others now.
            while (!(await tab.NextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20))).HasFlag(Signals.Reach)) continue;
        }

        Task<int> HoldsAsync() => app.WithAsync<Database, int>(database =>
            database.Conversations.CountAsync(each => each.AgentId == lili && each.State == ConversationState.Attending));
    }

    [Fact]
    public async Task The_table_pages_and_keeps_its_place()
    {
        await app.WithAsync<Database>(async database =>
        {
            for (var number = 0; number < 60; number++)
                database.Add(new User { Id = Ids.New(TimeProvider.System), DisplayName = $"Crowd {number:00}", UserName = $"c{number}@crowd.test", Email = $"c{number}@crowd.test", PasswordHash = "x" });
            await database.SaveChangesAsync();
        });
        using var ada = await app.SignInAsync(Cast.Ada);
        var first = (await ada.GetAsync($"{Path}?q=crowd.test")).Read();
        Assert.Contains("Crowd 49", first);
        Assert.DoesNotContain("Crowd 50", first);
        Assert.Contains($"href=\"{Path}?q=crowd.test&p=2\"", first);
        var second = (await ada.GetAsync($"{Path}?q=crowd.test&p=2")).Read();
        Assert.Contains("Crowd 59", second);
        Assert.Matches($"href=\"{Path}/[0-9a-f-]+\\?q=crowd.test&p=2\"", second);
        Assert.Contains("Crowd 59", (await ada.GetAsync($"{Path}?q=crowd.test&p=9999999")).Read());
        Assert.Contains("Nobody has this name", (await ada.GetAsync($"{Path}?q=nobody-at-all")).Read());
    }

    [Fact]
    public async Task Agents_supervisors_and_strangers_have_no_administration_and_what_is_not_there_is_404()
    {
        var user = await MakeAsync("closed@user.test", Roles.Agent);
        string[] paths = [Path, $"{Path}/{user}", $"{Path}/{user}/activation", $"{Path}/{user}/invitation"];
        using var lili = await app.SignInAsync(Cast.Lili);
        using var sofia = await app.SignInAsync(Cast.Sofia);
        using var ada = await app.SignInAsync(Cast.Ada);
        using var stranger = app.Open();
        foreach (var path in paths)
        {
            Assert.Equal(403, (await lili.GetAsync(path)).Status);
            Assert.Equal(403, (await sofia.PostAsync(path, Good("Mine", "mine@user.test"))).Status);
            Assert.Equal(302, (await stranger.GetAsync(path)).Status);
            Assert.Equal(400, (await ada.PostWithoutTokenAsync(path, Good("Forged", "forged@user.test"))).Status);
        }
        var nobody = Ids.New(TimeProvider.System);
        foreach (var path in (string[])[$"{Path}/{nobody}", $"{Path}/{nobody}/activation", $"{Path}/{nobody}/invitation"])
        {
            Assert.Equal(404, (await ada.GetAsync(path)).Status);
            Assert.Equal(404, (await ada.PostAsync(path, Good("Nobody", "nobody@user.test"))).Status);
        }
        // Lili has a password: there is nothing to invite her to.
        Assert.Equal(404, (await ada.PostAsync($"{Path}/{await app.IdOfAsync(Cast.Lili)}/invitation")).Status);
    }

    internal static (string Name, string? Value)[] Good(string name, string email, string capacity = "6") =>
        [("name", name), ("email", email), ("roles", "Agent"), ("capacity", capacity)];

    private Task<Guid> MakeAsync(string email, string role) => app.WithAsync<Accounts, Guid>(async accounts =>
        (await accounts.CreateAsync(new NewAccount(email, email, null, [role]))).User!.Id);

    private Task AgentAsync(Guid user, Campaign campaign, int capacity = 6) => app.WithAsync<Database>(async database =>
    {
        var now = app.Clock.GetUtcNow();
        database.Add(new Agent { UserId = user, Accepting = true, Since = now, SeenAt = now.AddHours(1), Capacity = capacity });
        database.Add(new Member { CampaignId = campaign.Id, UserId = user });
        await database.SaveChangesAsync();
    });

    private async Task<Conversation> HeldAsync(Campaign campaign, Guid agent)
    {
        await AgentAsync(agent, campaign);
        var started = await VisitorAsync(campaign, "Hilda");
        await Eventually.Holds("the agent has it", () => app.WithAsync<Database, bool>(database =>
            database.Conversations.AnyAsync(each => each.Id == started && each.AgentId == agent)));
        return await app.WithAsync<Database, Conversation>(database => database.Conversations.AsNoTracking().SingleAsync(each => each.Id == started));
    }

    private Task<Guid> VisitorAsync(Campaign campaign, string name) => app.WithAsync<ConversationStore, Guid>(async conversations =>
    {
        var outcome = await conversations.StartAsync(campaign.Id, Ids.New(TimeProvider.System), null, new ContactDetails(name, null, null), "es", "Hola");
        return Assert.IsType<StartOutcome.Started>(outcome).Conversation.Id;
    });
}

/// <summary>Ada is in the security group of Montevideo: whoever sees more than she does is not hers to change.</summary>
public sealed class UserReachTests(App app) : IClassFixture<App>
{
    private const string Path = "/administration/users";

    [Fact]
    public async Task An_administrator_of_a_group_administers_who_sees_no_more_than_they_do()
    {
        var montevideo = await app.GroupAsync("Montevideo", Cast.Ada);
        var lisbon = await app.GroupAsync("Lisbon");
        var (ours, theirs) = (await app.CampaignAsync("ours", montevideo), await app.CampaignAsync("theirs", lisbon));
        var (lili, omar, sofia) = (await app.IdOfAsync(Cast.Lili), await app.IdOfAsync(Cast.Omar), await app.IdOfAsync(Cast.Sofia));
        await app.WithAsync<Database>(async database =>
        {
            foreach (var (user, campaign) in ((Guid, Campaign)[])[(lili, ours), (omar, theirs)])
            {
                database.Add(new Agent { UserId = user, Since = app.Clock.GetUtcNow() });
                database.Add(new Member { CampaignId = campaign.Id, UserId = user });
            }
            await database.SaveChangesAsync();
        });
        using var ada = await app.SignInAsync(Cast.Ada);
        Assert.Equal(200, (await ada.GetAsync($"{Path}/{lili}")).Status);
        // Omar works in the other house; Sofía, in no group, sees all of them.
        var table = (await ada.GetAsync(Path)).Read();
        foreach (var beyond in (Guid[])[omar, sofia])
        {
            Assert.DoesNotContain(beyond.ToString(), table);
            Assert.Equal(404, (await ada.GetAsync($"{Path}/{beyond}")).Status);
            Assert.Equal(404, (await ada.PostAsync($"{Path}/{beyond}", UserTests.Good("Mine", "mine@ada.test"))).Status);
            Assert.Equal(404, (await ada.PostAsync($"{Path}/{beyond}/activation", ("active", "false"))).Status);
        }
        Assert.DoesNotContain(theirs.Id.ToString(), table);
        Assert.DoesNotContain("Lisbon", table);

        (string, string?)[] supervisor =
            [("name", "Nora"), ("email", "nora@reach.test"), ("roles", "Supervisor"), ("password", Person.Password)];
        var everything = await ada.PostAsync(Path, [.. supervisor, ("groups", lisbon.ToString())]);
        Assert.Equal(422, everything.Status);
        Assert.Contains("without a group they would see every campaign", everything.Read());
        var made = await ada.PostAsync(Path, [.. supervisor, ("groups", montevideo.ToString()), ("groups", lisbon.ToString()), ("campaigns", theirs.Id.ToString())]);
        Assert.Equal(302, made.Status);
        await app.WithAsync<Database>(async database =>
        {
            var nora = await database.Users.SingleAsync(user => user.Email == "nora@reach.test");
            Assert.Equal([montevideo], await database.UserGroups.Where(each => each.UserId == nora.Id).Select(each => each.GroupId).ToListAsync());
            Assert.False(await database.Members.AnyAsync(each => each.UserId == nora.Id));
        });
    }
}
