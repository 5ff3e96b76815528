using System.Net;
using ContactCenter.Domain;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Tests.Pages;

public sealed class ConversationTests(Desk desk) : IClassFixture<Desk>
{
    private static string Words(Answer answer) => WebUtility.HtmlDecode(answer.Text);

    private static Task<Answer> Says(Browserless agent, Conversation conversation, string text, int seen = 1000, Guid? id = null) =>
        agent.PostAsync($"/conversations/{conversation.Id}/messages",
            ("id", (id ?? Desk.Id()).ToString()), ("text", text), ("seen", seen.ToString()));

    [Fact]
    public async Task Its_holder_opens_it_by_its_address_and_may_write()
    {
        var marta = await desk.PutAsync(ConversationState.Attending, Cast.Lili);
        using var lili = await desk.SignInAsync(Cast.Lili);
        var page = Words(await lili.GetAsync($"/conversations/{marta.Id}"));
        Assert.Contains("Marta Rodríguez", page);
        Assert.Contains("data-composer", page);
        Assert.Contains("waited 0:24", page);
        Assert.StartsWith("<div id=\"pane\"", (await lili.GetAsync($"/conversations/{marta.Id}/pane")).Text.Trim());
    }

    [Fact]
    public async Task What_a_colleague_attends_is_theirs_alone_and_what_is_finished_is_read_only()
    {
        var attended = await desk.PutAsync(ConversationState.Attending, Cast.Lili);
        var finished = await desk.PutAsync(ConversationState.Finished, Cast.Lili);
        using var omar = await desk.SignInAsync(Cast.Omar);
        Assert.Equal(404, (await omar.GetAsync($"/conversations/{attended.Id}")).Status);
        Assert.Equal(404, (await omar.GetAsync($"/conversations/{attended.Id}/pane")).Status);
        var read = await omar.GetAsync($"/conversations/{finished.Id}");
        Assert.Equal(200, read.Status);
        Assert.DoesNotContain("data-composer", read.Text);
    }

    [Theory]
    [InlineData(ConversationState.Waiting)]
    [InlineData(ConversationState.Attending)]
    [InlineData(ConversationState.Finished)]
    public async Task An_agent_outside_the_campaign_cannot_read_the_conversation(ConversationState state)
    {
        var conversation = await desk.PutAsync(state, state == ConversationState.Waiting ? null : Cast.Lili);
        using var lili = await desk.SignInAsync(Cast.Lili);
        using var ines = await desk.SignInAsync(Cast.Ines);
        foreach (var part in (string[])["", "/pane", "/frame", "/messages", "/timeline"])
        {
            Assert.Equal(200, (await lili.GetAsync($"/conversations/{conversation.Id}{part}")).Status);
            Assert.Equal(404, (await ines.GetAsync($"/conversations/{conversation.Id}{part}")).Status);
        }
        foreach (var verb in (string[])["pause", "resumption", "closure", "receipts", "typing", "messages"])
            Assert.Equal(404, (await ines.PostAsync($"/conversations/{conversation.Id}/{verb}", ("id", Desk.Id().ToString()), ("text", "hi"))).Status);
        Assert.Equal(state, (await desk.ReloadAsync(conversation)).State);
    }

    [Fact]
    public async Task The_lists_and_the_statements_agree_on_who_may_read_what()
    {
        foreach (var state in Enum.GetValues<ConversationState>())
            await desk.PutAsync(state, state is ConversationState.Waiting or ConversationState.OutOfHours ? null : Cast.Omar);
        foreach (var person in Cast.Staff)
        {
            var viewer = new Viewer(await desk.IdOfAsync(person), person.Name, person.Roles[0] != Roles.Agent);
            var all = await desk.WithAsync<Database, List<Guid>>(database => database.Conversations.Select(c => c.Id).ToListAsync());
            var reach = await desk.WithAsync<Database, List<Guid>>(database => database.ReadableBy(viewer).Select(c => c.Id).ToListAsync());
            Assert.True(person == Cast.Ines ? reach.Count == 0 : reach.Count > 0);
            foreach (var id in all)
                Assert.Equal(
                    reach.Contains(id),
                    await desk.WithAsync<DossierStore, bool>(async dossiers => await dossiers.FindAsync(viewer, id, default) is not null));
        }
    }

