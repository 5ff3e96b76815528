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
        using var lili = await desk.SignInAsync(Cast.Lili);
        using var stream = await Listener.OpenAsync(lili, "/inbox/stream");
        await stream.HearsAsync("event: figures");
        var held = await desk.PutAsync(ConversationState.Attending, Cast.Lili, "Nina Novel");
        // What her coming changed has been told by then.
        await Task.Delay(TimeSpan.FromSeconds(2));
        var (lists, figures) = (Count("inbox"), Count("figures"));

        await desk.WithAsync<MessageStore>(messages => (Task)messages.FromContactAsync(
            held.Id, held.ContactId, held.CampaignId, Desk.Id(), "hola", default));
        await Eventually.Holds("the list is told", () => Count("inbox") > lists);
        Assert.Equal(figures, Count("figures"));

        var id = await desk.IdOfAsync(Cast.Lili);
        await desk.WithAsync<AgentStore>(agents => agents.SetAcceptingAsync(id, accepting: true));
        await Eventually.Holds("the figures are told", () => Count("figures") > figures);
        Assert.Equal(200, (await lili.Htmx().GetAsync("/inbox/kpis")).Status);

        int Count(string name) => stream.Heard.Split($"event: {name}\n").Length - 1;
    }
}
