using System.Net;
using ContactCenter.Domain;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Tests.Pages;

public sealed class InboxTests(Desk desk) : IClassFixture<Desk>
{
    private static string Words(Answer answer) => WebUtility.HtmlDecode(answer.Text);

    [Fact]
    public async Task What_waits_is_shared_and_what_is_attended_is_ones_own()
    {
        await desk.PutAsync(ConversationState.Waiting, contact: "Waldo Waits");
        await desk.PutAsync(ConversationState.Attending, Cast.Lili, "Lola of Lili");
        await desk.PutAsync(ConversationState.Attending, Cast.Omar, "Olga of Omar");
        using var lili = await desk.SignInAsync(Cast.Lili);
        using var omar = await desk.SignInAsync(Cast.Omar);

        Assert.Contains("Waldo Waits", Words(await lili.GetAsync("/inbox/list?tab=waiting")));
        Assert.Contains("Waldo Waits", Words(await omar.GetAsync("/inbox/list?tab=waiting")));
        var hers = Words(await lili.GetAsync("/inbox/list?tab=attending"));
        Assert.Contains("Lola of Lili", hers);
        Assert.DoesNotContain("Olga of Omar", hers);
        Assert.Contains("Olga of Omar", Words(await omar.GetAsync("/inbox/list")));
    }

    [Fact]
    public async Task An_agent_outside_the_campaign_sees_nobody_waiting()
    {
        await desk.PutAsync(ConversationState.Waiting, contact: "Nora Near");
        await desk.PutAsync(ConversationState.OutOfHours, contact: "Otto Off");
        using var omar = await desk.SignInAsync(Cast.Omar);
        using var ines = await desk.SignInAsync(Cast.Ines);
        using var sofia = await desk.SignInAsync(Cast.Sofia);

        Assert.Contains("Nora Near", Words(await omar.GetAsync("/inbox/list?tab=waiting")));
        Assert.Contains("Otto Off", Words(await omar.GetAsync("/inbox/list?tab=outofhours")));
        var outside = Words(await ines.GetAsync("/inbox/list?tab=waiting"));
        Assert.DoesNotContain("Nora Near", outside);
        Assert.Contains("Nobody is waiting", outside);
        Assert.Contains("Nora Near", Words(await sofia.GetAsync("/inbox/list?tab=waiting")));
    }

