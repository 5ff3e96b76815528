using ContactCenter.Domain;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;

namespace ContactCenter.Tests.Pages;

/// <summary>The figures above an agent's lists (A1) are read again when they may have changed, and not with every message.</summary>
public sealed class FiguresTests(Desk desk) : IClassFixture<Desk>
{
    [Fact]
    public async Task A_message_changes_the_list_and_whoever_comes_or_goes_the_figures()
    {
        var held = await desk.PutAsync(ConversationState.Attending, Cast.Lili, "Nina Novel");
        using var lili = await desk.SignInAsync(Cast.Lili);
        using var stream = await Listener.OpenAsync(lili, $"/inbox/stream?conversation={held.Id}");
        await stream.HearsAsync("event: figures");

        await desk.WithAsync<MessageStore>(messages => (Task)messages.FromContactAsync(
            held.Id, held.ContactId, held.CampaignId, Desk.Id(), "hola", default));
        // Figures wait for their turn as lists do, and had theirs first.
        await stream.HearsAsync("event: inbox", after: "hola");
        Assert.Equal(1, Figures());

        var id = await desk.IdOfAsync(Cast.Lili);
        await desk.WithAsync<AgentStore>(agents => agents.SetAcceptingAsync(id, accepting: true));
        await stream.HearsAsync("event: figures", after: "hola");
        Assert.Equal(200, (await lili.Htmx().GetAsync("/inbox/kpis")).Status);

        int Figures() => stream.Heard.Split("event: figures\n").Length - 1;
    }
}
