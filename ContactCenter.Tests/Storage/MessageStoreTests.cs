using ContactCenter.Domain;
using ContactCenter.Realtime;
using ContactCenter.Security;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;

namespace ContactCenter.Tests.Storage;

public sealed class MessageStoreTests(Scene scene) : IClassFixture<Scene>
{
    private static Guid Id() => Ids.New(TimeProvider.System);

    private async Task<(Campaign Campaign, User Lili, Conversation Marta)> AttendedAsync()
    {
        var campaign = await scene.CampaignAsync($"c{Id():N}"[..20]);
        var lili = await scene.AgentAsync($"lili{Id():N}");
        var marta = await scene.VisitorAsync("Marta");
        await scene.AssignAsync();
        marta = await scene.ReloadAsync(marta);
        Assert.Equal(lili.Id, marta.AgentId);
        return (campaign, lili, marta);
    }

    private Task<MessageOutcome> Writes(Conversation conversation, string text, Guid? id = null) =>
        scene.Messages.FromContactAsync(
            conversation.Id, conversation.ContactId, conversation.CampaignId, id ?? Id(), text);

    [Fact]
    public async Task Messages_get_consecutive_places_whoever_writes_at_once()
    {
        var (_, lili, marta) = await AttendedAsync();

        await Task.WhenAll(Enumerable.Range(0, 40).Select(n => n % 2 == 0
            ? Writes(marta, $"m{n}")
            : scene.Messages.FromAgentAsync(marta.Id, lili.Id, "Lili", Id(), $"l{n}", int.MaxValue)));

        var log = await scene.LogAsync(marta);
        Assert.Equal(40, log.Count(m => m.Author is Author.Agent || m.Text.StartsWith('m')));
        Assert.Equal(Enumerable.Range(1, log.Count), log.Select(m => m.Seq));
    }

