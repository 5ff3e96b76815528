using ContactCenter.Domain;
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

        (string, string?)[] row = [("rows.index", "0"), ("rows[0].campaign", red.Id.ToString()), ("rows[0].agent", omar.ToString())];
        var saved = await ada.PostAsync($"{Path}?handler=Save", [.. row, ("rows[0].penalty", "40"), ("rows[0].position", "7")]);
        Assert.Equal(302, saved.Status);
        Assert.Contains((omar, 40, 7), (await MembersAsync(red)).Select(m => (m.UserId, m.Penalty, m.Position)));

        var wrong = await ada.PostAsync($"{Path}?handler=Save", [.. row, ("rows[0].penalty", "101"), ("rows[0].position", "first")]);
        Assert.Equal(422, wrong.Status);
        Assert.Contains("A whole number from 0 to 100.", wrong.Read());
        Assert.Contains("value=\"first\"", wrong.Read());

        Assert.Equal(302, (await ada.PostAsync($"{Path}?handler=Remove", ("campaigns", red.Id.ToString()), ("agents", lili.ToString()))).Status);
        Assert.Equal([omar], (await MembersAsync(red)).Select(m => m.UserId));
        Assert.Equal(2, (await MembersAsync(blue)).Count);
    }

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

    private async Task<Guid> AgentAsync(Person person)
    {
        var id = await app.IdOfAsync(person);
        await app.WithAsync<Database>(database =>
        {
            database.Add(new Agent { UserId = id, Since = app.Clock.GetUtcNow() });
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
