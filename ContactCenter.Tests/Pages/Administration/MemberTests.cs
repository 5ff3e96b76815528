using ContactCenter.Domain;
using ContactCenter.Security;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Tests.Pages.Administration;

public sealed class MemberTests(App app) : IClassFixture<App>
{
    private const string Path = "/administration/members";

    [Fact]
    public async Task Ada_puts_two_agents_into_two_campaigns_orders_them_and_takes_one_out()
    {
        var (red, blue) = (await app.CampaignAsync("red"), await app.CampaignAsync("blue"));
        var (lili, omar) = (await AgentAsync(Cast.Lili), await AgentAsync(Cast.Omar));
        using var ada = await app.SignInAsync(Cast.Ada);
        (string, string?)[] both = [("campaigns", red.Id.ToString()), ("campaigns", blue.Id.ToString()), ("agents", lili.ToString()), ("agents", omar.ToString())];
        for (var twice = 0; twice < 2; twice++) Assert.Equal(302, (await ada.PostAsync($"{Path}?handler=Add", both)).Status);
        Assert.Equal(4, (await MembersAsync(red, blue)).Count);
        Assert.Contains("Order of Omar in red", (await ada.GetAsync($"{Path}?campaigns={red.Id}")).Read());
        Assert.DoesNotContain("Order of Omar in blue", (await ada.GetAsync($"{Path}?campaigns={red.Id}")).Read());

        var read = (await MembersAsync(red)).Single(m => m.UserId == omar);
        (string, string?)[] row = Row(read);
        var saved = await ada.PostAsync($"{Path}?handler=Save", [.. row, ("rows[0].penalty", "40"), ("rows[0].position", "7")]);
        Assert.Equal(302, saved.Status);
        Assert.Contains((omar, 40, 7), (await MembersAsync(red)).Select(m => (m.UserId, m.Penalty, m.Position)));

        var wrong = await ada.PostAsync($"{Path}?handler=Save", [("campaigns", red.Id.ToString()), .. Row((await MembersAsync(red)).Single(m => m.UserId == omar)), ("rows[0].penalty", "101"), ("rows[0].position", "first")]);
        Assert.Equal(422, wrong.Status);
        Assert.Contains("A whole number from 0 to 100.", wrong.Read());
        Assert.Contains("value=\"first\"", wrong.Read());

        Assert.Equal(302, (await ada.PostAsync($"{Path}?handler=Remove", ("campaigns", red.Id.ToString()), ("agents", lili.ToString()))).Status);
        Assert.Equal([omar], (await MembersAsync(red)).Select(m => m.UserId));
        Assert.Equal(2, (await MembersAsync(blue)).Count);
    }

    [Fact]
    public async Task Who_orders_second_sees_both_and_chooses()
    {
        var green = await app.CampaignAsync("green");
        var ines = await AgentAsync(Cast.Ines);
        using var ada = await app.SignInAsync(Cast.Ada);
        await ada.PostAsync($"{Path}?handler=Add", ("campaigns", green.Id.ToString()), ("agents", ines.ToString()));
        var read = Row((await MembersAsync(green)).Single());
        Assert.Equal(302, (await ada.PostAsync($"{Path}?handler=Save", [.. read, ("rows[0].penalty", "10"), ("rows[0].position", "1")])).Status);

        var second = await ada.PostAsync($"{Path}?handler=Save", [("campaigns", green.Id.ToString()), .. read, ("rows[0].penalty", "20"), ("rows[0].position", "2")]);
        Assert.Equal(409, second.Status);
        Assert.Contains("Saved now: order 1, penalty 10", second.Read());
        Assert.Equal(("20", "10"), (second.ValueOf("rows[0].penalty"), second.ValueOf("rows[0].readPenalty")));
        Assert.Equal((10, 1), (await MembersAsync(green)).Select(m => (m.Penalty, m.Position)).Single());

        Assert.Equal(302, (await ada.PostAsync($"{Path}?handler=Save", [
            .. Row((await MembersAsync(green)).Single()), ("rows[0].penalty", "20"), ("rows[0].position", "2")])).Status);
        Assert.Equal((20, 2), (await MembersAsync(green)).Select(m => (m.Penalty, m.Position)).Single());
    }

    [Fact]
    public async Task Who_waits_is_given_to_a_member_as_soon_as_there_is_one()
    {
        var gold = await app.CampaignAsync("gold");
        var marta = await app.WithAsync<ConversationStore, Guid>(async conversations => Assert.IsType<StartOutcome.Started>(
            await conversations.StartAsync(gold.Id, Ids.New(TimeProvider.System), null, new ContactDetails("Marta", null, null), "es", "Hola")).Conversation.Id);
        var sofia = await AgentAsync(Cast.Sofia, accepting: true);
        Assert.Null(await HolderAsync());
        using var ada = await app.SignInAsync(Cast.Ada);
        await ada.PostAsync($"{Path}?handler=Add", ("campaigns", gold.Id.ToString()), ("agents", sofia.ToString()));
        await Eventually.Holds("Sofía has it", async () => await HolderAsync() == sofia);

        await ada.PostAsync($"{Path}?handler=Remove", ("campaigns", gold.Id.ToString()), ("agents", sofia.ToString()));
        Assert.Empty(await MembersAsync(gold));
        Assert.Null(await HolderAsync());

        Task<Guid?> HolderAsync() => app.WithAsync<Database, Guid?>(database =>
            database.Conversations.Where(c => c.Id == marta).Select(c => c.AgentId).SingleAsync());
    }

