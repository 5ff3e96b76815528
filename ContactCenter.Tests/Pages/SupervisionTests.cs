using System.Net;
using System.Text.RegularExpressions;
using ContactCenter.Domain;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Tests.Pages;

public sealed partial class SupervisionTests(Desk desk) : IClassFixture<Desk>
{
    private static string Words(Answer answer) => WebUtility.HtmlDecode(answer.Text);

    private Task<Guid> TiendaAsync() => desk.WithAsync<Database, Guid>(database =>
        Task.FromResult(database.Campaigns.Single(campaign => campaign.Key == "tienda").Id));

    [Fact]
    public async Task A_supervisor_sees_members_waiting_and_figures_and_so_does_an_administrator()
    {
        await desk.PutAsync(ConversationState.Waiting, contact: "Wanda Waits");
        var open = await desk.PutAsync(ConversationState.Attending, Cast.Lili, "Lola of Lili");
        var tienda = await TiendaAsync();
        using var sofia = await desk.SignInAsync(Cast.Sofia);
        using var ada = await desk.SignInAsync(Cast.Ada);

        var page = Words(await sofia.GetAsync($"/supervision/{tienda}"));
        Assert.Contains("Wanda Waits", page);
        Assert.Contains($"href=\"/conversations/{open.Id}\"", page);
        Assert.Contains(">Omar<", page);
        Assert.DoesNotContain(">Inés<", page);
        foreach (var path in (string[])["/supervision", "/supervision/board", $"/supervision/board/{tienda}", $"/supervision/{tienda}/wallboard", "/supervision/conversations/waiting", $"/supervision/conversations/attended/{tienda}"])
        {
            Assert.Equal(200, (await sofia.GetAsync(path)).Status);
            Assert.Equal(200, (await ada.GetAsync(path)).Status);
        }
    }

    [Fact]
    public async Task An_agent_and_a_stranger_see_none_of_it_and_what_is_not_there_is_404()
    {
        var tienda = await TiendaAsync();
        using var lili = await desk.SignInAsync(Cast.Lili);
        using var stranger = desk.Open();
        using var sofia = await desk.SignInAsync(Cast.Sofia);
        foreach (var path in (string[])["/supervision", $"/supervision/board/{tienda}", $"/supervision/{tienda}/wallboard", "/supervision/conversations/waiting"])
        {
            Assert.Equal(403, (await lili.GetAsync(path)).Status);
            Assert.True((await stranger.GetAsync(path)).Status is 302 or 401, path);
        }
        foreach (var path in (string[])[$"/supervision/{Desk.Id()}", $"/supervision/board/{Desk.Id()}", $"/supervision/{Desk.Id()}/wallboard", $"/supervision/conversations/waiting/{Desk.Id()}", "/supervision/conversations/nonsense", "/supervision/nonsense"])
            Assert.Equal(404, (await sofia.GetAsync(path)).Status);
    }

    [Fact]
    public async Task Order_and_filters_stay_with_every_refresh_and_nonsense_is_left_out()
    {
        var tienda = await TiendaAsync();
        using var sofia = await desk.SignInAsync(Cast.Sofia);

        var sorted = await sofia.Htmx().GetAsync($"/supervision/board/{tienda}?sort=Agent&desc=true&q=i");
        var words = Words(sorted);
        Assert.Equal($"/supervision/{tienda}?sort=Agent&desc=true&q=i", sorted.Header("HX-Replace-Url"));
        Assert.Contains($"hx-get=\"/supervision/board/{tienda}?sort=Agent&desc=true&q=i\"", words);
        Assert.Contains("aria-sort=\"descending\"", words);
        Assert.Contains(">Lili<", words);
        Assert.DoesNotContain(">Omar<", words);

        var nonsense = await sofia.GetAsync($"/supervision/board/{tienda}?sort=price&state=99&desc=perhaps&at=x");
        Assert.Equal(200, nonsense.Status);
        Assert.Equal($"/supervision/{tienda}", nonsense.Header("HX-Replace-Url"));
    }

