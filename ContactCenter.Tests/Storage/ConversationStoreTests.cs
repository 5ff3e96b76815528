using ContactCenter.Domain;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Tests.Storage;

public sealed class ConversationStoreTests(Scene scene) : IClassFixture<Scene>
{
    private static Guid Id() => Ids.New(TimeProvider.System);

    private Task<Campaign> CampaignAsync(Action<CampaignSettings>? set = null) =>
        scene.CampaignAsync($"c{Id():N}"[..20], set);

    [Fact]
    public async Task A_start_sent_again_finds_the_first()
    {
        var campaign = await CampaignAsync();
        var start = Id();

        var started = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => scene.StartAsync(
            campaign, start, null, new ContactDetails("Marta", "marta@rodriguez.uy", null), "es", "Hola")));

        Assert.Single(started.Select(c => c.Id).Distinct());
        Assert.Equal(1, await scene.ReadAsync(db => db.Conversations.CountAsync(c => c.CampaignId == campaign.Id)));
        Assert.Single(await scene.LogAsync(started[0]), m => m.Text == "Hola");
    }

    [Fact]
    public async Task A_contact_has_one_open_conversation_in_a_campaign_and_another_after_it_ended()
    {
        var campaign = await CampaignAsync();
        var first = await scene.VisitorAsync("Marta");
        var details = new ContactDetails("Marta", null, null);

        var again = await scene.StartAsync(campaign, Id(), first.ContactId, details, "es", null);
        await scene.Conversations.LeaveAsync(first.Id);
        var later = await scene.StartAsync(campaign, Id(), first.ContactId, details, "es", null);

        Assert.Equal(first.Id, again.Id);
        Assert.NotEqual(first.Id, later.Id);
        Assert.Equal(first.ContactId, later.ContactId);
        Assert.True(later.Ticket > first.Ticket);
    }

    [Fact]
    public async Task The_log_begins_with_the_welcome_in_the_visitors_language_and_names_the_ticket()
    {
        await CampaignAsync(settings => settings.Welcome = new LocalText { Es = "Hola {contact}, tu número es {ticket}." });

        var marta = await scene.VisitorAsync("Marta {ticket}");

        var log = await scene.LogAsync(marta);
        Assert.Equal(
            [Author.Event, Author.Campaign, Author.Contact], log.Select(m => m.Author));
        Assert.Equal($"Hola Marta {{ticket}}, tu número es #{marta.Ticket}.", log[1].Text);
    }

    [Fact]
    public async Task Pause_resume_and_finish_are_events_with_their_actor_and_keep_the_ticket()
    {
        await CampaignAsync(settings => settings.Closing = new LocalText { Es = "Gracias por escribirnos." });
        var lili = await scene.AgentAsync($"Lili{Id():N}");
        var marta = await scene.VisitorAsync("Marta");
        await scene.AssignAsync();

        await scene.Conversations.PauseAsync(marta.Id, lili.Id, "Lili");
        Assert.Equal(ConversationState.Paused, (await scene.ReloadAsync(marta)).State);
        await scene.Conversations.ResumeAsync(marta.Id, lili.Id, "Lili");
        await scene.Conversations.FinishAsync(marta.Id, lili.Id, "Lili", "Invoice corrected");

        var finished = await scene.ReloadAsync(marta);
        var log = await scene.LogAsync(marta);
        Assert.Equal((ConversationState.Finished, Ending.Completed), (finished.State, finished.Ending));
        Assert.Equal(("Invoice corrected", marta.Ticket), (finished.Note, finished.Ticket));
        Assert.Equal(
            [EventKind.Queued, EventKind.Assigned, EventKind.Paused, EventKind.Resumed, EventKind.Finished],
            log.Where(m => m.Event is not null).Select(m => m.Event!.Value));
        Assert.Equal("Gracias por escribirnos.", log[^1].Text);
        Assert.Equal(log.Count, finished.Seq);
    }

    [Fact]
    public async Task A_colleague_cannot_finish_it_and_nothing_is_written()
    {
        await CampaignAsync();
        await scene.AgentAsync($"Lili{Id():N}");
        var marta = await scene.VisitorAsync("Marta");
        await scene.AssignAsync();
        var omar = await scene.AgentAsync($"Omar{Id():N}");
        var before = await scene.LogAsync(marta);

        var outcome = await scene.Conversations.FinishAsync(marta.Id, omar.Id, "Omar", null);

        Assert.Equal(Refusal.NotYours, Assert.IsType<TransitionOutcome.Refused>(outcome).Why);
        Assert.Equal(before.Count, (await scene.LogAsync(marta)).Count);
    }

    [Fact]
    public async Task A_finish_clicked_twice_finishes_once()
    {
        await CampaignAsync();
        var lili = await scene.AgentAsync($"Lili{Id():N}");
        var marta = await scene.VisitorAsync("Marta");
        await scene.AssignAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ =>
            scene.Conversations.FinishAsync(marta.Id, lili.Id, "Lili", null)));

        Assert.Single(outcomes.OfType<TransitionOutcome.Changed>());
        Assert.Single(await scene.LogAsync(marta), m => m.Event == EventKind.Finished);
    }
}
