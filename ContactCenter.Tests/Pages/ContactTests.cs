using System.Net;
using System.Text.RegularExpressions;
using ContactCenter.Channels.WebChat;
using ContactCenter.Domain;
using ContactCenter.Pages.Contacts;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Tests.Pages;

public sealed partial class ContactTests(Desk desk) : IClassFixture<Desk>
{
    private static string Words(Answer answer) => WebUtility.HtmlDecode(answer.Text);

    private static string VersionOf(Answer panel) => Version().Match(panel.Text).Groups["version"].Value;

    [Fact]
    public async Task The_profile_is_saved_and_whoever_saves_over_it_is_told_first()
    {
        var marta = await desk.PutAsync(ConversationState.Attending, Cast.Lili);
        using var lili = await desk.SignInAsync(Cast.Lili);
        var panel = await lili.GetAsync($"/contacts/{marta.ContactId}/panel");
        var version = VersionOf(panel);

        var saved = await lili.PostAsync($"/contacts/{marta.ContactId}",
            ("name", "Marta R."), ("email", "marta@rodriguez.uy"), ("company", "Rodríguez e Hijos"), ("version", version));
        Assert.Equal(200, saved.Status);
        Assert.Contains("Saved", saved.Text);
        var contact = await desk.WithAsync<Database, Contact>(database => database.Contacts.SingleAsync(c => c.Id == marta.ContactId));
        Assert.Equal(("Marta R.", "Rodríguez e Hijos"), (contact.Name, contact.Profile.Company));

        var late = await lili.PostAsync($"/contacts/{marta.ContactId}", ("name", "Somebody"), ("version", version));
        Assert.Equal(409, late.Status);
        Assert.Contains("value=\"Somebody\"", late.Text);
        var again = await lili.PostAsync($"/contacts/{marta.ContactId}", ("name", "Somebody"), ("version", VersionOf(late)));
        Assert.Equal(200, again.Status);
    }

    [Theory]
    [InlineData("", "marta@x.uy", "The name is needed.")]
    [InlineData("Marta", "nobody", "This is not an e-mail address.")]
    [InlineData("Marta", "a@b.c?subject=x&bcc=all@shop.example", "This is not an e-mail address.")]
    [InlineData("Marta", "a@shop.example,b@shop.example", "This is not an e-mail address.")]
    [InlineData("Mar\u0007ta", "marta@x.uy", "Text of at most 120 characters.")]
    public async Task What_is_wrong_is_said_beside_the_field(string name, string email, string problem)
    {
        var marta = await desk.PutAsync(ConversationState.Attending, Cast.Lili);
        using var lili = await desk.SignInAsync(Cast.Lili);
        var version = VersionOf(await lili.GetAsync($"/contacts/{marta.ContactId}/panel"));
        var answer = await lili.PostAsync($"/contacts/{marta.ContactId}", ("name", name), ("email", email), ("version", version));
        Assert.Equal(422, answer.Status);
        Assert.Contains(problem, Words(answer));
    }