    [Fact]
    public async Task An_agent_is_sent_on_a_break_and_told_by_whom_and_nonsense_is_refused()
    {
        var omar = await desk.IdOfAsync(Cast.Omar);
        var lunch = new BreakReason { Id = Desk.Id(), Name = "Lunch", Icon = "utensils" };
        await desk.WithAsync<Database>(async database =>
        {
            await database.InsertAsync(lunch);
        });
        using var sofia = await desk.SignInAsync(Cast.Sofia);
        using var his = await desk.SignInAsync(Cast.Omar);
        Assert.Contains("Lunch", Words(await sofia.GetAsync($"/supervision/agents/{omar}")));
        Assert.DoesNotContain("set by", Words(await his.GetAsync("/inbox/kpis")));

        Assert.Equal(422, (await sofia.PostAsync($"/supervision/agents/{omar}/break", ("reason", Desk.Id().ToString()))).Status);
        Assert.Equal(422, (await sofia.PostAsync($"/supervision/agents/{omar}/break", ("reason", "nonsense"))).Status);
        Assert.Equal(204, (await sofia.PostAsync($"/supervision/agents/{omar}/break", ("reason", lunch.Id.ToString()))).Status);

        var switched = Words(await his.GetAsync("/inbox/kpis"));
        Assert.Contains("Lunch", switched);
        Assert.Contains("set by Sofía", switched);
    }

    [Fact]
    public async Task Who_is_logged_out_is_out_at_once_and_what_they_held_is_back_in_its_place()
    {
        var lili = await desk.IdOfAsync(Cast.Lili);
        var held = await desk.PutAsync(ConversationState.Attending, Cast.Lili, "Hilda Held");
        using var sofia = await desk.SignInAsync(Cast.Sofia);
        using var hers = await desk.SignInAsync(Cast.Lili);
        using var phone = await desk.SignInAsync(Cast.Lili);
        Assert.Equal(200, (await hers.GetAsync("/inbox/list")).Status);
        Assert.Contains($"href=\"/conversations/{held.Id}\"", (await sofia.GetAsync($"/supervision/agents/{lili}")).Text);
        using var stream = await hers.Http.GetAsync("/inbox/stream", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, stream.StatusCode);

        var asked = await sofia.PostAsync($"/supervision/agents/{lili}/departure");
        Assert.Equal(409, asked.Status);
        Assert.Contains("open conversation", Words(asked));
        Assert.Equal(200, (await hers.GetAsync("/inbox/list")).Status);
        Assert.Equal(ConversationState.Attending, (await desk.ReloadAsync(held)).State);

        // As many as she was told of; without JavaScript she is back at the board.
        var told = Open().Match((await sofia.GetAsync($"/supervision/agents/{lili}/departure")).Text).Groups["open"].Value;
        Assert.Equal("/supervision", (await sofia.PostAsync($"/supervision/agents/{lili}/departure", ("open", told))).Location);

        Assert.Contains("event: signedout", await stream.Content.ReadAsStringAsync());
        Assert.True((await hers.Htmx().GetAsync("/inbox/list")).Status == 401);
        Assert.True((await phone.Htmx().GetAsync("/inbox/list")).Status == 401);
        var back = await desk.ReloadAsync(held);
        Assert.Equal((ConversationState.Waiting, null, held.QueuedAt.ToUnixTimeMilliseconds()), (back.State, back.AgentId, back.QueuedAt.ToUnixTimeMilliseconds()));
        // Nobody else is; and she may come back.
        Assert.Equal(200, (await sofia.GetAsync("/supervision")).Status);
        using var again = await desk.SignInAsync(Cast.Lili);
        Assert.Equal(200, (await again.GetAsync("/inbox/list")).Status);
        // With nothing open there is no question.
        Assert.DoesNotContain($"hx-get=\"/supervision/agents/{lili}/departure\"", (await sofia.GetAsync($"/supervision/agents/{lili}")).Text);
        Assert.Equal(204, (await sofia.Htmx().PostAsync($"/supervision/agents/{lili}/departure", ("open", "0"))).Status);
        Assert.Equal(401, (await again.Htmx().GetAsync("/inbox/list")).Status);
        await desk.WithAsync<Database>(async database =>
        {
            database.Agents.Single(agent => agent.UserId == lili).SeenAt = desk.Clock.GetUtcNow().AddDays(1);
            await database.SaveChangesAsync();
        });
    }

