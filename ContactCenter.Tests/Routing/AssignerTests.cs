using ContactCenter.Domain;
using ContactCenter.Security;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Tests.Routing;

public sealed class AssignerTests(Scene scene) : IClassFixture<Scene>
{
    private static Guid Id() => Ids.New(TimeProvider.System);

    private Task<Campaign> CampaignAsync(Action<CampaignSettings>? set = null) =>
        scene.CampaignAsync($"c{Id():N}"[..20], set);

    private async Task<List<Conversation>> VisitorsAsync(int count, Campaign campaign)
    {
        var all = new List<Conversation>();
        for (var n = 1; n <= count; n++)
        {
            scene.Clock.Advance(TimeSpan.FromSeconds(1));
            all.Add(await scene.VisitorAsync($"Visitor {n}", campaign));
        }
        return all;
    }

    [Fact]
    public async Task Seven_visitors_one_agent_six_assigned_in_order_and_the_seventh_when_one_is_finished()
    {
        var campaign = await CampaignAsync();
        var lili = await scene.AgentAsync($"Lili{Id():N}");
        var visitors = await VisitorsAsync(7, campaign);

        await scene.AssignAsync();

        var states = new List<ConversationState>();
        foreach (var visitor in visitors) states.Add((await scene.ReloadAsync(visitor)).State);
        Assert.Equal([.. Enumerable.Repeat(ConversationState.Attending, 6), ConversationState.Waiting], states);

        await scene.Conversations.FinishAsync(visitors[2].Id, lili.Id, "Lili", null);
        await scene.AssignAsync();
        Assert.Equal(lili.Id, (await scene.ReloadAsync(visitors[6])).AgentId);
    }

    [Fact]
    public async Task The_reason_and_the_wait_are_kept_and_the_greeting_speaks_for_the_agent()
    {
        var campaign = await CampaignAsync(settings =>
            settings.AgentGreeting = new LocalText { Es = "Hola {contact}, soy {agent}." });
        await scene.AgentAsync("Lili");
        var marta = await scene.VisitorAsync("Marta", campaign);
        scene.Clock.Advance(TimeSpan.FromSeconds(24));

        // Within the grace of the agent's presence.
        await scene.AssignAsync();

        var log = await scene.LogAsync(marta);
        var assigned = Assert.Single(log, m => m.Event == EventKind.Assigned);
        Assert.Equal(new Because(Distribution.LeastActive, 0, 6, 1, 1), assigned.Because);
        Assert.Equal("Hola Marta, soy Lili.", log[^1].Text);
        Assert.Equal(24_000, (await scene.ReloadAsync(marta)).WaitedMs);
    }

    [Fact]
    public async Task Who_does_not_accept_or_is_not_connected_gets_nothing()
    {
        var campaign = await CampaignAsync();
        var away = await scene.AgentAsync($"Away{Id():N}");
        var gone = await scene.AgentAsync($"Gone{Id():N}");
        await scene.Agents.SetAcceptingAsync(away.Id, false);
        scene.Clock.Advance(TimeSpan.FromMinutes(5));
        await scene.Agents.SeenAsync([away.Id]);
        var marta = await scene.VisitorAsync("Marta", campaign);

        await scene.AssignAsync();
        Assert.Equal(ConversationState.Waiting, (await scene.ReloadAsync(marta)).State);

        await scene.Agents.SeenAsync([gone.Id]);
        await scene.AssignAsync();
        Assert.Equal(gone.Id, (await scene.ReloadAsync(marta)).AgentId);
    }

    [Fact]
    public async Task Many_workers_on_shared_agents_never_overfill_double_or_lose()
    {
        var campaigns = new List<Campaign>();
        for (var n = 0; n < 3; n++) campaigns.Add(await CampaignAsync(settings => settings.MaximumPerAgent = 4));
        var agents = new List<Guid>();
        for (var n = 0; n < 8; n++)
            agents.Add((await scene.AgentAsync($"Agent{n}{Id():N}", capacity: 5, [.. campaigns])).Id);
        var waiting = new List<Conversation>();
        foreach (var campaign in campaigns) waiting.AddRange(await VisitorsAsync(20, campaign));
        await scene.Agents.SeenAsync([.. agents]);

        await Task.WhenAll(Enumerable.Range(0, 24).Select(n => scene.AssignAsync(campaigns[n % 3])));

        var ids = waiting.Select(c => c.Id).ToList();
        var after = await scene.ReadAsync(db => db.Conversations.AsNoTracking().Where(c => ids.Contains(c.Id)).ToListAsync());
        var held = after.Where(c => c.AgentId is not null).ToList();
        // Eight agents with five places each are full, and no more than full.
        Assert.Equal(40, held.Count);
        Assert.All(held.GroupBy(c => c.AgentId), mine => Assert.Equal(5, mine.Count()));
        Assert.All(held.GroupBy(c => (c.AgentId, c.CampaignId)), here => Assert.InRange(here.Count(), 1, 4));
        foreach (var conversation in held)
            Assert.Single(await scene.LogAsync(conversation), m => m.Event == EventKind.Assigned);
        // First come, first served, in each campaign.
        foreach (var campaign in campaigns)
        {
            var order = after.Where(c => c.CampaignId == campaign.Id).OrderBy(c => c.QueuedAt).ToList();
            var served = order.Count(c => c.AgentId is not null);
            Assert.All(order.Take(served), c => Assert.NotNull(c.AgentId));
        }
    }