    [Fact]
    public async Task A_message_sent_again_is_stored_once_and_answered_with_the_first()
    {
        var (_, _, marta) = await AttendedAsync();
        var id = Id();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Writes(marta, "once", id)));

        var places = outcomes.Select(o => Assert.IsType<MessageOutcome.Accepted>(o).Message.Seq).Distinct();
        Assert.Single(places);
        Assert.Single(await scene.LogAsync(marta), m => m.Text == "once");
    }

    [Fact]
    public async Task A_message_sent_again_is_announced_again_for_its_first_node_may_be_gone()
    {
        var (_, lili, marta) = await AttendedAsync();
        var (hers, his) = (Id(), Id());
        await Writes(marta, "once", hers);
        await scene.Messages.FromAgentAsync(marta.Id, lili.Id, "Lili", his, "once too", int.MaxValue);
        using var viewer = scene.Get<Hub>().Subscribe(Topic.Conversation(marta.Id));
        var next = viewer.NextAsync().AsTask();
        Assert.False(next.IsCompleted);

        await Writes(marta, "once", hers);
        Assert.Equal(Signals.Messages, await next.WaitAsync(TimeSpan.FromSeconds(20)));
        next = viewer.NextAsync().AsTask();
        await scene.Messages.FromAgentAsync(marta.Id, lili.Id, "Lili", his, "once too", int.MaxValue);
        Assert.Equal(Signals.Messages, await next.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task A_finished_conversation_takes_no_more_but_still_answers_what_it_took()
    {
        var (_, lili, marta) = await AttendedAsync();
        var id = Id();
        await Writes(marta, "before", id);
        await scene.Conversations.FinishAsync(marta.Id, lili.Id, "Lili", "done");
        var before = await scene.LogAsync(marta);

        Assert.IsType<MessageOutcome.Accepted>(await Writes(marta, "before", id));
        Assert.IsType<MessageOutcome.Closed>(await Writes(marta, "after"));
        Assert.IsType<MessageOutcome.Closed>(
            await scene.Messages.FromAgentAsync(marta.Id, lili.Id, "Lili", Id(), "after", int.MaxValue));
        Assert.Equal(before.Count, (await scene.LogAsync(marta)).Count);
    }

    [Fact]
    public async Task Nobody_writes_in_a_conversation_that_is_not_theirs()
    {
        var (campaign, _, marta) = await AttendedAsync();
        var joao = await scene.VisitorAsync("João", campaign);
        var omar = await scene.AgentAsync($"omar{Id():N}", 6, campaign);
        var before = await scene.LogAsync(marta);

        Assert.IsType<MessageOutcome.NotFound>(
            await scene.Messages.FromContactAsync(marta.Id, joao.ContactId, campaign.Id, Id(), "x"));
        Assert.IsType<MessageOutcome.NotFound>(
            await scene.Messages.FromContactAsync(marta.Id, marta.ContactId, Id(), Id(), "x"));
        Assert.IsType<MessageOutcome.NotFound>(
            await scene.Messages.FromAgentAsync(marta.Id, omar.Id, "Omar", Id(), "x", int.MaxValue));
        Assert.IsType<MessageOutcome.NotFound>(
            await scene.Messages.FromAgentAsync(Id(), omar.Id, "Omar", Id(), "x", int.MaxValue));
        Assert.Equal(before.Count, (await scene.LogAsync(marta)).Count);
    }

    [Fact]
    public async Task Refusals_leave_the_connections_of_others_alone()
    {
        var (_, lili, marta) = await AttendedAsync();
        var shown = (await scene.ReloadAsync(marta)).Seq;
        await Writes(marta, "wait, one more thing");

        // A reader is reused by its connection: whoever closes it twice closes that of whom the connection belongs to by then.
        await Task.WhenAll(Enumerable.Range(0, 60).Select(async n =>
        {
            for (var again = 0; again < 20; again++)
                if (n % 3 == 0)
                    Assert.IsType<MessageOutcome.NotFound>(await scene.Messages.FromContactAsync(marta.Id, Id(), marta.CampaignId, Id(), "x"));
                else if (n % 3 == 1)
                    Assert.IsType<MessageOutcome.Unseen>(await scene.Messages.FromAgentAsync(marta.Id, lili.Id, "Lili", Id(), "x", shown));
                else
                    Assert.Contains(await scene.LogAsync(marta), message => message.Text == "wait, one more thing");
        })).WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task An_agent_who_has_not_been_shown_the_contacts_last_words_is_told_first()
    {
        var (_, lili, marta) = await AttendedAsync();
        var shown = (await scene.ReloadAsync(marta)).Seq;
        await Writes(marta, "wait, one more thing");
        var id = Id();

        Assert.IsType<MessageOutcome.Unseen>(
            await scene.Messages.FromAgentAsync(marta.Id, lili.Id, "Lili", id, "answer", shown));
        Assert.IsType<MessageOutcome.Accepted>(
            await scene.Messages.FromAgentAsync(marta.Id, lili.Id, "Lili", id, "answer", shown + 1));
    }

    [Fact]
    public async Task Marks_only_grow_and_never_past_the_log()
    {
        var (_, lili, marta) = await AttendedAsync();
        await Writes(marta, "hello");
        var head = (await scene.ReloadAsync(marta)).Seq;

        await scene.Messages.AgentReceiptAsync(marta.Id, lili.Id, head + 1000, head);
        await scene.Messages.AgentReceiptAsync(marta.Id, lili.Id, 1, 1);
        await scene.Messages.ContactReceiptAsync(marta.Id, marta.ContactId, 2, 1);
        await scene.Messages.ContactReceiptAsync(marta.Id, Id(), head, head);

        var after = await scene.ReloadAsync(marta);
        Assert.Equal(new Marks(2, 1, head, head), after.Marks);
        Assert.Equal(0, after.Unread);
        Assert.NotNull(after.OpenedAt);
    }
}