    [Fact]
    public async Task What_a_removed_agent_holds_goes_back_to_its_place_which_is_said_before()
    {
        var (rose, teal) = (await app.CampaignAsync("rose"), await app.CampaignAsync("teal"));
        var pia = await PiaAsync(rose, teal);
        var (kept, first, second) = (await HeldAsync(teal, pia, 9), await HeldAsync(rose, pia, 8), await HeldAsync(rose, pia, 7));
        using var ada = await app.SignInAsync(Cast.Ada);
        var page = (await ada.GetAsync($"{Path}?campaigns={rose.Id}")).Read();
        Assert.Contains("holds 2 conversations", page);
        Assert.Contains("a removed agent holds there go back to their places in the queue", page);

        var removed = await ada.PostAsync($"{Path}?handler=Remove", ("campaigns", rose.Id.ToString()), ("agents", pia.ToString()));
        Assert.Equal(302, removed.Status);
        Assert.Contains("back in its place in the queue", (await ada.GetAsync(removed.Location!)).Read());
        foreach (var held in (Conversation[])[first, second])
        {
            var back = await FindAsync(held.Id);
            Assert.Equal((ConversationState.Waiting, null, held.QueuedAt), (back.State, back.AgentId, back.QueuedAt));
            Assert.Contains("does not work in this campaign any more", (await ada.GetAsync($"/conversations/{held.Id}/timeline")).Read());
        }
        Assert.Equal(pia, (await FindAsync(kept.Id)).AgentId);

        // The same by her own form, which says it too.
        var form = await ada.GetAsync($"/administration/users/{pia}");
        Assert.Contains("They hold 1 conversation. It goes back to its place in the queue", form.Read());
        var saved = await ada.PostAsync($"/administration/users/{pia}", [("version", form.ValueOf("version")), .. UserTests.Good("Pía", "pia@members.test")]);
        Assert.True(saved.Status == 302, saved.Read());
        Assert.Equal((ConversationState.Waiting, kept.QueuedAt), ((await FindAsync(kept.Id)).State, (await FindAsync(kept.Id)).QueuedAt));
    }

    private Task<Guid> PiaAsync(params Campaign[] campaigns) => app.WithAsync<Database, Guid>(async database =>
    {
        var user = await app.WithAsync<Accounts, User>(async accounts =>
            (await accounts.CreateAsync(new NewAccount("pia@members.test", "Pía", Person.Password, [Roles.Agent]))).User!);
        var now = app.Clock.GetUtcNow();
        database.Add(new Agent { UserId = user.Id, Since = now, Accepting = false, SeenAt = now.AddHours(1) });
        database.AddRange(campaigns.Select(campaign => new Member { CampaignId = campaign.Id, UserId = user.Id }));
        await database.SaveChangesAsync();
        return user.Id;
    });

    private async Task<Conversation> HeldAsync(Campaign campaign, Guid agent, int minutes)
    {
        var started = await app.WithAsync<ConversationStore, Guid>(async conversations => Assert.IsType<StartOutcome.Started>(await conversations.StartAsync(
            campaign.Id, Ids.New(TimeProvider.System), null, new ContactDetails("Marta", null, null), "es", "Hola")).Conversation.Id);
        var queued = app.Clock.GetUtcNow().AddMinutes(-minutes);
        await app.WithAsync<Database>(database => database.Conversations.Where(c => c.Id == started).ExecuteUpdateAsync(set => set
            .SetProperty(c => c.State, ConversationState.Attending).SetProperty(c => c.AgentId, agent)
            .SetProperty(c => c.QueuedAt, queued).SetProperty(c => c.AssignedAt, queued)));
        return await FindAsync(started);
    }

    private Task<Conversation> FindAsync(Guid id) =>
        app.WithAsync<Database, Conversation>(database => database.Conversations.AsNoTracking().SingleAsync(c => c.Id == id));

    [Fact]
    public async Task Nothing_chosen_and_nonsense_change_nothing()
    {
        using var ada = await app.SignInAsync(Cast.Ada);
        var answer = await ada.PostAsync($"{Path}?handler=Add", ("campaigns", "nonsense"), ("agents", Guid.Empty.ToString()));
        Assert.Equal(422, answer.Status);
        Assert.Contains("Choose at least one campaign.", answer.Read());
        Assert.Contains("Choose at least one agent.", answer.Read());
        using var sofia = await app.SignInAsync(Cast.Sofia);
        Assert.Equal(403, (await sofia.PostAsync($"{Path}?handler=Add")).Status);
        using var stranger = app.Open();
        Assert.Equal(302, (await stranger.GetAsync(Path)).Status);
    }

    private static (string, string?)[] Row(Member member) =>
    [
        ("rows.index", "0"), ("rows[0].campaign", member.CampaignId.ToString()), ("rows[0].agent", member.UserId.ToString()),
        ("rows[0].readPenalty", $"{member.Penalty}"), ("rows[0].readPosition", $"{member.Position}"),
    ];

    private async Task<Guid> AgentAsync(Person person, bool accepting = false)
    {
        var id = await app.IdOfAsync(person);
        await app.WithAsync<Database>(database =>
        {
            var now = app.Clock.GetUtcNow();
            database.Add(new Agent { UserId = id, Since = now, Accepting = accepting, SeenAt = accepting ? now.AddHours(1) : null });
            return database.SaveChangesAsync();
        });
        return id;
    }

    private Task<List<Member>> MembersAsync(params Campaign[] campaigns) => app.WithAsync<Database, List<Member>>(database =>
    {
        var ids = campaigns.Select(campaign => campaign.Id).ToList();
        return database.Members.AsNoTracking().Where(m => ids.Contains(m.CampaignId)).ToListAsync();
    });
}