    [Fact]
    public async Task A_conversation_of_an_agent_who_is_gone_or_silent_goes_back_to_its_place()
    {
        var campaign = await CampaignAsync(settings => settings.AnswerWithinSeconds = 60);
        var lili = await scene.AgentAsync($"Lili{Id():N}");
        var marta = await scene.VisitorAsync("Marta", campaign);
        await scene.AssignAsync();
        var assignments = scene.Get<AssignmentStore>();
        async Task<ReturnDue?> DueAsync() =>
            (await assignments.ReturnsDueAsync(1000, default)).SingleOrDefault(due => due.Conversation == marta.Id);

        Assert.Null(await DueAsync());
        scene.Clock.Advance(TimeSpan.FromSeconds(61));
        await scene.Agents.SeenAsync([lili.Id]);
        var silent = await DueAsync();
        Assert.NotNull(silent);
        Assert.True(silent.Unanswered);

        await scene.Conversations.ReturnAsync(marta.Id, lili.Id, "Lili", silent.Unanswered);
        var back = await scene.ReloadAsync(marta);
        Assert.Equal((ConversationState.Waiting, null, marta.QueuedAt), (back.State, back.AgentId, back.QueuedAt));

        await scene.AssignAsync();
        await scene.Messages.FromAgentAsync(marta.Id, lili.Id, "Lili", Id(), "Hola", int.MaxValue);
        scene.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Null(await DueAsync());
        scene.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.False((await DueAsync())?.Unanswered);
    }

    /// <summary>Lets the time for the first answer pass, as the sweep does.</summary>
    private async Task ReturnAsync(Conversation conversation)
    {
        var due = Assert.Single(await scene.Get<AssignmentStore>().ReturnsDueAsync(1000, default), each => each.Conversation == conversation.Id);
        Assert.IsType<TransitionOutcome.Changed>(await scene.Conversations.ReturnAsync(due, default));
    }

    private Task<int> SetAsync(User agent, Action<Agent> set) => scene.ReadAsync(async database =>
    {
        set(await database.Agents.SingleAsync(a => a.UserId == agent.Id));
        return await database.SaveChangesAsync();
    });

    [Fact]
    public async Task A_silent_agents_conversation_goes_to_another_and_each_greets_the_contact_once()
    {
        var campaign = await CampaignAsync(settings =>
            (settings.AnswerWithinSeconds, settings.AgentGreeting) = (60, new LocalText { Es = "Soy {agent}." }));
        var (lili, omar) = (await scene.AgentAsync($"Lili{Id():N}"), await scene.AgentAsync($"Omar{Id():N}"));
        await SetAsync(omar, agent => agent.LastAssignedAt = scene.Clock.GetUtcNow());
        var marta = await scene.VisitorAsync("Marta", campaign);
        await scene.AssignAsync();
        Assert.Equal(lili.Id, (await scene.ReloadAsync(marta)).AgentId);

        scene.Clock.Advance(TimeSpan.FromSeconds(61));
        await scene.Agents.SeenAsync([lili.Id, omar.Id]);
        await ReturnAsync(marta);
        // Omar's last one is the newer: by the strategy alone it would be Lili's again.
        await SetAsync(omar, agent => agent.LastAssignedAt = scene.Clock.GetUtcNow().AddSeconds(1));
        await scene.AssignAsync();
        Assert.Equal(omar.Id, (await scene.ReloadAsync(marta)).AgentId);

        scene.Clock.Advance(TimeSpan.FromSeconds(61));
        await scene.Agents.SeenAsync([lili.Id, omar.Id]);
        await ReturnAsync(marta);
        await scene.AssignAsync();
        Assert.Equal(ConversationState.Attending, (await scene.ReloadAsync(marta)).State);
        var log = await scene.LogAsync(marta);
        Assert.Equal(3, log.Count(entry => entry.Event == EventKind.Assigned));
        Assert.Equal(
            $"Soy {lili.DisplayName}. Soy {omar.DisplayName}.", string.Join(' ', log.Where(entry => entry.Author == Author.Campaign).Select(entry => entry.Text)));
    }

