using ContactCenter.Domain;
using ContactCenter.Pages.Supervision;
using ContactCenter.Security;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Npgsql;

namespace ContactCenter.Tests.Storage;

/// <summary>The board's figures (S1–S4) against a scene of which every answer is known.</summary>
public sealed class BoardStoreTests(Scene scene) : IClassFixture<Scene>
{
    private static Guid Id() => Ids.New(TimeProvider.System);

    private BoardStore Store => new(scene.Get<NpgsqlDataSource>(), scene.Clock);

    private async Task<Conversation> ServedAsync(Campaign campaign, User agent, string name, int afterSeconds)
    {
        var visitor = await scene.VisitorAsync(name, campaign);
        scene.Clock.Advance(TimeSpan.FromSeconds(afterSeconds));
        await scene.Agents.EnterAsync(agent.Id);
        await scene.AssignAsync(campaign);
        Assert.Equal(agent.Id, (await scene.ReloadAsync(visitor)).AgentId);
        return visitor;
    }

    [Fact]
    public async Task The_figures_of_a_morning_are_those_counted_by_hand()
    {
        var campaign = await scene.CampaignAsync($"c{Id():N}"[..20], settings => settings.ServiceLevelSeconds = 20);
        var elsewhere = await scene.CampaignAsync($"c{Id():N}"[..20]);
        var lili = await scene.AgentAsync($"Lili{Id():N}", 6, campaign);
        var sofia = new Viewer(Id(), "Sofía", Supervises: true);
        // Yesterday: nothing of it counts today.
        var old = await ServedAsync(campaign, lili, "Yesterday", 300);
        await scene.Conversations.FinishAsync(old.Id, lili.Id, "Lili", null);
        scene.Clock.Advance(TimeSpan.FromDays(1));

        var anna = await ServedAsync(campaign, lili, "Anna", 10);
        var bert = await ServedAsync(campaign, lili, "Bert", 30);
        scene.Clock.Advance(TimeSpan.FromSeconds(270));
        await scene.Conversations.FinishAsync(anna.Id, lili.Id, "Lili", null);
        var carl = await scene.VisitorAsync("Carl", campaign);
        await scene.Conversations.LeaveAsync(carl.Id);
        await scene.VisitorAsync("Elsewhere", elsewhere);
        var now = scene.Clock.GetUtcNow();
        await scene.SaveAsync(new Conversation
        {
            Id = Id(),
            CampaignId = campaign.Id,
            ContactId = anna.ContactId,
            Language = "es",
            Direction = Direction.Outgoing,
            State = ConversationState.Attending,
            AgentId = lili.Id,
            QueuedAt = now,
            AssignedAt = now,
            LastAt = now,
        });
        var dora = await scene.VisitorAsync("Dora", campaign);
        scene.Clock.Advance(TimeSpan.FromSeconds(7));

        var campaigns = (await Store.CampaignsAsync(sofia, default)).Where(each => each.Id == campaign.Id).ToList();
        Assert.Equal(20, Assert.Single(campaigns).Settings.ServiceLevelSeconds);
        var board = await Store.ReadAsync(campaigns, default);

        var f = board.Figures;
        Assert.Equal((2, 1, 1, 1, 1, 1), (f.Attended, f.InTime, f.Abandoned, f.Completed, f.Outgoing, f.Waiting));
        Assert.Equal((TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(30)), (f.AverageWait, f.LongestWait));
        // Anna's conversation lasted the thirty seconds Bert waited and the time after.
        Assert.Equal(TimeSpan.FromSeconds(300), f.AverageHandling);
        Assert.Equal((50, 100.0 / 3, 100.0 / 3), (f.ServiceLevel, f.ServiceLevelWithAbandoned, f.AbandonmentRate));
        Assert.Equal(dora.QueuedAt, f.Oldest);

        var row = Assert.Single(board.Agents);
        Assert.Equal((lili.Id, AgentState.Busy, 1, 0), (row.Id, row.State, row.DoneIn, row.DoneOut));
        Assert.Equal(["Bert", "Anna"], row.Active!.Select(each => each.Contact), StringComparer.Ordinal);
        Assert.Equal((await scene.ReloadAsync(bert)).AssignedAt, row.Active![0].At);
        Assert.Equal("Dora", Assert.Single(board.Waiting).Name);

        // Every figure lists exactly the conversations it counts.
        foreach (var (figure, count) in ((BoardFigure, int)[])
            [(BoardFigure.Attended, 2), (BoardFigure.InTime, 1), (BoardFigure.Completed, 1), (BoardFigure.Abandoned, 1), (BoardFigure.Outgoing, 1), (BoardFigure.Waiting, 1)])
            Assert.Equal(count, (await Store.BehindAsync(campaigns, figure, null, 50, default)).Rows.Count);
        var first = await Store.BehindAsync(campaigns, BoardFigure.Attended, null, 1, default);
        var second = await Store.BehindAsync(campaigns, BoardFigure.Attended, first.Next, 1, default);
        Assert.Equal(["Bert", "Anna"], [first.Rows[0].Contact, second.Rows[0].Contact]);
        Assert.Null(second.Next);
    }

    [Fact]
    public async Task A_campaign_without_anything_has_no_percentages_and_no_waits()
    {
        var campaign = await scene.CampaignAsync($"c{Id():N}"[..20]);
        var campaigns = (await Store.CampaignsAsync(new Viewer(Id(), "Sofía", true), default)).Where(each => each.Id == campaign.Id).ToList();

        var board = await Store.ReadAsync(campaigns, default);

        Assert.Null(board.Figures.ServiceLevel);
        Assert.Null(board.Figures.AverageWait);
        Assert.Empty(board.Agents);
        Assert.Empty(board.Waiting);
        Assert.Empty((await Store.ReadAsync([], default)).Agents);
    }

    [Theory]
    [InlineData(100.0, "100 %")]
    [InlineData(100.0 * 299 / 300, "99 %")]
    [InlineData(49.5, "50 %")]
    [InlineData(0.2, "1 %")]
    [InlineData(0.0, "0 %")]
    [InlineData(null, "–")]
    public void One_in_three_hundred_who_waited_too_long_is_not_rounded_away(double? percent, string shown) =>
        Assert.Equal(shown, percent.Percent());

    [Theory]
    [InlineData(299, ChatBand.Green)]
    [InlineData(300, ChatBand.Yellow)]
    [InlineData(899, ChatBand.Yellow)]
    [InlineData(900, ChatBand.Red)]
    public void A_conversation_is_green_below_T1_yellow_from_it_and_red_from_T2(int seconds, ChatBand band) =>
        Assert.Equal(band, ChatBands.Of(TimeSpan.FromSeconds(seconds), new CampaignSettings { ChatTimeYellow = 300, ChatTimeRed = 900 }));
}
