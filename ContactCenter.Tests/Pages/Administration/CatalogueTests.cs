using ContactCenter.Domain;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Tests.Pages.Administration;

/// <summary>Clients, projects, departments and break reasons share a page: each is tried with all of it.</summary>
public sealed class CatalogueTests(App app) : IClassFixture<App>
{
    private const string Root = "/administration";

    public static TheoryData<string> Kinds => ["clients", "projects", "departments", "breaks"];

    [Theory, MemberData(nameof(Kinds))]
    public async Task Ada_makes_renames_deactivates_activates_and_deletes_one(string kind)
    {
        using var ada = await app.SignInAsync(Cast.Ada);
        var path = $"{Root}/{kind}";
        var made = await ada.PostAsync(path, await GoodAsync(kind, $"First of {kind}"));
        Assert.True(made.Status == 302, made.Read());
        var entry = made.Location!.Split('?')[0];
        Assert.StartsWith(path + "/", entry);

        var page = await ada.GetAsync(made.Location);
        Assert.Equal($"First of {kind}", page.ValueOf("name"));
        Assert.Equal(302, (await ada.PostAsync(entry, [("version", page.ValueOf("version")), .. await GoodAsync(kind, $"Renamed of {kind}")])).Status);
        Assert.Contains($"Renamed of {kind}", (await ada.GetAsync($"{path}?q=renamed")).Read());

        Assert.Equal($"{entry}?done=deactivated", (await ada.PostAsync($"{entry}/activation", ("active", "false"))).Location);
        Assert.Contains("deactivated", (await ada.GetAsync(entry)).Read());
        Assert.Equal($"{entry}?done=activated", (await ada.PostAsync($"{entry}/activation", ("active", "true"))).Location);

        Assert.Contains("Nothing belongs to it", (await ada.GetAsync($"{entry}/deletion")).Read());
        Assert.Equal($"{path}?done=deleted", (await ada.PostAsync($"{entry}/deletion")).Location);
        Assert.Equal(404, (await ada.GetAsync(entry)).Status);
        Assert.Equal(404, (await ada.PostAsync($"{entry}/deletion")).Status);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Nonsense_is_told_beside_its_field_and_what_was_typed_stays(string kind)
    {
        using var ada = await app.SignInAsync(Cast.Ada);
        var path = $"{Root}/{kind}";
        var entry = (await ada.PostAsync(path, await GoodAsync(kind, $"Sense of {kind}"))).Location!.Split('?')[0];
        foreach (var nonsense in new[] { "", "-5", "99999999999999999999", "💥\u202E", new string('x', 5000) })
        {
            foreach (var address in (string[])[path, entry])
            {
                var answer = await ada.PostAsync(address, ("version", nonsense), ("name", "\u202E" + nonsense), ("client", nonsense), ("icon", nonsense), ("historyCount", nonsense), ("serviceTarget", nonsense));
                Assert.Equal(422, answer.Status);
                Assert.Contains("Nothing was saved yet", answer.Read());
                if (kind == "clients") Assert.Equal(nonsense, answer.ValueOf("historyCount"));
            }
            Assert.Equal(200, (await ada.GetAsync($"{path}?q={Uri.EscapeDataString(nonsense[..Math.Min(nonsense.Length, 500)])}&p={Uri.EscapeDataString(nonsense[..Math.Min(nonsense.Length, 20)])}")).Status);
        }
        var taken = await ada.Language("es").PostAsync(path, await GoodAsync(kind, $"SENSE of {kind}"));
        Assert.Equal(422, taken.Status);
        Assert.Contains("Ya hay uno con este nombre", taken.Read());
        Assert.Equal($"SENSE of {kind}", taken.ValueOf("name"));
        Assert.Equal($"Sense of {kind}", (await ada.GetAsync(entry)).ValueOf("name"));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Who_saves_second_sees_both_and_chooses(string kind)
    {
        using var ada = await app.SignInAsync(Cast.Ada);
        var entry = (await ada.PostAsync($"{Root}/{kind}", await GoodAsync(kind, $"Both of {kind}"))).Location!.Split('?')[0];
        var version = (await ada.GetAsync(entry)).ValueOf("version");
        Assert.Equal(302, (await ada.PostAsync(entry, [("version", version), .. await GoodAsync(kind, $"Theirs of {kind}")])).Status);
        var conflict = await ada.PostAsync(entry, [("version", version), .. await GoodAsync(kind, $"Mine of {kind}")]);
        Assert.Equal(409, conflict.Status);
        Assert.Contains($"<td>Theirs of {kind}</td><td>Mine of {kind}</td>", conflict.Read());
        Assert.Equal(302, (await ada.PostAsync(entry, [("version", conflict.ValueOf("version")), .. await GoodAsync(kind, $"Mine of {kind}")])).Status);
        Assert.Equal($"Mine of {kind}", (await ada.GetAsync(entry)).ValueOf("name"));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task What_is_used_is_kept_and_may_be_deactivated(string kind)
    {
        var campaign = await app.CampaignAsync("uses-" + kind);
        var id = await UsedAsync(kind, campaign);
        using var ada = await app.SignInAsync(Cast.Ada);
        Assert.Contains("Deactivate it instead", (await ada.GetAsync($"{Root}/{kind}/{id}/deletion")).Read());
        var refused = await ada.PostAsync($"{Root}/{kind}/{id}/deletion");
        Assert.Equal(409, refused.Status);
        Assert.Contains("Deactivate it instead", refused.Read());
        Assert.Equal(302, (await ada.PostAsync($"{Root}/{kind}/{id}/activation", ("active", "false"))).Status);
        Assert.Contains("It is deactivated already", (await ada.GetAsync($"{Root}/{kind}/{id}/deletion")).Read());
    }

    [Fact]
    public async Task What_is_deactivated_is_offered_to_nobody_new_and_stays_where_it_is()
    {
        var (kept, other) = (await app.CampaignAsync("kept"), await app.CampaignAsync("other"));
        using var ada = await app.SignInAsync(Cast.Ada);
        Assert.Contains(kept.ProjectId.ToString(), (await ada.GetAsync($"{Root}/campaigns")).Text);
        var client = await app.WithAsync<Database, Guid>(database => database.Projects.Where(each => each.Id == kept.ProjectId).Select(each => each.ClientId).SingleAsync());
        foreach (var path in (string[])[$"clients/{client}", $"departments/{kept.DepartmentId}"])
            Assert.Equal(302, (await ada.PostAsync($"{Root}/{path}/activation", ("active", "false"))).Status);

        foreach (var page in (string[])[$"{Root}/campaigns", $"{Root}/campaigns/{other.Id}", $"{Root}/users", $"{Root}/projects"])
        {
            var text = (await ada.GetAsync(page)).Text;
            Assert.DoesNotContain($"value=\"{kept.ProjectId}\"", text);
            Assert.DoesNotContain($"value=\"{kept.DepartmentId}\"", text);
            Assert.DoesNotContain($"value=\"{client}\"", text);
        }
        var own = await ada.GetAsync($"{Root}/campaigns/{kept.Id}");
        Assert.Contains($"value=\"{kept.ProjectId}\" selected", own.Text);
        Assert.Equal(302, (await ada.PostAsync($"{Root}/campaigns/{kept.Id}", [.. CampaignTests.Good(kept).Where(field => field.Name != "version"), ("version", own.ValueOf("version"))])).Status);
        Assert.Equal(422, (await ada.PostAsync($"{Root}/campaigns", [.. CampaignTests.Good(kept), ("key", "fresh")])).Status);
    }

    [Fact]
    public async Task The_service_level_promised_to_a_client_holds_for_its_campaigns()
    {
        var campaign = await app.CampaignAsync("promised");
        var client = $"{Root}/clients/{await UsedAsync("clients", campaign)}";
        using var ada = await app.SignInAsync(Cast.Ada);
        var form = await ada.GetAsync(client);
        (string, string?)[] Promise(string target, string seconds) =>
            [("version", form.ValueOf("version")), ("name", form.ValueOf("name")), ("historyCount", "20"), ("serviceTarget", target), ("serviceLevel", seconds)];
        Assert.Equal(422, (await ada.PostAsync(client, Promise("90", ""))).Status);
        Assert.Equal(422, (await ada.PostAsync(client, Promise("101", "10"))).Status);
        Assert.Equal(302, (await ada.PostAsync(client, Promise("90", "10"))).Status);
        Assert.Contains("90 % within 10 s", (await ada.GetAsync(client)).Read());

        var path = $"{Root}/campaigns/{campaign.Id}";
        var version = (await ada.GetAsync(path)).ValueOf("version");
        (string, string?)[] Campaign(string target, string seconds) =>
            [.. CampaignTests.Good(campaign).Where(field => field.Name is not ("version" or "serviceTarget" or "serviceLevel")), ("version", version), ("serviceTarget", target), ("serviceLevel", seconds)];
        var looser = await ada.PostAsync(path, Campaign("80", "20"));
        Assert.Equal(422, looser.Status);
        Assert.Contains("The client was promised 90 % within 10 s: at most 10.", looser.Read());
        Assert.Contains("The client was promised 90 % within 10 s: at least 90.", looser.Read());
        Assert.Equal(302, (await ada.PostAsync(path, Campaign("95", "10"))).Status);
    }

    [Fact]
    public async Task A_break_reason_reaches_the_agents_with_its_icon_and_goes_when_it_is_deactivated()
    {
        var lili = await app.IdOfAsync(Cast.Lili);
        await app.WithAsync<Database>(async database =>
        {
            database.Add(new Agent { UserId = lili, Since = app.Clock.GetUtcNow() });
            await database.SaveChangesAsync();
        });
        using var ada = await app.SignInAsync(Cast.Ada);
        using var hers = await app.SignInAsync(Cast.Lili);
        var reason = (await ada.PostAsync($"{Root}/breaks", ("name", "Medical"), ("icon", "heart-pulse"))).Location!.Split('?')[0];
        var menu = (await hers.GetAsync("/inbox/kpis")).Text;
        Assert.Contains("Medical", menu);
        Assert.Contains("#heart-pulse", menu);
        Assert.Equal(302, (await ada.PostAsync($"{reason}/activation", ("active", "false"))).Status);
        Assert.DoesNotContain("Medical", (await hers.GetAsync("/inbox/kpis")).Text);
    }

    [Fact]
    public async Task A_client_says_how_many_earlier_conversations_agents_see()
    {
        var campaign = await app.CampaignAsync("history");
        var contact = await app.WithAsync<ConversationStore, Conversation>(async conversations =>
        {
            Conversation? last = null;
            foreach (var _ in Enumerable.Range(0, 4))
            {
                var outcome = await conversations.StartAsync(campaign.Id, Ids.New(TimeProvider.System), last?.ContactId, new ContactDetails("Marta", null, null), "es", "Hola");
                last = Assert.IsType<StartOutcome.Started>(outcome).Conversation;
                await app.WithAsync<Database>(database => database.Conversations.Where(each => each.Id == last.Id).ExecuteUpdateAsync(set => set
                    .SetProperty(each => each.State, ConversationState.Finished).SetProperty(each => each.Ending, Ending.Completed).SetProperty(each => each.FinishedAt, app.Clock.GetUtcNow())));
            }
            return last!;
        });
        using var sofia = await app.SignInAsync(Cast.Sofia);
        var panel = $"/contacts/{contact.ContactId}/panel?tab=History&conversation={contact.Id}";
        Assert.Equal(4, await ShownAsync());

        var client = await app.WithAsync<Database, Guid>(database => database.Projects.Where(each => each.Id == campaign.ProjectId).Select(each => each.ClientId).SingleAsync());
        using var ada = await app.SignInAsync(Cast.Ada);
        var page = await ada.GetAsync($"{Root}/clients/{client}");
        Assert.Equal(302, (await ada.PostAsync($"{Root}/clients/{client}", ("version", page.ValueOf("version")), ("name", page.ValueOf("name")), ("historyCount", "2"))).Status);
        Assert.Equal(2, await ShownAsync());

        async Task<int> ShownAsync() => (await sofia.GetAsync(panel)).Text.Split("data-conversation=").Length - 1;
    }

    [Fact]
    public async Task Agents_supervisors_and_strangers_have_no_administration_and_what_is_not_there_is_404()
    {
        using var lili = await app.SignInAsync(Cast.Lili);
        using var sofia = await app.SignInAsync(Cast.Sofia);
        using var ada = await app.SignInAsync(Cast.Ada);
        using var stranger = app.Open();
        var nobody = Ids.New(TimeProvider.System);
        foreach (var kind in Kinds)
        {
            var entry = (await ada.PostAsync($"{Root}/{kind}", await GoodAsync(kind, $"Closed {kind}"))).Location!.Split('?')[0];
            foreach (var path in (string[])[$"{Root}/{kind}", entry, $"{entry}/deletion", $"{entry}/activation"])
            {
                Assert.Equal(403, (await lili.GetAsync(path)).Status);
                Assert.Equal(403, (await sofia.PostAsync(path, ("name", "Mine"))).Status);
                Assert.Equal(302, (await stranger.GetAsync(path)).Status);
                Assert.Equal(400, (await ada.PostWithoutTokenAsync(path, ("name", "Forged"))).Status);
            }
            foreach (var path in (string[])["", "/deletion", "/activation"])
                Assert.Equal(404, (await ada.PostAsync($"{Root}/{kind}/{nobody}{path}", await GoodAsync(kind, "Nobody"))).Status);
            Assert.Equal(404, (await ada.GetAsync($"{Root}/{kind}/{nobody}")).Status);
        }
        foreach (var path in (string[])["nonsense", "0", "clients,breaks", "clients/nonsense"])
        {
            Assert.Equal(404, (await ada.GetAsync($"{Root}/{path}")).Status);
            Assert.Equal(404, (await stranger.GetAsync($"{Root}/{path}")).Status);
        }
    }

    private async Task<(string Name, string? Value)[]> GoodAsync(string kind, string name)
    {
        var client = kind != "projects" ? default : await app.WithAsync<Database, Guid>(async database =>
        {
            if (await database.Clients.FirstOrDefaultAsync(each => each.Name == "Acme") is { } acme) return acme.Id;
            var made = new Client { Id = Ids.New(TimeProvider.System), Name = "Acme" };
            await database.InsertAsync(made);
            return made.Id;
        });
        return [("name", name), ("client", client.ToString()), ("icon", "coffee"), ("historyCount", "20")];
    }

    /// <summary>An entry of that kind in which something is.</summary>
    private Task<Guid> UsedAsync(string kind, Campaign campaign) => app.WithAsync<Database, Guid>(async database =>
    {
        if (kind == "projects") return campaign.ProjectId;
        if (kind == "clients") return (await database.Projects.SingleAsync(each => each.Id == campaign.ProjectId)).ClientId;
        if (kind == "departments")
        {
            // No campaign, only somebody who works in it.
            var department = new Department { Id = Ids.New(TimeProvider.System), Name = "Omar's alone" };
            await database.InsertAsync(department);
            database.Add(new UserDepartment { DepartmentId = department.Id, UserId = (await database.Users.SingleAsync(user => user.Email == Cast.Omar.Email)).Id });
            await database.SaveChangesAsync();
            return department.Id;
        }
        var reason = new BreakReason { Id = Ids.New(TimeProvider.System), Name = "Siesta", Icon = "moon" };
        await database.InsertAsync(reason);
        database.Add(new Agent { UserId = (await database.Users.SingleAsync(user => user.Email == Cast.Ines.Email)).Id, Since = app.Clock.GetUtcNow(), BreakReasonId = reason.Id });
        await database.SaveChangesAsync();
        return reason.Id;
    });
}