    [Fact]
    public async Task Once_somebody_has_answered_nobody_is_passed_over_for_their_former_silence()
    {
        var campaign = await CampaignAsync(settings => settings.AnswerWithinSeconds = 60);
        var (lili, omar) = (await scene.AgentAsync($"Lili{Id():N}"), await scene.AgentAsync($"Omar{Id():N}"));
        await SetAsync(omar, agent => agent.LastAssignedAt = scene.Clock.GetUtcNow());
        var marta = await scene.VisitorAsync("Marta", campaign);
        await scene.AssignAsync();
        scene.Clock.Advance(TimeSpan.FromSeconds(61));
        await scene.Agents.SeenAsync([lili.Id, omar.Id]);
        await ReturnAsync(marta);
        Assert.Equal([lili.Id], (await scene.ReloadAsync(marta)).SilentAgents);
        await scene.AssignAsync();
        Assert.Equal(omar.Id, (await scene.ReloadAsync(marta)).AgentId);

        // It was Omar's, for longer than the time for a first word, until his connection was lost.
        await scene.Messages.FromAgentAsync(marta.Id, omar.Id, "Omar", Id(), "Hola", int.MaxValue);
        scene.Clock.Advance(TimeSpan.FromSeconds(61));
        var ines = await scene.AgentAsync($"Ines{Id():N}");
        await scene.Agents.SeenAsync([lili.Id, ines.Id]);
        // By the strategy it is Lili's; only for her silence it would be Inés's.
        await SetAsync(ines, agent => agent.LastAssignedAt = scene.Clock.GetUtcNow().AddSeconds(1));
        await ReturnAsync(marta);
        Assert.Empty((await scene.ReloadAsync(marta)).SilentAgents);
        await scene.AssignAsync();
        Assert.Equal(lili.Id, (await scene.ReloadAsync(marta)).AgentId);
    }

    [Theory]
    [InlineData("answer")]
    [InlineData("still here")]
    public async Task What_Lili_answers_or_keeps_in_its_last_second_does_not_go_back_at_the_former_time(string how)
    {
        var campaign = await CampaignAsync(settings => settings.AnswerWithinSeconds = 60);
        var lili = await scene.AgentAsync($"Lili{Id():N}");
        var marta = await scene.VisitorAsync("Marta", campaign);
        await scene.AssignAsync();
        scene.Clock.Advance(TimeSpan.FromSeconds(59));
        if (how == "answer") await scene.Messages.FromAgentAsync(marta.Id, lili.Id, "Lili", Id(), "Hola", int.MaxValue);
        else await scene.Conversations.StayAsync(marta.Id, lili.Id);

        scene.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.False(await IsDueAsync());
        // From then on an answer has no time at all, and who only said that they are here has it once more.
        scene.Clock.Advance(TimeSpan.FromSeconds(57));
        Assert.False(await IsDueAsync());
        scene.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(how != "answer", await IsDueAsync());

        async Task<bool> IsDueAsync()
        {
            await scene.Agents.SeenAsync([lili.Id]);
            var due = await scene.Get<AssignmentStore>().ReturnsDueAsync(1000, default);
            return due.Any(each => each.Conversation == marta.Id);
        }
    }

    [Fact]
    public async Task While_another_is_there_it_waits_for_them_and_after_a_minute_it_is_the_same_agents_again()
    {
        var campaign = await CampaignAsync(settings => (settings.AnswerWithinSeconds, settings.MaximumPerAgent) = (60, 1));
        var (lili, omar) = (await scene.AgentAsync($"Lili{Id():N}"), await scene.AgentAsync($"Omar{Id():N}"));
        var other = await scene.VisitorAsync("Other", campaign);
        var marta = await scene.VisitorAsync("Marta", campaign);
        await scene.AssignAsync();
        var (hers, his) = (await scene.ReloadAsync(other)).AgentId == lili.Id ? (other, marta) : (marta, other);
        await scene.Messages.FromAgentAsync(his.Id, omar.Id, "Omar", Id(), "Hola", int.MaxValue);
        scene.Clock.Advance(TimeSpan.FromSeconds(61));
        await scene.Agents.SeenAsync([lili.Id, omar.Id]);
        await ReturnAsync(hers);

        await scene.AssignAsync();
        Assert.Equal(ConversationState.Waiting, (await scene.ReloadAsync(hers)).State);
        // Whoever comes after it does not wait for its sake.
        var next = await scene.VisitorAsync("Next", campaign);
        await scene.AssignAsync();
        Assert.Equal(lili.Id, (await scene.ReloadAsync(next)).AgentId);
        await scene.Conversations.FinishAsync(next.Id, lili.Id, "Lili", null);

        scene.Clock.Advance(TimeSpan.FromSeconds(61));
        await scene.Agents.SeenAsync([lili.Id, omar.Id]);
        await scene.AssignAsync();
        Assert.Equal(lili.Id, (await scene.ReloadAsync(hers)).AgentId);
    }

