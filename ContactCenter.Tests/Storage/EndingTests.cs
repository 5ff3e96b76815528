using ContactCenter.Domain;
using ContactCenter.Realtime;
using ContactCenter.Security;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Tests.Storage;

/// <summary>What a contact is told at the end says only what is so, however it ended.</summary>
public sealed class EndingTests(Scene scene) : IClassFixture<Scene>
{
    private const string Thanks = "Gracias por conversar con nosotros";

    private static Guid Id() => Ids.New(TimeProvider.System);

    private Task<Campaign> CampaignAsync() => scene.CampaignAsync($"c{Id():N}"[..20], settings =>
    {
        settings.AbandonAfter = 60;
        settings.Closing = new LocalText { Es = Thanks, En = Thanks, Pt = Thanks };
    });

    private async Task<(string Told, bool Thanked)> LastAsync(Conversation conversation)
    {
        var log = await scene.LogAsync(conversation);
        var told = log.Where(m => m.Event is not null).Select(m => EventTexts.ForContact(m.Event!.Value, m, scene.Get<IStringLocalizer<Text>>())).Last();
        return (told ?? "", log.Exists(m => m.Text == Thanks));
    }

    private async Task<Conversation> AttendedAsync(User agent, bool answered)
    {
        var conversation = await scene.VisitorAsync("Marta");
        await scene.AssignAsync();
        if (answered)
            Assert.IsType<MessageOutcome.Accepted>(await scene.Messages.FromAgentAsync(conversation.Id, agent.Id, "Lili", Id(), "Hola", int.MaxValue));
        return conversation;
    }

    [Fact]
    public async Task Who_leaves_the_queue_is_told_so_and_thanked_for_no_talk()
    {
        await CampaignAsync();
        var marta = await scene.VisitorAsync("Marta");
        await scene.Conversations.LeaveAsync(marta.Id);
        Assert.Equal(("You left the conversation", false), await LastAsync(marta));
    }

    [Fact]
    public async Task Who_was_away_for_too_long_is_not_told_that_they_left()
    {
        await CampaignAsync();
        var marta = await scene.VisitorAsync("Marta");
        scene.Clock.Advance(TimeSpan.FromSeconds(61));
        await scene.Conversations.AbandonAsync((await scene.Conversations.VanishedAsync(1_000)).Single(due => due.Conversation == marta.Id));
        var (told, thanked) = await LastAsync(marta);
        Assert.StartsWith("You were away for longer", told, StringComparison.Ordinal);
        Assert.False(thanked);
    }

    [Fact]
    public async Task Who_leaves_an_agent_who_has_not_answered_is_thanked_for_no_talk_and_who_was_answered_is()
    {
        await CampaignAsync();
        var lili = await scene.AgentAsync($"Lili{Id():N}");
        var silent = await AttendedAsync(lili, answered: false);
        await scene.Conversations.LeaveAsync(silent.Id);
        Assert.Equal(("You left the conversation", false), await LastAsync(silent));

        var answered = await AttendedAsync(lili, answered: true);
        await scene.Conversations.LeaveAsync(answered.Id);
        Assert.Equal(("You left the conversation", true), await LastAsync(answered));

        var finished = await AttendedAsync(lili, answered: true);
        await scene.Conversations.FinishAsync(finished.Id, lili.Id, "Lili", null);
        Assert.Equal(("Lili ended the conversation", true), await LastAsync(finished));
    }
}
