using ContactCenter.Domain;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Tests.Pages.Administration;

/// <summary>Sofía and Ada are in the security group of Montevideo; the other house is not theirs.</summary>
public sealed class ReachTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task Supervisors_and_administrators_see_the_campaigns_of_their_groups_only()
    {
        var montevideo = await app.GroupAsync("Montevideo", Cast.Sofia, Cast.Ada);
        var lisbon = await app.GroupAsync("The other house");
        var (ours, theirs) = (await app.CampaignAsync("ours", montevideo), await app.CampaignAsync("theirs", lisbon));
        var (near, far) = (await StartAsync(ours), await StartAsync(theirs));

        using var sofia = await app.SignInAsync(Cast.Sofia);
        Assert.Equal(200, (await sofia.GetAsync($"/conversations/{near}")).Status);
        Assert.Equal(404, (await sofia.GetAsync($"/conversations/{far}")).Status);
        foreach (var noun in new[] { "timeline", "pane" })
        {
            Assert.Equal(200, (await sofia.GetAsync($"/conversations/{near}/{noun}")).Status);
            Assert.Equal(404, (await sofia.GetAsync($"/conversations/{far}/{noun}")).Status);
        }
        Assert.Equal(404, (await sofia.PostAsync($"/conversations/{far}/messages", ("id", $"{Ids.New(TimeProvider.System)}"), ("text", "Hi"))).Status);
        foreach (var board in new[] { "/supervision/{0}", "/supervision/board/{0}", "/supervision/{0}/wallboard", "/supervision/conversations/waiting/{0}" })
        {
            Assert.Equal((board, 200), (board, (await sofia.GetAsync(board.Replace("{0}", $"{ours.Id}", StringComparison.Ordinal))).Status));
            Assert.Equal((board, 404), (board, (await sofia.GetAsync(board.Replace("{0}", $"{theirs.Id}", StringComparison.Ordinal))).Status));
        }
        Assert.DoesNotContain(theirs.Id.ToString(), (await sofia.GetAsync("/supervision")).Text);

        var inbox = (await sofia.GetAsync("/inbox?tab=waiting")).Text;
        Assert.Contains($"/conversations/{near}", inbox);
        Assert.DoesNotContain($"/conversations/{far}", inbox);
        await app.WithAsync<ConversationStore>(async conversations =>
        {
            Assert.NotNull(await conversations.LeaveAsync(near));
            Assert.NotNull(await conversations.LeaveAsync(far));
        });
        var history = (await sofia.GetAsync("/history")).Text;
        Assert.Contains($"/conversations/{near}", history);
        Assert.DoesNotContain($"/conversations/{far}", history);

        using var ada = await app.SignInAsync(Cast.Ada);
        Assert.Equal(200, (await ada.GetAsync($"/administration/campaigns/{ours.Id}")).Status);
        foreach (var path in new[] { "", "/deletion" }) Assert.Equal(404, (await ada.GetAsync($"/administration/campaigns/{theirs.Id}{path}")).Status);
        foreach (var path in new[] { "", "/deletion", "/activation" })
            Assert.Equal(404, (await ada.PostAsync($"/administration/campaigns/{theirs.Id}{path}", CampaignTests.Good(theirs))).Status);
        var table = (await ada.GetAsync("/administration/campaigns")).Text;
        Assert.DoesNotContain(theirs.Id.ToString(), table);
        Assert.DoesNotContain("The other house", table);

        var lili = await app.IdOfAsync(Cast.Lili);
        await app.WithAsync<Database>(database =>
        {
            database.Add(new Agent { UserId = lili, Since = app.Clock.GetUtcNow() });
            return database.SaveChangesAsync();
        });
        Assert.DoesNotContain(theirs.Id.ToString(), (await ada.GetAsync($"/administration/members?campaigns={theirs.Id}")).Text);
        await ada.PostAsync("/administration/members?handler=Add", ("campaigns", $"{theirs.Id}"), ("campaigns", $"{ours.Id}"), ("agents", $"{lili}"));
        Assert.Equal([ours.Id], await app.WithAsync<Database, List<Guid>>(database => database.Members.Select(m => m.CampaignId).ToListAsync()));

        var alone = await ada.PostAsync("/administration/campaigns", [.. CampaignTests.Good(ours), ("key", "alone"), ("groups", lisbon.ToString())]);
        Assert.Equal(422, alone.Status);
        Assert.Contains("Choose at least one of your groups", alone.Read());
    }

    [Fact]
    public async Task The_statements_see_what_the_queries_see()
    {
        var group = await app.GroupAsync("Porto", Cast.Omar);
        var (inside, outside) = (await app.CampaignAsync("inside", group), await app.CampaignAsync("outside"));
        var (near, far) = (await StartAsync(inside), await StartAsync(outside));
        var viewer = new Viewer(await app.IdOfAsync(Cast.Omar), "Omar", Supervises: true);
        await app.WithAsync<Database>(async database =>
        {
            Assert.Equal([near], await database.ReadableBy(viewer).Where(c => c.Id == near || c.Id == far).Select(c => c.Id).ToListAsync());
            Assert.Equal([inside.Id], await database.CampaignsOf(viewer).ToListAsync());
            Assert.Empty(await database.CampaignsOf(viewer with { Supervises = false }).ToListAsync());
        });
        var inbox = app.Services.GetService(typeof(InboxStore)) as InboxStore;
        var seen = await inbox!.ReadAsync(viewer, InboxTab.Waiting, "", default);
        Assert.Equal([near], seen.Items.Select(item => item.Id));
    }

    private Task<Guid> StartAsync(Campaign campaign) => app.WithAsync<ConversationStore, Guid>(async conversations =>
    {
        var outcome = await conversations.StartAsync(campaign.Id, Ids.New(TimeProvider.System), null, new ContactDetails("Marta", null, null), "es", "Hola");
        return Assert.IsType<StartOutcome.Started>(outcome).Conversation.Id;
    });
}