    [Fact]
    public async Task What_was_answered_paused_or_kept_between_the_look_and_the_return_stays()
    {
        var campaign = await CampaignAsync(settings => settings.AnswerWithinSeconds = 60);
        var lili = await scene.AgentAsync($"Lili{Id():N}");
        var visitors = await VisitorsAsync(4, campaign);
        await scene.AssignAsync();
        scene.Clock.Advance(TimeSpan.FromSeconds(61));
        await scene.Agents.SeenAsync([lili.Id]);
        var due = (await scene.Get<AssignmentStore>().ReturnsDueAsync(1000, default)).Where(each => each.Agent == lili.Id).ToList();
        Assert.Equal(4, due.Count);

        await scene.Messages.FromAgentAsync(visitors[0].Id, lili.Id, "Lili", Id(), "Hola", int.MaxValue);
        await scene.Conversations.PauseAsync(visitors[1].Id, lili.Id, "Lili");
        await scene.Conversations.StayAsync(visitors[2].Id, lili.Id);
        foreach (var each in due) await scene.Conversations.ReturnAsync(each, default);

        var states = new List<ConversationState>();
        foreach (var visitor in visitors) states.Add((await scene.ReloadAsync(visitor)).State);
        Assert.Equal([ConversationState.Attending, ConversationState.Paused, ConversationState.Attending, ConversationState.Waiting], states);

        // A resumption begins the time anew, as "still here" does: neither is taken in the next moment.
        await scene.Conversations.ResumeAsync(visitors[1].Id, lili.Id, "Lili");
        scene.Clock.Advance(TimeSpan.FromSeconds(30));
        await scene.Agents.SeenAsync([lili.Id]);
        Assert.DoesNotContain(await scene.Get<AssignmentStore>().ReturnsDueAsync(1000, default), each => each.Agent == lili.Id);
        scene.Clock.Advance(TimeSpan.FromSeconds(31));
        await scene.Agents.SeenAsync([lili.Id]);
        Assert.Equal(2, (await scene.Get<AssignmentStore>().ReturnsDueAsync(1000, default)).Count(each => each.Agent == lili.Id));
    }

    [Fact]
    public async Task A_pause_survives_a_return_to_who_paused_and_another_agent_attends()
    {
        var campaign = await CampaignAsync(settings => settings.AgentGreeting = new LocalText { Es = "Soy {agent}." });
        var lili = await scene.AgentAsync($"Lili{Id():N}");
        var marta = await scene.VisitorAsync("Marta", campaign);
        await scene.AssignAsync();
        await scene.Conversations.PauseAsync(marta.Id, lili.Id, "Lili");
        // Twice, for the second time is no different.
        for (var times = 1; times <= 2; times++)
        {
            await scene.Conversations.ReturnAsync(marta.Id, lili.Id, "Lili", unanswered: false);
            Assert.Equal(ConversationState.Waiting, (await scene.ReloadAsync(marta)).State);
            await scene.AssignAsync();
            var back = await scene.ReloadAsync(marta);
            Assert.Equal((ConversationState.Paused, lili.Id), (back.State, back.AgentId));
            var log = await scene.LogAsync(marta);
            Assert.Equal([EventKind.Assigned, EventKind.Paused], log.TakeLast(2).Select(entry => entry.Event));
            Assert.Equal(Enumerable.Range(1, log.Count), log.Select(entry => entry.Seq));
            Assert.Equal(log.Count, back.Seq);
            Assert.Single(log, entry => entry.Author == Author.Campaign);
        }

        var omar = await scene.AgentAsync($"Omar{Id():N}");
        await SetAsync(lili, agent => agent.Accepting = false);
        await scene.Conversations.ReturnAsync(marta.Id, lili.Id, "Lili", unanswered: false);
        await scene.AssignAsync();
        var his = await scene.ReloadAsync(marta);
        Assert.Equal((ConversationState.Attending, omar.Id), (his.State, his.AgentId));
        // It is Omar's to pause now: Lili's pause is over.
        await SetAsync(lili, agent => agent.Accepting = true);
        await SetAsync(omar, agent => agent.Accepting = false);
        await scene.Conversations.ReturnAsync(marta.Id, omar.Id, "Omar", unanswered: false);
        await scene.AssignAsync();
        Assert.Equal((ConversationState.Attending, lili.Id), ((await scene.ReloadAsync(marta)).State, (await scene.ReloadAsync(marta)).AgentId));
    }
}
