using ContactCenter.Domain;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Tests.Pages.Administration;

public sealed class BotFormTests(App app) : IClassFixture<App>
{
    private const string Path = "/administration/campaigns";

    private static (string Name, string? Value)[] Bot =>
    [
        ("botEnabled", "true"), ("botName", "Barro"), ("botWelcome.es", "Hola {contact}, soy {agent}."), ("botFallback.pt", "Como?"),
        ("botOptions.index", "0"), ("botOptions[0].es", "Ventas"), ("botOptions[0].skill", "ventas"),
        ("botOptions.index", "n7"), ("botOptions[n7].en", "Something else"), ("botOptions[n7].skill", ""),
    ];

    private Task<Campaign> ReadAsync(Campaign campaign) =>
        app.WithAsync<Database, Campaign>(database => database.Campaigns.AsNoTracking().SingleAsync(c => c.Id == campaign.Id));

    private Task<List<string>> MembersAsync(Campaign campaign) => app.WithAsync<Database, List<string>>(database => database.Members
        .Where(member => member.CampaignId == campaign.Id && database.Agents.Any(agent => agent.UserId == member.UserId && agent.Bot))
        .Select(member => database.Users.Single(user => user.Id == member.UserId).DisplayName).ToListAsync());

    [Fact]
    public async Task Ada_gives_a_campaign_its_bot_which_is_a_member_while_it_is_on()
    {
        var campaign = await app.CampaignAsync("with-bot");
        using var ada = await app.SignInAsync(Cast.Ada);
        var saved = await ada.PostAsync($"{Path}/{campaign.Id}", [.. CampaignTests.Good(campaign), .. Bot]);
        Assert.True(saved.Status == 302, saved.Read());
        var bot = (await ReadAsync(campaign)).Settings.Bot;
        Assert.Equal((true, "Barro", "Hola {contact}, soy {agent}.", "Como?"), (bot.Enabled, bot.Name, bot.Welcome.Es, bot.Fallback.Pt));
        Assert.Equal("Ventas>ventas Something else>", string.Join(' ', bot.Options.Select(option => $"{option.Label.In("es")}>{option.Skill}")));
        Assert.Equal("Barro", Assert.Single(await MembersAsync(campaign)));
        var page = await ada.GetAsync(saved.Location!);
        Assert.Equal("Ventas", page.ValueOf("botOptions[0].es"));
        Assert.Contains("No campaign has this skill yet", page.Read());

        var now = await ReadAsync(campaign);
        var off = await ada.PostAsync($"{Path}/{campaign.Id}", [
            .. CampaignTests.Good(now), .. Bot.Where(field => field.Name != "botEnabled")]);
        Assert.True(off.Status == 302, off.Read());
        Assert.Empty(await MembersAsync(campaign));
        Assert.Equal(2, (await ReadAsync(campaign)).Settings.Bot.Options.Count);
    }

    [Fact]
    public async Task A_new_campaign_may_have_a_bot_from_the_start()
    {
        var model = await app.CampaignAsync("bot-model");
        using var ada = await app.SignInAsync(Cast.Ada);
        var made = await ada.PostAsync(Path, [.. CampaignTests.Good(model), ("key", "born-with-bot"), .. Bot]);
        Assert.True(made.Status == 302, made.Read());
        var campaign = await app.WithAsync<Database, Campaign>(database => database.Campaigns.AsNoTracking().SingleAsync(c => c.Key == "born-with-bot"));
        Assert.Equal("Barro", Assert.Single(await MembersAsync(campaign)));
    }

    [Fact]
    public async Task Nonsense_is_told_beside_its_field_and_what_was_typed_stays()
    {
        var campaign = await app.CampaignAsync("bot-nonsense");
        using var ada = await app.SignInAsync(Cast.Ada);
        var empty = await ada.PostAsync($"{Path}/{campaign.Id}", [.. CampaignTests.Good(campaign), ("botEnabled", "true")]);
        Assert.Equal(422, empty.Status);
        Assert.Contains("A bot needs at least one option.", empty.Read());
        Assert.Contains("This is needed.", empty.Read());

        var unnamed = await ada.PostAsync($"{Path}/{campaign.Id}", [.. CampaignTests.Good(campaign), ("botOptions.index", "0"), ("botOptions[0].skill", "x\u202E")]);
        Assert.Equal(422, unnamed.Status);
        Assert.Contains("Name the option in at least one language.", unnamed.Read());
        var many = await ada.PostAsync($"{Path}/{campaign.Id}", [.. CampaignTests.Good(campaign), .. Enumerable.Range(0, 10).SelectMany(n => new (string, string?)[]
        {
            ("botOptions.index", $"{n}"), ($"botOptions[{n}].es", $"Opción {n}"),
        })]);
        Assert.Equal(422, many.Status);
        Assert.Contains("At most 9 rows.", many.Read());
        Assert.Equal("Opción 9", many.ValueOf("botOptions[9].es"));
        Assert.False((await ReadAsync(campaign)).Settings.Bot.Enabled);
    }

    [Fact]
    public async Task Without_scripts_rows_come_and_go_by_their_buttons()
    {
        var campaign = await app.CampaignAsync("bot-rows");
        using var ada = await app.SignInAsync(Cast.Ada);
        var more = await ada.PostAsync($"{Path}/{campaign.Id}", [.. CampaignTests.Good(campaign), .. Bot, ("change", "options+")]);
        Assert.Equal(200, more.Status);
        Assert.Equal("", more.ValueOf("botOptions[2].es"));
        var less = await ada.PostAsync($"{Path}/{campaign.Id}", [.. CampaignTests.Good(campaign), .. Bot, ("change", "options-0")]);
        Assert.Equal("Something else", less.ValueOf("botOptions[0].en"));
    }
}