    [Fact]
    public async Task The_longest_address_a_visitor_may_give_is_kept_when_an_agent_saves_the_profile()
    {
        var marta = await desk.PutAsync(ConversationState.Attending, Cast.Lili);
        var longest = $"marta@{string.Concat(Enumerable.Repeat(new string('a', 60) + ".", 4))}uy";
        Assert.InRange(longest.Length, IndexPage.Longest + 1, StartForm.MaxEmail);
        await desk.WithAsync<Database>(database => database.Contacts.Where(c => c.Id == marta.ContactId)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.Email, longest)));
        using var lili = await desk.SignInAsync(Cast.Lili);
        var version = VersionOf(await lili.GetAsync($"/contacts/{marta.ContactId}/panel"));
        var answer = await lili.PostAsync($"/contacts/{marta.ContactId}", ("name", "Marta R."), ("email", longest), ("version", version));
        Assert.Equal(200, answer.Status);
    }

    [Fact]
    public async Task What_was_stored_before_becomes_one_addressee_and_one_number_and_nothing_more()
    {
        var marta = await desk.PutAsync(ConversationState.Attending, Cast.Lili);
        await desk.WithAsync<Database>(database => database.Contacts.Where(c => c.Id == marta.ContactId).ExecuteUpdateAsync(set => set
            .SetProperty(c => c.Email, "a@b.c?subject=hi&bcc=all@shop.example").SetProperty(c => c.Phone, "+598 99 123;ext=1?x")));
        using var lili = await desk.SignInAsync(Cast.Lili);
        var page = (await lili.GetAsync($"/conversations/{marta.Id}")).Text;
        Assert.Contains("href=\"mailto:a%40b.c%3Fsubject%3Dhi%26bcc%3Dall@shop.example\"", page);
        Assert.Contains("href=\"tel:&#x2B;59899123\"", page.Replace("tel:+", "tel:&#x2B;", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_note_sent_twice_is_written_once_and_read_by_whoever_attends_next()
    {
        var marta = await desk.PutAsync(ConversationState.Finished, Cast.Lili);
        using var lili = await desk.SignInAsync(Cast.Lili);
        using var omar = await desk.SignInAsync(Cast.Omar);
        var id = Desk.Id().ToString();
        for (var time = 0; time < 2; time++)
            Assert.Equal(200, (await lili.PostAsync($"/contacts/{marta.ContactId}/annotations", ("id", id), ("text", "Likes tea <b>"))).Status);
        var notes = (await omar.GetAsync($"/contacts/{marta.ContactId}/panel?tab=notes")).Text;
        Assert.Equal(2, notes.Split("Likes tea &lt;b&gt;").Length);
        Assert.Equal(422, (await lili.PostAsync($"/contacts/{marta.ContactId}/annotations", ("id", id), ("text", "  "))).Status);
        Assert.Equal(422, (await lili.PostAsync($"/contacts/{marta.ContactId}/annotations", ("id", id), ("text", new string('x', 2001)))).Status);
    }

    [Fact]
    public async Task A_contact_out_of_reach_is_not_there()
    {
        var marta = await desk.PutAsync(ConversationState.Finished, Cast.Lili);
        using var omar = await desk.SignInAsync(Cast.Omar);
        using var ines = await desk.SignInAsync(Cast.Ines);
        Assert.Equal(200, (await omar.GetAsync($"/contacts/{marta.ContactId}/panel?tab=history")).Status);
        Assert.Equal(404, (await ines.GetAsync($"/contacts/{marta.ContactId}/panel")).Status);
        Assert.Equal(404, (await ines.PostAsync($"/contacts/{marta.ContactId}", ("name", "Mallory"), ("version", "1"))).Status);
        Assert.Equal(404, (await ines.PostAsync($"/contacts/{marta.ContactId}/annotations", ("id", Desk.Id().ToString()), ("text", "x"))).Status);
        Assert.Equal(404, (await omar.GetAsync($"/contacts/{Desk.Id()}/panel")).Status);
    }

    [Fact]
    public async Task The_history_tells_what_an_agent_noted_from_what_was_said_last()
    {
        var unnoted = await desk.PutAsync(
            ConversationState.Finished, Cast.Omar, "Nadia Noted", ago: TimeSpan.FromHours(1));
        var contact = unnoted.ContactId;
        var noted = await desk.PutAsync(
            ConversationState.Finished, Cast.Omar, contactId: contact, ago: TimeSpan.FromHours(2));
        await desk.WithAsync<Database>(database => database.Conversations
            .Where(c => c.Id == noted.Id).ExecuteUpdateAsync(set => set.SetProperty(c => c.Note, "Wants it blue")));
        var asked = await desk.PutAsync(ConversationState.Attending, Cast.Lili, contactId: contact);
        using var lili = await desk.SignInAsync(Cast.Lili);
        foreach (var (tag, noun, last) in new[]
        {
            ("en", "Note: Wants it blue", "Last message: message 3"),
            ("es", "Nota: Wants it blue", "Último mensaje: message 3"),
            ("pt", "Nota: Wants it blue", "Última mensagem: message 3"),
        })
        {
            var rows = Words(await lili.Language(tag).GetAsync("/history"));
            Assert.Contains($">{last}</span>", rows);
            Assert.Contains(">Wants it blue<", rows);
            // In the panel no heading says which of the two it is.
            var past = Words(await lili.GetAsync($"/contacts/{contact}/panel?tab=history&conversation={asked.Id}"));
            Assert.Contains(noun, past);
            Assert.Contains(last, past);
        }
    }

    [Fact]
    public async Task The_history_shows_what_is_finished_within_reach_a_page_at_a_time()
    {
        for (var n = 0; n < 52; n++) await desk.PutAsync(ConversationState.Finished, Cast.Omar, $"Past {n:00}", messages: 1, ago: TimeSpan.FromDays(2) + TimeSpan.FromMinutes(n));
        using var lili = await desk.SignInAsync(Cast.Lili);
        using var ines = await desk.SignInAsync(Cast.Ines);
        var first = Words(await lili.GetAsync("/history"));
        var next = Next().Match(first).Groups["next"].Value;
        Assert.NotEmpty(next);
        Assert.Contains("Past 00", first);
        var second = Words(await lili.GetAsync(next));
        Assert.Contains("Past 51", second);
        Assert.DoesNotContain("Past 00", second);
        Assert.Equal(53, (first + second).Split("<td class=\"who\">Past ").Length);
        Assert.Contains("Nothing finished yet", Words(await ines.GetAsync("/history")));
    }

    [GeneratedRegex("name=\"version\" value=\"(?<version>\\d+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Version();

    [GeneratedRegex("rel=\"next\" href=\"(?<next>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Next();
}
