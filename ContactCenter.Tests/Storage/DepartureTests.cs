using ContactCenter.Domain;
using ContactCenter.Security;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Tests.Storage;

/// <summary>Whoever leaves on purpose gets nothing more from that moment, and what they held waits at its old places at once.</summary>
public sealed class DepartureTests(Scene scene) : IClassFixture<Scene>
{
    private static Guid Id() => Ids.New(TimeProvider.System);

    private DepartureStore Departures => scene.Get<DepartureStore>();

    private Task<Campaign> CampaignAsync() => scene.CampaignAsync($"c{Id():N}"[..20]);

    private async Task<Guid> SessionAsync(User user)
    {
        var session = new UserSession
        {
            Id = Id(),
            UserId = user.Id,
            StartedAt = scene.Clock.GetUtcNow(),
            SeenAt = scene.Clock.GetUtcNow(),
            Address = "127.0.0.1",
            Browser = "",
            System = "",
        };
        await scene.SaveAsync(session);
        return session.Id;
    }

    [Fact]
    public async Task The_last_session_ends_and_all_is_back_in_its_place_at_once_and_one_that_is_left_keeps_it()
    {
        var campaign = await CampaignAsync();
        var lili = await scene.AgentAsync($"Lili{Id():N}");
        var (marta, joao) = (await scene.VisitorAsync("Marta", campaign), await scene.VisitorAsync("João", campaign));
        await scene.AssignAsync();
        await scene.Conversations.PauseAsync(joao.Id, lili.Id, "Lili");
        var session = await SessionAsync(lili);
        await Departures.SignedOutAsync(lili.Id);
        Assert.Equal(lili.Id, (await scene.ReloadAsync(marta)).AgentId);

        await scene.ReadAsync(database => database.Sessions.Where(s => s.Id == session).ExecuteDeleteAsync());
        await Departures.SignedOutAsync(lili.Id);

        foreach (var visitor in (Conversation[])[marta, joao])
        {
            var back = await scene.ReloadAsync(visitor);
            Assert.Equal((ConversationState.Waiting, null, visitor.QueuedAt), (back.State, back.AgentId, back.QueuedAt));
        }
        // A page of hers that has not heard of it yet brings her back neither by living on nor by connecting.
        await scene.Agents.SeenAsync([lili.Id]);
        await scene.Agents.EnterAsync(lili.Id);
        await scene.AssignAsync();
        Assert.Equal(ConversationState.Waiting, (await scene.ReloadAsync(marta)).State);

        // She signs in again and has a look around; work comes when she says that she is ready for it.
        await SessionAsync(lili);
        await scene.Agents.EnterAsync(lili.Id);
        await scene.AssignAsync();
        Assert.Equal(ConversationState.Waiting, (await scene.ReloadAsync(marta)).State);
        await scene.Agents.SetAcceptingAsync(lili.Id, true);
        await scene.AssignAsync();
        Assert.Equal(lili.Id, (await scene.ReloadAsync(marta)).AgentId);
    }

    [Fact]
    public async Task However_it_races_with_assignment_nobody_is_left_with_who_has_signed_out()
    {
        for (var round = 0; round < 8; round++)
        {
            var campaign = await CampaignAsync();
            var lili = await scene.AgentAsync($"Lili{Id():N}", capacity: 20);
            var visitors = new List<Conversation>();
            for (var n = 0; n < 6; n++) visitors.Add(await scene.VisitorAsync($"Visitor {n}", campaign));

            await Task.WhenAll(
                scene.AssignAsync(campaign), scene.AssignAsync(campaign), Departures.SignedOutAsync(lili.Id), scene.Agents.SeenAsync([lili.Id]),
                scene.AssignAsync(campaign));
            await scene.AssignAsync(campaign);

            foreach (var visitor in visitors)
            {
                var now = await scene.ReloadAsync(visitor);
                Assert.Equal((ConversationState.Waiting, visitor.QueuedAt), (now.State, now.QueuedAt));
            }
        }
    }

    [Fact]
    public async Task Who_closes_a_page_gets_nothing_new_and_who_opens_none_within_seconds_has_gone()
    {
        var campaign = await CampaignAsync();
        var lili = await scene.AgentAsync($"Lili{Id():N}");
        var marta = await scene.VisitorAsync("Marta", campaign);
        await scene.AssignAsync();
        await SessionAsync(lili);

        await scene.Agents.LeavingAsync(lili.Id);
        var joao = await scene.VisitorAsync("João", campaign);
        await scene.AssignAsync();
        Assert.Equal(ConversationState.Waiting, (await scene.ReloadAsync(joao)).State);
        // The next page: nothing has happened.
        scene.Clock.Advance(DepartureStore.Grace - TimeSpan.FromSeconds(1));
        await Departures.SweepAsync();
        await scene.Agents.EnterAsync(lili.Id);
        scene.Clock.Advance(TimeSpan.FromSeconds(5));
        await Departures.SweepAsync();
        await scene.AssignAsync();
        Assert.Equal((lili.Id, lili.Id), ((await scene.ReloadAsync(marta)).AgentId, (await scene.ReloadAsync(joao)).AgentId));

        await scene.Agents.LeavingAsync(lili.Id);
        scene.Clock.Advance(DepartureStore.Grace + TimeSpan.FromSeconds(1));
        await Departures.SweepAsync();
        await Departures.SweepAsync();
        Assert.Equal(ConversationState.Waiting, (await scene.ReloadAsync(marta)).State);
        Assert.Single(await scene.LogAsync(marta), entry => entry.Event == EventKind.ReturnedDisconnected);
    }
}