    [Theory]
    [InlineData("pERcy", true)]
    [InlineData("tienda", true)]
    [InlineData("tiénda", true)]
    [InlineData("pércý paused", true)]
    [InlineData("100%", false)]
    [InlineData("_", false)]
    public async Task Search_finds_contact_or_campaign_and_takes_signs_literally(string query, bool found)
    {
        await desk.PutAsync(ConversationState.Paused, Cast.Lili, "Percy Paused");
        using var lili = await desk.SignInAsync(Cast.Lili);
        // Before the bell, which lists what is pending whatever is searched.
        var list = Words(await lili.GetAsync($"/inbox/list?tab=paused&q={Uri.EscapeDataString(query)}")).Split("<hx-partial")[0];
        Assert.Equal(found, list.Contains("<span class=\"clip\">Percy Paused", StringComparison.Ordinal));
        Assert.Equal(!found, list.Contains("Nothing found", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_not_opened_yet_calls_for_attention_until_it_is_read()
    {
        var fresh = await desk.PutAsync(ConversationState.Attending, Cast.Omar, "Frida Fresh");
        using var omar = await desk.SignInAsync(Cast.Omar);
        Assert.Contains("not opened yet", Words(await omar.GetAsync("/inbox/list")));
        await omar.PostAsync($"/conversations/{fresh.Id}/receipts", ("delivered", "4"), ("read", "4"));
        Assert.Equal(0, (await desk.ReloadAsync(fresh)).Unread);
        Assert.NotNull((await desk.ReloadAsync(fresh)).OpenedAt);
    }

    [Fact]
    public async Task Every_page_of_the_workspace_asks_who_you_are()
    {
        using var stranger = desk.Open();
        foreach (var path in (string[])["/inbox", "/inbox/list", "/inbox/kpis", "/inbox/pane", "/history", $"/conversations/{Desk.Id()}"])
            Assert.True((await stranger.GetAsync(path)).Status is 302 or 401, path);
    }

    [Fact]
    public async Task The_switch_is_turned_by_an_agent_and_by_nobody_else()
    {
        using var ines = await desk.SignInAsync(Cast.Ines);
        ines.Htmx();
        Assert.Contains("aria-checked=\"true\"", (await ines.PostAsync("/availability", ("accepting", "true"))).Text);
        Assert.Contains("aria-checked=\"true\"", (await ines.GetAsync("/inbox/kpis")).Text);
        Assert.Contains("aria-checked=\"false\"", (await ines.PostAsync("/availability", ("accepting", "false"))).Text);
        Assert.Equal(422, (await ines.PostAsync("/availability", ("accepting", "perhaps"))).Status);
        Assert.Equal(400, (await ines.PostWithoutTokenAsync("/availability", ("accepting", "true"))).Status);
        using var sofia = await desk.SignInAsync(Cast.Sofia);
        Assert.True((await sofia.PostAsync("/availability", ("accepting", "true"))).Status is 302 or 403);
    }

    [Fact]
    public async Task A_break_reason_that_is_gone_from_an_open_menu_changes_nothing_and_says_so()
    {
        var lunch = new BreakReason { Id = Desk.Id(), Name = "Long lunch", Icon = "coffee" };
        var coffee = new BreakReason { Id = Desk.Id(), Name = "Short coffee", Icon = "coffee" };
        await desk.WithAsync<Database>(database => database.InsertAsync(lunch, coffee));
        using var omar = await desk.SignInAsync(Cast.Omar);
        omar.Htmx();
        Assert.Contains("Long lunch", (await omar.PostAsync("/availability", ("accepting", "true"))).Text);
        await desk.WithAsync<Database>(database => database.ChangeAsync<BreakReason>(lunch.Id, reason => reason.Active = false));

        var refused = await omar.PostAsync("/availability", ("accepting", "false"), ("reason", lunch.Id.ToString()));
        Assert.Equal(409, refused.Status);
        Assert.Contains("This reason is not offered any more", refused.Text);
        Assert.Contains("aria-checked=\"true\"", refused.Text);
        Assert.DoesNotContain("Long lunch", refused.Text);
        Assert.Contains("Short coffee", refused.Text);

        omar.Headers.Remove("HX-Request");
        var plain = await omar.PostAsync("/availability", ("reason", lunch.Id.ToString()));
        Assert.Equal(409, plain.Status);
        Assert.Contains("This reason is not offered any more", plain.Text);
        Assert.Contains("aria-checked=\"true\"", (await omar.GetAsync("/inbox")).Text);
        omar.Htmx();
        await omar.PostAsync("/availability", ("accepting", "false"));
    }

    [Theory]
    [InlineData("es", "Nadie espera")]
    [InlineData("pt", "Ninguém está esperando")]
    public async Task The_inbox_speaks_the_language_of_the_browser(string language, string words)
    {
        using var ines = await desk.SignInAsync(Cast.Ines);
        Assert.Contains(words, Words(await ines.Language(language).GetAsync("/inbox/list?tab=waiting")));
    }

    /// <summary>A conversation of Lili's that was assigned this long ago and is not answered yet.</summary>
    private async Task<Conversation> UnansweredAsync(string contact, TimeSpan ago)
    {
        var conversation = await desk.PutAsync(ConversationState.Attending, Cast.Lili, contact);
        var at = desk.Clock.GetUtcNow() - ago;
        await desk.WithAsync<Database>(database => database.Conversations.Where(c => c.Id == conversation.Id).ExecuteUpdateAsync(set => set
            .SetProperty(c => c.AssignedAt, at).SetProperty(c => c.AnsweredAt, (DateTimeOffset?)null)));
        return conversation;
    }

    [Fact]
    public async Task A_minute_before_it_goes_back_the_row_the_pane_and_the_bell_of_other_pages_say_so_and_Lili_is_still_here()
    {
        var early = await UnansweredAsync("Emil Early", TimeSpan.FromSeconds(200));
        var late = await UnansweredAsync("Lena Late", TimeSpan.FromSeconds(245));
        using var lili = await desk.SignInAsync(Cast.Lili);
        using var sofia = await desk.SignInAsync(Cast.Sofia);
        string[] places = ["/inbox/list", $"/conversations/{late.Id}/frame", "/inbox/bell"];
        foreach (var place in places)
        {
            var shown = Words(await lili.GetAsync(place));
            Assert.Contains($"action=\"/conversations/{late.Id}/presence\"", shown);
            Assert.Contains("Still here", shown);
            Assert.DoesNotContain($"/conversations/{early.Id}/presence", shown);
        }
        Assert.DoesNotContain("/presence", Words(await sofia.GetAsync($"/conversations/{late.Id}/frame")));

        Assert.Equal(409, (await sofia.PostAsync($"/conversations/{late.Id}/presence")).Status);
        Assert.Null((await desk.ReloadAsync(late)).AnswerFrom);
        // Without JavaScript: back at the conversation.
        var answer = await lili.PostAsync($"/conversations/{late.Id}/presence");
        Assert.Equal((302, $"/conversations/{late.Id}"), (answer.Status, answer.Location));
        Assert.NotNull((await desk.ReloadAsync(late)).AnswerFrom);
        foreach (var place in places) Assert.DoesNotContain("/presence", Words(await lili.GetAsync(place)));
    }

    [Fact]
    public async Task With_Lilis_answer_the_warning_is_gone_everywhere()
    {
        var held = await UnansweredAsync("Ana Answered", TimeSpan.FromSeconds(245));
        using var lili = await desk.SignInAsync(Cast.Lili);
        string[] places = ["/inbox/list", $"/conversations/{held.Id}/frame", "/inbox/bell"];
        var warning = $"/conversations/{held.Id}/presence";
        foreach (var place in places) Assert.Contains(warning, Words(await lili.GetAsync(place)));

        (string, string?)[] answer = [("id", $"{Desk.Id()}"), ("text", "Hola"), ("seen", "9")];
        Assert.Equal(200, (await lili.PostAsync($"/conversations/{held.Id}/messages", answer)).Status);

        foreach (var place in places) Assert.DoesNotContain(warning, Words(await lili.GetAsync(place)));
    }

    [Fact]
    public async Task A_live_page_is_told_when_the_minute_begins()
    {
        var held = await UnansweredAsync("Nora Nudge", TimeSpan.FromSeconds(237));
        using var lili = await desk.SignInAsync(Cast.Lili);
        Assert.DoesNotContain("/presence", Words(await lili.GetAsync($"/conversations/{held.Id}/frame")));
        using var stream = await Listener.OpenAsync(lili, $"/inbox/stream?conversation={held.Id}");
        await stream.HearsAsync("event: state");

        await Eventually.Holds("the pane is read again", () => stream.Heard.Split("event: state\n").Length - 1 >= 2);
        Assert.Contains("/presence", Words(await lili.GetAsync($"/conversations/{held.Id}/frame")));
    }

    [Fact]
    public async Task What_went_back_to_the_queue_is_said_in_the_bell_until_it_is_theirs_again_or_a_while_ago()
    {
        var gone = await UnansweredAsync("Gustavo Gone", TimeSpan.FromSeconds(290));
        using var lili = await desk.SignInAsync(Cast.Lili);
        using var omar = await desk.SignInAsync(Cast.Omar);
        Assert.DoesNotContain("Gustavo Gone went back", Words(await lili.GetAsync("/inbox/bell")));
        var id = await desk.IdOfAsync(Cast.Lili);
        await desk.WithAsync<ConversationStore>(conversations => conversations.ReturnAsync(gone.Id, id, "Lili", unanswered: true));
        foreach (var place in (string[])["/inbox", "/inbox/bell"])
            Assert.Contains("Gustavo Gone went back to the queue: there was no answer in time.", Words(await lili.GetAsync(place)));
        Assert.DoesNotContain("Gustavo Gone went back", Words(await omar.GetAsync("/inbox/bell")));

        await SetHolderAsync(gone, id);
        Assert.DoesNotContain("Gustavo Gone went back", Words(await lili.GetAsync("/inbox/bell")));
        await SetHolderAsync(gone, null);
        Assert.Contains("Gustavo Gone went back", Words(await lili.GetAsync("/inbox/bell")));
        await desk.WithAsync<Database>(database => database.Messages.Where(m => m.ConversationId == gone.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.At, m => m.At.AddMinutes(-11))));
        Assert.DoesNotContain("Gustavo Gone went back", Words(await lili.GetAsync("/inbox/bell")));
    }

    private Task SetHolderAsync(Conversation conversation, Guid? agent) => desk.WithAsync<Database>(database =>
        database.Conversations.Where(c => c.Id == conversation.Id).ExecuteUpdateAsync(set => set
            .SetProperty(c => c.AgentId, agent)
            .SetProperty(c => c.State, agent is null ? ConversationState.Waiting : ConversationState.Attending)));

    [Fact]
    public async Task A_shorter_time_for_the_answer_begins_with_the_warning_also_for_whom_it_would_be_over()
    {
        var held = await UnansweredAsync("Sara Shorter", TimeSpan.FromSeconds(200));
        using var lili = await desk.SignInAsync(Cast.Lili);
        Assert.DoesNotContain("/presence", Words(await lili.GetAsync($"/conversations/{held.Id}/frame")));
        await SetAnswerWithinAsync(held, 100);
        var due = (await desk.ReloadAsync(held)).AnswerFrom!.Value.AddSeconds(100);
        Assert.InRange((due - desk.Clock.GetUtcNow()).TotalSeconds, 45, 50);
        Assert.Contains("/presence", Words(await lili.GetAsync($"/conversations/{held.Id}/frame")));
        // A longer one warns nobody of what is not so.
        await SetAnswerWithinAsync(held, 300);
        Assert.DoesNotContain("/presence", Words(await lili.GetAsync($"/conversations/{held.Id}/frame")));
    }

    private Task SetAnswerWithinAsync(Conversation conversation, int seconds) => desk.WithAsync<CampaignStore>(async campaigns =>
    {
        var above = new Viewer(Desk.Id(), "above", Supervises: true);
        var record = (await campaigns.FindAsync(above, conversation.CampaignId, default))!;
        await campaigns.SaveAsync(above, conversation.CampaignId, record.Campaign.Version,
            campaign => campaign.Settings.AnswerWithinSeconds = seconds, [], default);
    });
}