    [Fact]
    public async Task One_conversation_is_spoken_of_as_one_and_several_as_several()
    {
        var omar = await desk.IdOfAsync(Cast.Omar);
        // What another test of this class has left him is done.
        await desk.WithAsync<Database>(database => database.Conversations
            .Where(c => c.AgentId == omar && c.State != ConversationState.Finished)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.State, ConversationState.Finished)
                .SetProperty(c => c.Ending, Ending.Completed).SetProperty(c => c.FinishedAt, desk.Clock.GetUtcNow())));
        await desk.PutAsync(ConversationState.Paused, Cast.Omar, "Olga Only");
        using var sofia = await desk.SignInAsync(Cast.Sofia);
        foreach (var (tag, one) in new[]
        {
            ("en", "It is paused.|Whoever is free attends it next; the contact is told"),
            ("es", "Está en pausa.|La atiende quien esté libre; al contacto se le dice"),
            ("pt", "Está em pausa.|Quem estiver livre a atende; o contato é avisado"),
        })
        {
            var asked = await AskedAsync(tag);
            Assert.All(one.Split('|'), said => Assert.Contains(said, asked));
        }
        await desk.PutAsync(ConversationState.Attending, Cast.Omar, "Otto Other");
        var both = await AskedAsync("es");
        Assert.Contains("Una de ellas está en pausa.", both);
        Assert.Contains("Las atiende quien esté libre; a los contactos se les dice", both);

        async Task<string> AskedAsync(string tag) =>
            Words(await sofia.Language(tag).GetAsync($"/supervision/agents/{omar}/departure"));
    }

    [Fact]
    public async Task An_agent_outside_ones_campaigns_is_not_there_and_agents_do_nothing_to_each_other()
    {
        var (ines, omar) = (await desk.IdOfAsync(Cast.Ines), await desk.IdOfAsync(Cast.Omar));
        using var sofia = await desk.SignInAsync(Cast.Sofia);
        using var lili = await desk.SignInAsync(Cast.Lili);
        Assert.Equal(200, (await sofia.GetAsync($"/supervision/agents/{omar}")).Status);
        foreach (var id in (Guid[])[ines, Desk.Id()])
        {
            Assert.Equal(404, (await sofia.GetAsync($"/supervision/agents/{id}")).Status);
            Assert.Equal(404, (await sofia.PostAsync($"/supervision/agents/{id}/break", ("reason", Desk.Id().ToString()))).Status);
            Assert.Equal(404, (await sofia.PostAsync($"/supervision/agents/{id}/departure")).Status);
        }
        Assert.Equal(403, (await lili.GetAsync($"/supervision/agents/{omar}")).Status);
        Assert.Equal(403, (await lili.PostAsync($"/supervision/agents/{omar}/departure")).Status);
    }

    [Fact]
    public async Task Spying_leaves_no_trace_with_agent_or_contact()
    {
        var held = await desk.PutAsync(ConversationState.Attending, Cast.Omar, "Selma Spied");
        using var sofia = await desk.SignInAsync(Cast.Sofia);

        var page = await sofia.GetAsync($"/conversations/{held.Id}");
        using var stream = await sofia.Http.GetAsync($"/inbox/stream?conversation={held.Id}", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, stream.StatusCode);
        Assert.Equal(200, page.Status);
        Assert.Contains("message 3", page.Text);
        Assert.DoesNotContain("data-composer", page.Text);
        await sofia.PostAsync($"/conversations/{held.Id}/receipts", ("delivered", "4"), ("read", "4"));

        var after = await desk.ReloadAsync(held);
        Assert.Equal((held.Marks, held.Unread, null, held.Seq), (after.Marks, after.Unread, after.OpenedAt, after.Seq));
    }

    [GeneratedRegex("name=\"open\" value=\"(?<open>[0-9]+)\"", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Open();
}
