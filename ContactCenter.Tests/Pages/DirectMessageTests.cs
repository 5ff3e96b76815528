using System.Net;
using ContactCenter.Domain;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Tests.Pages;

public sealed class DirectMessageTests(Desk desk) : IClassFixture<Desk>
{
    private static string Words(Answer answer) => WebUtility.HtmlDecode(answer.Text);

    private static (string Name, string? Value)[] Form(string text, Guid? id = null) => [("id", (id ?? Desk.Id()).ToString()), ("text", text)];

    private Task<int> StoredAsync(string text) =>
        desk.WithAsync<Database, int>(database => database.DirectMessages.CountAsync(message => message.Text == text));

    [Fact]
    public async Task A_supervisor_writes_to_an_agent_who_sees_it_and_answers()
    {
        var (sofiaId, liliId) = (await desk.IdOfAsync(Cast.Sofia), await desk.IdOfAsync(Cast.Lili));
        using var sofia = await desk.SignInAsync(Cast.Sofia);
        using var lili = await desk.SignInAsync(Cast.Lili);
        Assert.Contains("Chat with Lili", Words(await sofia.GetAsync($"/supervision/agents/{liliId}")));
        Assert.Contains("Only the two of you", Words(await sofia.GetAsync($"/direct-messages/dialog/{liliId}")));
        Assert.Contains("Nobody has written to you", Words(await lili.GetAsync("/direct-messages")));

        Assert.Contains("<b>Go easy", Words(await sofia.Htmx().PostAsync($"/direct-messages/{liliId}", Form("<b>Go easy"))));
        Assert.Contains("data-direct=\"1\"", Words(await lili.GetAsync("/direct-messages/unread")));
        Assert.Contains("Sofía wrote to you", Words(await lili.GetAsync("/direct-messages/unread")));

        var opened = await lili.GetAsync("/direct-messages/dialog");
        Assert.Contains("&lt;b&gt;Go easy", opened.Text);
        Assert.Contains("data-direct=\"0\"", Words(await lili.GetAsync("/direct-messages/unread")));
        Assert.Contains("Read", Words(await sofia.GetAsync($"/direct-messages/{liliId}/log")));

        Assert.Equal(200, (await lili.Htmx().PostAsync($"/direct-messages/{sofiaId}", Form("I will"))).Status);
        Assert.Contains("I will", Words(await sofia.GetAsync($"/direct-messages/{liliId}")));
    }

    [Fact]
    public async Task What_is_marked_is_shown_as_in_conversations_and_nothing_else_becomes_markup()
    {
        var (sofiaId, liliId) = (await desk.IdOfAsync(Cast.Sofia), await desk.IdOfAsync(Cast.Lili));
        using var sofia = await desk.SignInAsync(Cast.Sofia);
        using var lili = await desk.SignInAsync(Cast.Lili);
        const string Shown = "<b>urgente</b> &lt;i&gt;2*3*4&lt;/i&gt;";
        var sent = await sofia.Htmx().PostAsync($"/direct-messages/{liliId}", Form("*urgente* <i>2*3*4</i>"));
        Assert.Contains(Shown, sent.Text);
        foreach (var path in (string[])[$"{sofiaId}", $"dialog/{sofiaId}", $"{sofiaId}/log"])
            Assert.Contains(Shown, (await lili.GetAsync($"/direct-messages/{path}")).Text);
    }

    [Fact]
    public async Task Nobody_begins_a_talk_with_whom_they_do_not_supervise()
    {
        var (sofiaId, omarId, inesId) = (await desk.IdOfAsync(Cast.Sofia), await desk.IdOfAsync(Cast.Omar), await desk.IdOfAsync(Cast.Ines));
        using var omar = await desk.SignInAsync(Cast.Omar);
        using var sofia = await desk.SignInAsync(Cast.Sofia);
        foreach (var (person, other) in ((Browserless, Guid)[])[(omar, sofiaId), (omar, omarId), (omar, inesId), (sofia, inesId), (sofia, sofiaId), (sofia, Desk.Id())])
        {
            Assert.Equal(404, (await person.PostAsync($"/direct-messages/{other}", Form("not yours"))).Status);
            Assert.Equal(404, (await person.GetAsync($"/direct-messages/{other}")).Status);
            Assert.Equal(404, (await person.GetAsync($"/direct-messages/dialog/{other}")).Status);
            Assert.Equal(404, (await person.GetAsync($"/direct-messages/{other}/log")).Status);
        }
        Assert.Equal(0, await StoredAsync("not yours"));
        using var stranger = desk.Open();
        Assert.True((await stranger.GetAsync("/direct-messages")).Status is 302 or 401);
    }

    [Fact]
    public async Task Nonsense_is_refused_and_a_repeat_is_stored_once()
    {
        var lili = await desk.IdOfAsync(Cast.Lili);
        using var sofia = await desk.SignInAsync(Cast.Sofia);
        foreach (var text in (string[])["", "   ", "\u0007bell", new string('x', MessageText.MaxLength + 1)])
            Assert.Equal(422, (await sofia.PostAsync($"/direct-messages/{lili}", Form(text))).Status);
        Assert.Equal(422, (await sofia.PostAsync($"/direct-messages/{lili}", ("text", "no id"))).Status);
        Assert.Equal(422, (await sofia.PostAsync($"/direct-messages/{lili}", ("id", "nonsense"), ("text", "no id"))).Status);
        Assert.Equal(404, (await sofia.PostAsync("/direct-messages", Form("to nobody"))).Status);

        var id = Desk.Id();
        for (var tries = 0; tries < 2; tries++)
            Assert.Equal(200, (await sofia.Htmx().PostAsync($"/direct-messages/{lili}", Form("said twice", id))).Status);
        Assert.Equal(1, await StoredAsync("said twice"));
        // Another's id is not mine.
        var omar = await desk.IdOfAsync(Cast.Omar);
        Assert.Equal(404, (await sofia.PostAsync($"/direct-messages/{omar}", Form("said twice", id))).Status);
    }
}
