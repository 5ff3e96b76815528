using System.Net;
using ContactCenter.Domain;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;
using static ContactCenter.Tests.Support.Cast;

namespace ContactCenter.Tests.Channels.WebChat;

/// <summary>The menu bot as visitors meet it: by the running application, over HTTP.</summary>
public sealed class BotChatTests(ChatApp app) : IClassFixture<ChatApp>
{
    [Fact]
    public async Task Marta_is_led_from_the_menu_to_the_queue_of_another_campaign_without_leaving_her_page()
    {
        await SkillAsync("support", "ayuda");
        await MenuAsync("sales");
        using var marta = await app.StartAsync(Marta, "sales", "hola");
        var greeted = await marta.PaneAsync();
        Assert.Contains("data-stage=\"attending\"", greeted.Text);
        Assert.Contains("1. Ayuda con un pedido", WebUtility.HtmlDecode(greeted.Text));
        using var lines = await marta.ListenAsync("?after=3");

        Assert.Equal(200, (await marta.SayAsync("¿qué?")).Status);
        await NextAsync("No entend");
        var id = ChatFrame.NewId();
        Assert.Equal(200, (await marta.SayAsync("1", id)).Status);
        await NextAsync("Barro");
        Assert.Equal(200, (await marta.SayAsync("1", id)).Status);

        await Eventually.Holds("she is in the queue", async () => (await marta.PaneAsync()).Text.Contains("data-stage=\"waiting\"", StringComparison.Ordinal));
        Assert.Contains("<b>1</b>", (await marta.PaneAsync()).Text);
        var conversation = await app.WithAsync<Database, Conversation>(database =>
            database.Conversations.AsNoTracking().Include(c => c.Campaign).SingleAsync(c => c.Contact.Name == Marta.Name));
        Assert.Equal("support", conversation.Campaign.Key);
        // A reload, a second message and a second start find her where she is.
        Assert.Equal(200, (await marta.SayAsync("sigo aquí")).Status);
        Assert.Contains("sigo aqu", (await marta.StartAsync(Marta, "otra vez")).Text);
        Assert.Equal(1, await app.WithAsync<Database, int>(database => database.Conversations.CountAsync(c => c.Contact.Name == Marta.Name)));
        // The token is the page's campaign's still.
        Assert.DoesNotContain("sigo aqu", (await marta.At("support").PaneAsync()).Text);

        async Task NextAsync(string text)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
            while (await lines.ReadLineAsync(limit.Token) is { } line)
                if (line.Contains(text, StringComparison.Ordinal)) return;
            throw new InvalidOperationException("The stream ended.");
        }
    }

    [Fact]
    public async Task Without_scripts_the_bot_answers_too()
    {
        await MenuAsync("sales");
        using var browser = app.Open().Language("es");
        var start = await browser.GetAsync("/chat/sales");
        var page = await browser.PostWithoutTokenAsync("/chat/sales/start", ("id", ChatFrame.Field(start.Text, "id")),
            ("name", Joao.Name), ("email", Joao.Email), ("language", "pt"), ("text", "oi"));
        Assert.Contains("0. Falar com uma pessoa", WebUtility.HtmlDecode(page.Text));
        var visitor = ChatFrame.Field(page.Text, "visitor");
        await browser.PostWithoutTokenAsync("/chat/sales?handler=Send", ("visitor", visitor), ("id", ChatFrame.NewId().ToString()), ("text", "0"));
        await Eventually.Holds("he is in the queue", async () =>
            (await browser.PostWithoutTokenAsync("/chat/sales?handler=Refresh", ("visitor", visitor))).Text.Contains("data-stage=\"waiting\"", StringComparison.Ordinal));
    }

    private Task SkillAsync(string key, string skill) => app.WithAsync<Database>(async database =>
    {
        (await database.Campaigns.SingleAsync(c => c.Key == key)).Settings.Skills = [skill];
        await database.SaveChangesAsync();
    });

    private Task MenuAsync(string key) => app.WithAsync<Database>(async database =>
    {
        var campaign = await database.Campaigns.SingleAsync(c => c.Key == key);
        campaign.Settings.Bot = new MenuBot
        {
            Enabled = true,
            Name = "Barro",
            Options = [new MenuOption { Label = new LocalText { Es = "Ayuda con un pedido" }, Skill = "ayuda" }],
        };
        await database.FitBotAsync(campaign, app.Clock, default);
        await database.SaveChangesAsync();
    });
}
