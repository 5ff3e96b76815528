using ContactCenter.Domain;
using ContactCenter.Storage;
using ContactCenter.Tests.Channels.WebChat;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;
using static ContactCenter.Tests.Support.Cast;

namespace ContactCenter.Tests.Pages;

public sealed class AssignmentPageTests(ChatApp app) : IClassFixture<ChatApp>
{
    [Fact]
    public async Task Lili_takes_a_message_left_out_of_hours_and_nobody_else_may()
    {
        var left = await LeftAsync();
        await JoinAsync(Lili, accepting: false);
        using var lili = await app.SignInAsync(Lili);
        Assert.Contains("Answer it now", (await lili.GetAsync($"/conversations/{left}/pane")).Text);

        var refused = await lili.PostAsync($"/conversations/{left}/assignment");
        Assert.Equal(409, refused.Status);
        Assert.Contains("you are not available", refused.Text);

        await app.WithAsync<AgentStore>(async agents => await agents.SetAcceptingAsync(await app.IdOfAsync(Lili), true));
        var taken = await lili.PostAsync($"/conversations/{left}/assignment");
        Assert.Equal(200, taken.Status);
        Assert.Contains("data-composer", taken.Text);

        using var omar = await app.SignInAsync(Omar);
        Assert.Equal(404, (await omar.PostAsync($"/conversations/{left}/assignment")).Status);
        using var sofia = await app.SignInAsync(Sofia);
        Assert.Equal(403, (await sofia.Htmx().PostAsync($"/conversations/{left}/assignment")).Status);
        Assert.Equal(404, (await lili.PostAsync($"/conversations/{Ids.New(app.Clock)}/assignment")).Status);
    }

    [Fact]
    public async Task Where_agents_take_one_gets_it_and_the_other_is_told_who_has_it()
    {
        await JoinAsync(Lili, accepting: true);
        await JoinAsync(Ines, accepting: true);
        var waiting = await WaitingAsync(Eligibility.RingAllMultiple);
        using var lili = await app.SignInAsync(Lili);
        using var ines = await app.SignInAsync(Ines);
        Assert.Contains("Take it", (await lili.GetAsync($"/conversations/{waiting}/pane")).Text);
        Assert.Contains("""data-alerts="1""", (await ines.GetAsync("/inbox/list")).Text);

        var answers = await Task.WhenAll(
            lili.PostAsync($"/conversations/{waiting}/assignment"), ines.PostAsync($"/conversations/{waiting}/assignment"));

        var (winner, name) = answers[0].Status == 200 ? (lili, "Lili") : (ines, "Inés");
        Assert.Equal([200, 409], answers.Select(answer => (int)answer.Status).Order());
        Assert.Contains($"{name} has it already.", System.Net.WebUtility.HtmlDecode(answers.Single(answer => answer.Status == 409).Text));
        // The answer was lost and the winner asks again.
        var again = await winner.PostAsync($"/conversations/{waiting}/assignment");
        Assert.Equal(200, again.Status);
        Assert.Contains("data-composer", again.Text);

        var assigned = await WaitingAsync(Eligibility.NoCall);
        Assert.DoesNotContain("Take it", (await winner.GetAsync($"/conversations/{assigned}/pane")).Text);
    }

    private async Task<Guid> WaitingAsync(Eligibility eligibility)
    {
        var campaign = await app.WithAsync<Database, Campaign>(async database =>
        {
            var sales = await database.Campaigns.SingleAsync(c => c.Key == "sales");
            sales.Settings.Eligibility = eligibility;
            sales.Settings.Hours.Intervals = [];
            await database.SaveChangesAsync();
            return sales;
        });
        var outcome = await app.WithAsync<ConversationStore, StartOutcome>(conversations => conversations.StartAsync(
            campaign.Id, Ids.New(app.Clock), null, new ContactDetails("Marta", "marta@rodriguez.uy", null), "es", "Hola"));
        return Assert.IsType<StartOutcome.Started>(outcome).Conversation.Id;
    }

    private async Task<Guid> LeftAsync()
    {
        var campaign = await app.WithAsync<Database, Campaign>(async database =>
        {
            var sales = await database.Campaigns.SingleAsync(c => c.Key == "sales");
            var now = TimeOnly.FromDateTime(app.Clock.GetUtcNow().UtcDateTime);
            sales.Settings.OfflineMessages = true;
            sales.Settings.Hours.Intervals =
                [new() { Days = [.. Enum.GetValues<DayOfWeek>()], From = now.AddHours(2), To = now.AddHours(3) }];
            await database.SaveChangesAsync();
            return sales;
        });
        var outcome = await app.WithAsync<ConversationStore, StartOutcome>(conversations => conversations.StartAsync(
            campaign.Id, Ids.New(app.Clock), null, new ContactDetails("Marta", "marta@rodriguez.uy", null), "es", "Hola", offline: true));
        return Assert.IsType<StartOutcome.Started>(outcome).Conversation.Id;
    }

    private Task JoinAsync(Person person, bool accepting) => app.WithAsync<Database>(async database =>
    {
        var user = await app.IdOfAsync(person);
        if (await database.Agents.FindAsync(user) is not { } agent)
            database.Add(agent = new Agent { UserId = user, Since = app.Clock.GetUtcNow() });
        agent.Accepting = accepting;
        agent.SeenAt = app.Clock.GetUtcNow();
        var sales = await database.Campaigns.SingleAsync(c => c.Key == "sales");
        if (await database.Members.FindAsync(sales.Id, user) is null) database.Add(new Member { CampaignId = sales.Id, UserId = user });
        await database.SaveChangesAsync();
    });
}