    [Fact]
    public async Task A_message_sent_twice_is_stored_once_and_answered_alike()
    {
        var marta = await desk.PutAsync(ConversationState.Attending, Cast.Lili);
        using var lili = await desk.SignInAsync(Cast.Lili);
        var id = Desk.Id();
        var first = await Says(lili, marta, "Hello *Marta* <b>", id: id);
        var second = await Says(lili, marta, "Hello *Marta* <b>", id: id);
        Assert.Equal((200, first.Text), (second.Status, second.Text));
        Assert.Contains("<b>Marta</b> &lt;b&gt;", first.Text);
        Assert.Contains($"data-client=\"{id}\"", first.Text);
        Assert.Equal(1, await desk.CountAsync(marta, "Hello *Marta* <b>"));
    }

    [Fact]
    public async Task Sending_says_so_first_when_the_contact_wrote_something_not_shown()
    {
        var marta = await desk.PutAsync(ConversationState.Attending, Cast.Lili, messages: 3);
        using var lili = await desk.SignInAsync(Cast.Lili);
        var refused = await Says(lili, marta, "unaware", seen: marta.LastContactSeq - 1);
        Assert.Equal(409, refused.Status);
        Assert.Contains("wrote meanwhile", refused.Text);
        Assert.Equal(0, await desk.CountAsync(marta, "unaware"));
        Assert.Equal(200, (await Says(lili, marta, "aware", seen: marta.LastContactSeq)).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   \n ")]
    [InlineData("a\0b")]
    public async Task A_text_that_is_none_is_refused(string text)
    {
        var marta = await desk.PutAsync(ConversationState.Attending, Cast.Lili);
        using var lili = await desk.SignInAsync(Cast.Lili);
        Assert.Equal(422, (await Says(lili, marta, text)).Status);
        Assert.Equal(422, (await Says(lili, marta, new string('x', MessageText.MaxLength + 1))).Status);
        Assert.Equal(422, (await lili.PostAsync($"/conversations/{marta.Id}/messages", ("id", "no id"), ("text", "hi"))).Status);
        Assert.Equal(400, (await lili.PostWithoutTokenAsync($"/conversations/{marta.Id}/messages", ("id", Desk.Id().ToString()), ("text", "hi"))).Status);
    }

    [Fact]
    public async Task Nobody_writes_in_a_finished_or_a_colleagues_conversation()
    {
        var finished = await desk.PutAsync(ConversationState.Finished, Cast.Lili);
        var attended = await desk.PutAsync(ConversationState.Attending, Cast.Lili);
        using var lili = await desk.SignInAsync(Cast.Lili);
        using var omar = await desk.SignInAsync(Cast.Omar);
        Assert.Equal(409, (await Says(lili, finished, "late")).Status);
        Assert.Equal(404, (await Says(omar, attended, "mine now")).Status);
        Assert.Equal(404, (await omar.PostAsync($"/conversations/{Desk.Id()}/messages", ("id", Desk.Id().ToString()), ("text", "x"))).Status);
        Assert.Equal(0, await desk.CountAsync(attended, "mine now"));
    }

    [Fact]
    public async Task A_pause_keeps_the_ticket_and_a_message_resumes_it()
    {
        var marta = await desk.PutAsync(ConversationState.Attending, Cast.Lili);
        using var lili = await desk.SignInAsync(Cast.Lili);
        Assert.Contains("id=\"resume\"", (await lili.PostAsync($"/conversations/{marta.Id}/pause")).Text);
        Assert.Equal(200, (await lili.PostAsync($"/conversations/{marta.Id}/pause")).Status);
        Assert.Equal(ConversationState.Paused, (await desk.ReloadAsync(marta)).State);
        Assert.Equal(200, (await Says(lili, marta, "back")).Status);
        Assert.Equal(ConversationState.Attending, (await desk.ReloadAsync(marta)).State);
        Assert.Equal(marta.Ticket, (await desk.ReloadAsync(marta)).Ticket);
        var timeline = Words(await lili.GetAsync($"/conversations/{marta.Id}/timeline"));
        Assert.Contains("Paused by Lili", timeline);
        Assert.Contains("Resumed by Lili", timeline);
    }

    [Fact]
    public async Task Finishing_keeps_the_note_and_answers_a_repeat_alike()
    {
        var marta = await desk.PutAsync(ConversationState.Attending, Cast.Lili);
        using var lili = await desk.SignInAsync(Cast.Lili);
        Assert.Contains("<dialog", (await lili.GetAsync($"/conversations/{marta.Id}/closure")).Text);
        Assert.Equal(422, (await lili.PostAsync($"/conversations/{marta.Id}/closure", ("note", new string('x', 2001)))).Status);
        Assert.Equal(422, (await lili.PostAsync($"/conversations/{marta.Id}/closure", ("note", "a\u0007b"))).Status);
        Assert.Equal(ConversationState.Attending, (await desk.ReloadAsync(marta)).State);

        var ended = await lili.PostAsync($"/conversations/{marta.Id}/closure", ("note", "Sent the invoice."));
        Assert.Contains("Sent the invoice.", ended.Text);
        Assert.DoesNotContain("data-composer", ended.Text);
        Assert.Equal(200, (await lili.PostAsync($"/conversations/{marta.Id}/closure", ("note", "Sent the invoice."))).Status);
        Assert.Equal(200, (await lili.PostAsync($"/conversations/{marta.Id}/closure")).Status);
        Assert.Equal("Sent the invoice.", (await desk.ReloadAsync(marta)).Note);
        Assert.Equal(409, (await lili.PostAsync($"/conversations/{marta.Id}/pause")).Status);
    }

    [Fact]
    public async Task A_note_about_a_conversation_that_its_contact_ended_meanwhile_is_kept()
    {
        var marta = await desk.PutAsync(ConversationState.Attending, Cast.Lili);
        using var lili = await desk.SignInAsync(Cast.Lili);
        using var omar = await desk.SignInAsync(Cast.Omar);
        await desk.WithAsync<ConversationStore, object?>(async conversations => await conversations.LeaveAsync(marta.Id));
        Assert.Equal(ConversationState.Finished, (await desk.ReloadAsync(marta)).State);

        Assert.Equal(409, (await omar.PostAsync($"/conversations/{marta.Id}/closure", ("note", "not mine"))).Status);
        Assert.Contains("Wants a refund.", (await lili.PostAsync($"/conversations/{marta.Id}/closure", ("note", "Wants a refund."))).Text);
        await lili.PostAsync($"/conversations/{marta.Id}/closure", ("note", "again"));
        Assert.Equal("Wants a refund.", (await desk.ReloadAsync(marta)).Note);
    }

    [Fact]
    public async Task Two_tabs_finish_with_notes_and_the_second_is_told_and_may_add_its_own_once()
    {
        var marta = await desk.PutAsync(ConversationState.Attending, Cast.Lili);
        var url = $"/conversations/{marta.Id}/closure";
        using var lili = await desk.SignInAsync(Cast.Lili);
        using var sofia = await desk.SignInAsync(Cast.Sofia);
        Assert.Equal(200, (await lili.PostAsync(url, ("note", "Sent the invoice."))).Status);

        var second = await lili.PostAsync(url, ("note", "Wants it by mail <too>"));
        Assert.Equal(409, second.Status);
        Assert.Contains("It is finished already, with another note", second.Text);
        Assert.Contains("<blockquote>Sent the invoice.</blockquote>", second.Text);
        Assert.Contains("Wants it by mail &lt;too&gt;</textarea>", second.Text);
        Assert.Equal("Sent the invoice.", (await desk.ReloadAsync(marta)).Note);

        Assert.Equal(422, (await lili.PostAsync(url, ("note", "a\u0007b"), ("adds", "true"))).Status);
        for (var tries = 0; tries < 2; tries++)
            Assert.Equal(200, (await lili.PostAsync(url, ("note", "Wants it by mail <too>"), ("adds", "true"))).Status);
        Assert.Equal(200, (await lili.PostAsync(url, ("note", "Wants it by mail <too>"))).Status);
        Assert.Equal(409, (await sofia.PostAsync(url, ("note", "not mine"), ("adds", "true"))).Status);
        Assert.Equal("Sent the invoice.\nWants it by mail <too>", (await desk.ReloadAsync(marta)).Note);
    }

    [Fact]
    public async Task A_note_about_a_conversation_that_was_taken_away_comes_back_to_be_kept_with_the_contact()
    {
        var marta = await desk.PutAsync(ConversationState.Attending, Cast.Omar);
        using var sofia = await desk.SignInAsync(Cast.Sofia);
        var refused = await sofia.PostAsync($"/conversations/{marta.Id}/closure", ("note", "Wants a refund."));
        Assert.Equal(409, refused.Status);
        Assert.Contains("not yours", refused.Text);
        Assert.Contains("Wants a refund.</textarea>", refused.Text);
        Assert.Contains($"hx-post=\"/contacts/{marta.ContactId}/annotations", refused.Text);
        Assert.Null((await desk.ReloadAsync(marta)).Note);
    }

    [Fact]
    public async Task Only_the_holder_pauses_and_finishes()
    {
        var waiting = await desk.PutAsync(ConversationState.Waiting);
        var attended = await desk.PutAsync(ConversationState.Attending, Cast.Lili);
        using var omar = await desk.SignInAsync(Cast.Omar);
        using var sofia = await desk.SignInAsync(Cast.Sofia);
        foreach (var verb in (string[])["pause", "resumption", "closure"])
        {
            Assert.Equal(409, (await omar.PostAsync($"/conversations/{waiting.Id}/{verb}")).Status);
            Assert.Equal(404, (await omar.PostAsync($"/conversations/{attended.Id}/{verb}")).Status);
            var refused = await sofia.PostAsync($"/conversations/{attended.Id}/{verb}");
            Assert.Equal(409, refused.Status);
            Assert.Contains("not yours", refused.Text);
        }
        Assert.Equal(404, (await sofia.PostAsync($"/conversations/{attended.Id}/typing")).Status);
        Assert.Equal(ConversationState.Attending, (await desk.ReloadAsync(attended)).State);
    }

    [Fact]
    public async Task Previous_messages_go_back_through_this_conversation_and_then_the_one_before()
    {
        var before = await desk.PutAsync(ConversationState.Finished, Cast.Omar, messages: 2, ago: TimeSpan.FromDays(3));
        var marta = await desk.PutAsync(ConversationState.Attending, Cast.Lili, messages: 30, contactId: before.ContactId);
        using var lili = await desk.SignInAsync(Cast.Lili);
        var page = (await lili.GetAsync($"/conversations/{marta.Id}")).Text;
        Assert.Contains("messages?before=12", page);
        Assert.DoesNotContain("id=\"m-11\"", page);
        var older = (await lili.GetAsync($"/conversations/{marta.Id}/messages?before=12")).Text;
        Assert.Contains("id=\"m-11\"", older);
        Assert.Contains($"messages?earlier={before.Id}", older);
        var earlier = (await lili.GetAsync($"/conversations/{marta.Id}/messages?earlier={before.Id}")).Text;
        Assert.Contains("class=\"earlier\"", earlier);
        Assert.DoesNotContain("id=\"m-", earlier);

        var other = await desk.PutAsync(ConversationState.Finished, Cast.Omar, "Somebody Else");
        Assert.Equal(404, (await lili.GetAsync($"/conversations/{marta.Id}/messages?earlier={other.Id}")).Status);
    }

    [Fact]
    public async Task Receipts_count_for_the_holder_only_and_never_go_below_nothing()
    {
        var marta = await desk.PutAsync(ConversationState.Attending, Cast.Lili);
        using var lili = await desk.SignInAsync(Cast.Lili);
        using var sofia = await desk.SignInAsync(Cast.Sofia);
        Assert.Equal(204, (await sofia.PostAsync($"/conversations/{marta.Id}/receipts", ("delivered", "4"), ("read", "4"))).Status);
        Assert.Equal(0, (await desk.ReloadAsync(marta)).StaffRead);
        Assert.Equal(204, (await lili.PostAsync($"/conversations/{marta.Id}/receipts", ("delivered", "999"), ("read", "999"))).Status);
        Assert.Equal(4, (await desk.ReloadAsync(marta)).StaffRead);
        Assert.Equal(422, (await lili.PostAsync($"/conversations/{marta.Id}/receipts", ("delivered", "-1"), ("read", "0"))).Status);
        Assert.Equal(204, (await lili.PostAsync($"/conversations/{marta.Id}/typing")).Status);
    }
}
