using ContactCenter.Domain;
using ContactCenter.Realtime;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Tests.Storage;

/// <summary>Who waits and closes the page keeps their place, and nobody is assigned to them meanwhile.</summary>
public sealed class AwayTests(Scene scene) : IClassFixture<Scene>
{
    private static Guid Id() => Ids.New(TimeProvider.System);

    private Task<Campaign> CampaignAsync(Action<CampaignSettings>? set = null) => scene.CampaignAsync($"c{Id():N}"[..20], set);

    /// <summary>Each comes a second after the one before.</summary>
    private async Task<Conversation> VisitAsync(string name)
    {
        scene.Clock.Advance(TimeSpan.FromSeconds(1));
        return await scene.VisitorAsync(name);
    }

    /// <summary>Time passes and whoever gives no sign in it is away; the node has looked for long enough to say so.</summary>
    private async Task PassAsync(params Conversation[] present)
    {
        scene.Get<Absence>().Looked();
        scene.Clock.Advance(Absence.After + TimeSpan.FromSeconds(1));
        scene.Get<Absence>().Looked();
        await scene.Conversations.SeenAsync([.. present.Select(each => each.Id)], scene.Clock.GetUtcNow());
    }

    private async Task<ConversationState> StateAsync(Conversation conversation) => (await scene.ReloadAsync(conversation)).State;

    private async Task<Because> BecauseAsync(Conversation conversation) =>
        (await scene.LogAsync(conversation)).Single(m => m.Event == EventKind.Assigned).Because!;

    [Fact]
    public async Task Whose_turn_comes_while_they_are_away_is_passed_over_and_comes_first_when_back()
    {
        await CampaignAsync();
        var (marta, joao, ana) = (await VisitAsync("Marta"), await VisitAsync("João"), await VisitAsync("Ana"));
        await PassAsync(joao, ana);
        var lili = await scene.AgentAsync($"Lili{Id():N}", capacity: 1);
        await scene.AssignAsync();
        Assert.Equal((ConversationState.Waiting, ConversationState.Attending, ConversationState.Waiting), (await StateAsync(marta), await StateAsync(joao), await StateAsync(ana)));
        Assert.Equal(marta.QueuedAt, (await scene.ReloadAsync(marta)).QueuedAt, TimeSpan.FromMilliseconds(1));

        await scene.Conversations.EnterAsync(marta.Id);
        await scene.Conversations.FinishAsync(joao.Id, lili.Id, "Lili", null);
        await scene.AssignAsync();
        Assert.Equal((ConversationState.Attending, ConversationState.Waiting), (await StateAsync(marta), await StateAsync(ana)));
        Assert.Null((await BecauseAsync(marta)).Away);
    }

    [Fact]
    public async Task Nobody_is_away_for_a_node_that_has_not_looked_or_could_not()
    {
        await CampaignAsync();
        var marta = await VisitAsync("Marta");
        scene.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Null(new Absence(scene.Clock).Since);
        var fresh = new Absence(scene.Clock);
        fresh.Looked();
        Assert.Null(fresh.Since);
        Assert.Equal(ConversationState.Waiting, await StateAsync(marta));
    }

    [Fact]
    public async Task A_campaign_that_keeps_places_for_ever_assigns_who_is_away_and_the_agent_is_told()
    {
        await CampaignAsync(settings => settings.AbandonAfter = 0);
        var marta = await VisitAsync("Marta");
        await PassAsync();
        await scene.AgentAsync($"Lili{Id():N}");
        await scene.AssignAsync();
        Assert.Equal(ConversationState.Attending, await StateAsync(marta));
        Assert.True((await BecauseAsync(marta)).Away);
        var entry = (await scene.Get<LogStore>().TimelineAsync(marta.Id, 50, default)).Single(m => m.Event == EventKind.Assigned);
        Assert.EndsWith("the contact's page was gone", EventTexts.Detail(entry, scene.Get<IStringLocalizer<Text>>()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_left_out_of_hours_is_assigned_although_nobody_waits_at_the_page()
    {
        var campaign = await CampaignAsync();
        var marta = await VisitAsync("Marta");
        await scene.ReadAsync(async db =>
        {
            (await db.Campaigns.FindAsync(campaign.Id))!.Enabled = false;
            return await db.SaveChangesAsync();
        });
        await scene.Conversations.CloseQueueAsync(campaign.Id);
        await scene.ReadAsync(async db =>
        {
            (await db.Campaigns.FindAsync(campaign.Id))!.Enabled = true;
            return await db.SaveChangesAsync();
        });
        await scene.Conversations.OpenQueueAsync(campaign.Id);
        await PassAsync();
        await scene.AgentAsync($"Lili{Id():N}");
        await scene.AssignAsync();
        Assert.Equal(ConversationState.Attending, await StateAsync(marta));
        Assert.True((await BecauseAsync(marta)).Away);
    }

    [Fact]
    public async Task Who_is_away_takes_no_place_from_others_and_keeps_their_own()
    {
        var campaign = await CampaignAsync(settings => settings.MaximumWaiting = 1);
        var marta = await VisitAsync("Marta");
        var joao = new ContactDetails("João", null, null);
        Assert.Equal(new StartOutcome.Refused(Door.Full), await scene.Conversations.StartAsync(campaign.Id, Id(), null, joao, "pt", null));
        await PassAsync();
        Assert.IsType<StartOutcome.Started>(await scene.Conversations.StartAsync(campaign.Id, Id(), null, joao, "pt", null));
        Assert.Equal(new StartOutcome.Refused(Door.Full), await scene.Conversations.StartAsync(campaign.Id, Id(), null, joao, "pt", null));
        Assert.Equal(marta.Id, (await scene.StartAsync(campaign, Id(), marta.ContactId, new ContactDetails("Marta", null, null), "es", null)).Id);
    }

    [Fact]
    public async Task Where_agents_take_nobody_who_is_away_rings_or_holds_up_who_is_there()
    {
        await CampaignAsync(settings => settings.Eligibility = Eligibility.RingAll);
        var (marta, joao) = (await VisitAsync("Marta"), await VisitAsync("João"));
        await PassAsync(joao);
        var lili = await scene.AgentAsync($"Lili{Id():N}");
        var omar = await scene.AgentAsync($"Omar{Id():N}");
        var inbox = await new InboxStore(scene.Get<Npgsql.NpgsqlDataSource>(), scene.Get<Absence>(), scene.Clock)
            .ReadAsync(new Viewer(lili.Id, "Lili", false), InboxTab.Waiting, "", default);
        Assert.Equal(("João", 1), (Assert.Single(inbox.Pending).Contact, inbox.PendingCount));
        Assert.Equal("Marta True, João False", string.Join(", ", inbox.Items.Select(item => $"{item.Contact} {item.Away}")));

        Assert.Equal(new TakeResult.Refused(TakeRefusal.OldestFirst), await scene.Assigner.TakeAsync(marta.Id, lili.Id));
        Assert.IsType<TakeResult.Taken>(await scene.Assigner.TakeAsync(joao.Id, lili.Id));
        // Nobody who is there waits any more: whoever wants to may answer her, and knows.
        Assert.IsType<TakeResult.Taken>(await scene.Assigner.TakeAsync(marta.Id, omar.Id));
        Assert.True((await BecauseAsync(marta)).Away);
        Assert.Null((await BecauseAsync(joao)).Away);
    }
}
