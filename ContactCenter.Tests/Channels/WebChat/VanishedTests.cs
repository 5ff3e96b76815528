using ContactCenter.Domain;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;
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
        app.Clock.Advance(TimeSpan.FromSeconds(100));
        await Eventually.Holds("João was seen", async () => await SeenAsync("João Silva") > app.Clock.GetUtcNow().AddSeconds(-5));
        app.Clock.Advance(TimeSpan.FromSeconds(21));

        await Eventually.Holds("Marta has abandoned", async () => await StateAsync("Marta Rodríguez") == ConversationState.Finished);
        Assert.Equal(ConversationState.Waiting, await StateAsync("João Silva"));
        Assert.Contains("data-stage=\"ended\"", (await marta.PaneAsync()).Text);
        Assert.Contains("data-stage=\"waiting\"", (await joao.PaneAsync()).Text);
    }

    private Task<ConversationState> StateAsync(string contact) => app.WithAsync<Database, ConversationState>(database =>
        database.Conversations.Where(c => c.Contact.Name == contact).Select(c => c.State).SingleAsync());

    private Task<DateTimeOffset?> SeenAsync(string contact) => app.WithAsync<Database, DateTimeOffset?>(database =>
        database.Conversations.Where(c => c.Contact.Name == contact).Select(c => c.SeenAt).SingleAsync());
}
