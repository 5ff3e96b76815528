using ContactCenter.Domain;
using ContactCenter.Realtime;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.Extensions.Hosting;

namespace ContactCenter.Tests.Realtime;

/// <summary>What a node never told, because it was killed, others find out by themselves.</summary>
public sealed class PulseTests(Scene scene) : IClassFixture<Scene>
{
    private Pulse Pulse => scene.Get<IEnumerable<IHostedService>>().OfType<Pulse>().Single();

    [Fact]
    public async Task An_agent_hears_of_a_conversation_given_to_them_by_a_node_that_told_nobody()
    {
        var campaign = await scene.CampaignAsync("killed");
        var lili = await scene.AgentAsync("Lili");
        await scene.Get<Presence>().EnterAsync(lili.Id, default);
        await scene.VisitorAsync("Marta");
        await Pulse.BeatAsync(default);
        using var tab = scene.Get<Hub>().Subscribe(Topic.Agent(lili.Id));
        var next = tab.NextAsync().AsTask();

        var given = await scene.Get<AssignmentStore>().AssignHeadAsync(campaign.Id, default);
        Assert.Equal(lili.Id, given?.Agent);
        Assert.False(next.IsCompleted, "nobody has told her");

        await Pulse.BeatAsync(default);
        Assert.Equal(Signals.Inbox | Signals.Figures, await next.WaitAsync(TimeSpan.FromSeconds(20)));
        // And no more than once.
        next = tab.NextAsync().AsTask();
        await Pulse.BeatAsync(default);
        Assert.False(next.IsCompleted);
        scene.Get<Presence>().Leave(lili.Id);
    }
}
