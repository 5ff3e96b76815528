using ContactCenter.Domain;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static ContactCenter.Tests.Support.Cast;

namespace ContactCenter.Tests.Channels.WebChat;

/// <summary>Abandonment by the running application: who is connected stays, who is gone goes.</summary>
public sealed class VanishedTests(ChatApp app) : IClassFixture<ChatApp>
{
    [Fact]
    public async Task Joao_who_listens_keeps_his_place_and_Marta_whose_page_is_gone_has_abandoned()
    {
        using var marta = await app.StartAsync(Marta);
        using var joao = await app.StartAsync(Joao);
        using var lines = await joao.ListenAsync();
        // The node's first grace is over, and Marta's time; João's next sign comes within a beat.
        app.Clock.Advance(TimeSpan.FromSeconds(850));
        await Eventually.Holds("João was seen", async () => await SeenAsync("João Silva") > app.Clock.GetUtcNow().AddSeconds(-5));
        app.Clock.Advance(TimeSpan.FromSeconds(51));

        await Eventually.Holds("Marta has abandoned", async () => await StateAsync("Marta Rodríguez") == ConversationState.Finished);
        Assert.Equal(ConversationState.Waiting, await StateAsync("João Silva"));
        var pane = System.Net.WebUtility.HtmlDecode((await marta.PaneAsync()).Text);
        Assert.Contains("data-stage=\"ended\"", pane);
        // She did not say that she leaves, and nobody has talked with her.
        Assert.Contains("Estuviste ausente", pane);
        Assert.DoesNotContain("Saliste", pane);
        Assert.DoesNotContain("Hasta pronto", pane);
        Assert.Contains("data-stage=\"waiting\"", (await joao.PaneAsync()).Text);
    }

    [Fact]
    public async Task Marta_who_closed_her_page_is_passed_over_finds_her_place_again_and_is_called_at_once()
    {
        using var marta = await app.StartAsync(Marta with { Name = "Marta away" }, "support");
        using var joao = await app.StartAsync(Joao with { Name = "João there" }, "support");
        using var lines = await joao.ListenAsync();
        app.Clock.Advance(TimeSpan.FromSeconds(60));
        var absence = app.Services.GetRequiredService<Absence>();
        await Eventually.Holds("João was seen and the node can tell", async () =>
            absence.Since is not null && await SeenAsync("João there") > app.Clock.GetUtcNow().AddSeconds(-5));
        var lili = await app.IdOfAsync(Lili);
        await app.WithAsync<Database>(async database =>
        {
            var now = app.Clock.GetUtcNow();
            await database.Agents.Where(agent => agent.UserId == lili).ExecuteDeleteAsync();
            var campaign = database.Campaigns.Single(c => c.Key == "support").Id;
            database.Add(new Agent { UserId = lili, Accepting = true, Since = now, SeenAt = now.AddDays(1), Capacity = 2 });
            await database.SaveChangesAsync();
            database.Add(new Member { CampaignId = campaign, UserId = lili });
            await database.SaveChangesAsync();
        });
        await Eventually.Holds("João is attended", async () => await StateAsync("João there") == ConversationState.Attending);
        Assert.Equal(ConversationState.Waiting, await StateAsync("Marta away"));
        // Another tab, another day's browser: whoever has her token is she, at her place.
        Assert.Contains("data-stage=\"waiting\"", (await marta.PaneAsync()).Text);
        Assert.Equal(ConversationState.Waiting, await StateAsync("Marta away"));

        using var back = await marta.ListenAsync();
        await Eventually.Holds("Marta is attended", async () => await StateAsync("Marta away") == ConversationState.Attending);
    }

    private Task<ConversationState> StateAsync(string contact) => app.WithAsync<Database, ConversationState>(database =>
        database.Conversations.Where(c => c.Contact.Name == contact).Select(c => c.State).SingleAsync());

    private Task<DateTimeOffset?> SeenAsync(string contact) => app.WithAsync<Database, DateTimeOffset?>(database =>
        database.Conversations.Where(c => c.Contact.Name == contact).Select(c => c.SeenAt).SingleAsync());
}
