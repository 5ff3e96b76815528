using ContactCenter.Domain;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;

namespace ContactCenter.Tests.Storage;

public sealed class AbandonmentTests(Scene scene) : IClassFixture<Scene>
{
    private static Guid Id() => Ids.New(TimeProvider.System);

    private Task<Campaign> CampaignAsync(int abandonAfter) =>
        scene.CampaignAsync($"c{Id():N}"[..20], settings => settings.AbandonAfter = abandonAfter);

    private async Task<Vanished?> DueAsync(Conversation conversation) =>
        (await scene.Conversations.VanishedAsync(1_000)).SingleOrDefault(due => due.Conversation == conversation.Id);

    private Task SeenAsync(Conversation conversation) => scene.Conversations.SeenAsync([conversation.Id], scene.Clock.GetUtcNow());

    [Fact]
    public async Task Who_is_gone_for_the_campaigns_time_has_abandoned_and_not_a_second_before()
    {
        await CampaignAsync(abandonAfter: 60);
        var marta = await scene.VisitorAsync("Marta");
        scene.Clock.Advance(TimeSpan.FromSeconds(30));
        await SeenAsync(marta);
        scene.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Null(await DueAsync(marta));

        scene.Clock.Advance(TimeSpan.FromSeconds(1));
        var due = await DueAsync(marta);
        Assert.NotNull(due);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => scene.Conversations.AbandonAsync(due)));

        var gone = await scene.ReloadAsync(marta);
        Assert.Equal((ConversationState.Finished, Ending.Abandoned), (gone.State, gone.Ending));
        Assert.Single(await scene.LogAsync(marta), m => m.Event == EventKind.Vanished);
    }

    [Fact]
    public async Task Who_comes_back_before_the_job_looks_again_keeps_their_place()
    {
        await CampaignAsync(abandonAfter: 60);
        var marta = await scene.VisitorAsync("Marta");
        scene.Clock.Advance(TimeSpan.FromMinutes(2));
        var due = await DueAsync(marta);
        Assert.NotNull(due);
        await SeenAsync(marta);

        await scene.Conversations.AbandonAsync(due);

        Assert.Equal(ConversationState.Waiting, (await scene.ReloadAsync(marta)).State);
        Assert.Null(await DueAsync(marta));
    }

    [Fact]
    public async Task A_campaign_that_never_abandons_waits_for_ever_and_the_shortest_time_is_fifteen_seconds()
    {
        await CampaignAsync(abandonAfter: 0);
        var patient = await scene.VisitorAsync("Marta");
        await CampaignAsync(abandonAfter: 1);
        var hasty = await scene.VisitorAsync("Ana");

        scene.Clock.Advance(TimeSpan.FromSeconds(14));
        Assert.Null(await DueAsync(hasty));
        scene.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(await DueAsync(hasty));
        scene.Clock.Advance(TimeSpan.FromDays(3));
        Assert.Null(await DueAsync(patient));
    }

    [Fact]
    public async Task Who_comes_back_to_the_queue_gets_the_whole_time_and_who_is_attended_is_not_watched()
    {
        await CampaignAsync(abandonAfter: 60);
        var lili = await scene.AgentAsync($"Lili{Id():N}");
        var marta = await scene.VisitorAsync("Marta");
        await scene.AssignAsync();
        scene.Clock.Advance(TimeSpan.FromMinutes(20));
        Assert.Null(await DueAsync(marta));

        await scene.Conversations.ReturnAsync(marta.Id, lili.Id, "Lili", unanswered: false);
        Assert.Equal(ConversationState.Waiting, (await scene.ReloadAsync(marta)).State);
        Assert.Null(await DueAsync(marta));
        scene.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.NotNull(await DueAsync(marta));
    }

    [Fact]
    public async Task What_was_kept_out_of_hours_is_not_abandoned_when_it_is_offered()
    {
        var campaign = await CampaignAsync(abandonAfter: 60);
        var marta = await scene.VisitorAsync("Marta");
        await EnableAsync(false);
        await scene.Conversations.CloseQueueAsync(campaign.Id);
        scene.Clock.Advance(TimeSpan.FromHours(9));
        await EnableAsync(true);
        await scene.Conversations.OpenQueueAsync(campaign.Id);
        scene.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(ConversationState.Waiting, (await scene.ReloadAsync(marta)).State);
        Assert.Null(await DueAsync(marta));

        Task EnableAsync(bool enabled) => scene.ReadAsync(async db =>
        {
            var found = await db.Campaigns.FindAsync(campaign.Id);
            found!.Enabled = enabled;
            return await db.SaveChangesAsync();
        });
    }
}
