using System.Text.RegularExpressions;
using ContactCenter.Domain;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;

namespace ContactCenter.Tests.Pages;

/// <summary>What every page of staff brings along: whoever looks at any of them is at work.</summary>
public sealed partial class ShellTests(Desk desk) : IClassFixture<Desk>
{
    [Fact]
    public async Task Every_page_of_staff_has_one_stream_the_sound_the_bell_and_the_scripts_of_both()
    {
        var held = await desk.PutAsync(ConversationState.Attending, Cast.Lili, "Marta");
        (Person Person, string[] Pages)[] all =
        [
            (Cast.Lili, ["/inbox", $"/conversations/{held.Id}", "/history", "/profile", "/profile/two-factor", "/direct-messages", "/nowhere"]),
            (Cast.Sofia, ["/inbox", "/supervision", "/supervision/conversations/waiting", "/history", "/profile"]),
            (Cast.Ada,
            [
                "/supervision", "/administration/campaigns", "/administration/members", "/administration/groups", "/administration/users",
                "/administration/clients", "/administration/jobs", "/administration/jobs/delivery", "/profile",
            ]),
        ];
        foreach (var (person, pages) in all)
        {
            using var browser = await desk.SignInAsync(person);
            foreach (var page in pages)
            {
                var shown = (await browser.GetAsync(page)).Text;
                foreach (var part in (string[])["hx-sse:connect=\"/inbox/stream", " data-sound ", " data-bell ", " id=\"bell\"", "/js/notify", "/js/session", "/js/stream"])
                    Assert.True(Regex.Count(shown, Regex.Escape(part)) == 1, $"{person.Name} at {page}: {part}: {Regex.Count(shown, Regex.Escape(part))}");
            }
        }
    }

    [Fact]
    public async Task The_bell_of_another_page_counts_what_is_pending_and_its_links_lead_to_the_conversation()
    {
        var held = await desk.PutAsync(ConversationState.Attending, Cast.Omar, "Berta Bell");
        using var omar = await desk.SignInAsync(Cast.Omar);

        var bell = (await omar.Htmx().GetAsync("/inbox/bell")).Text;

        Assert.Contains("data-alerts=\"1\"", bell);
        Assert.Contains($"data-newest=\"{(await desk.ReloadAsync(held)).LastAt.ToUnixTimeMilliseconds()}\"", bell);
        Assert.Matches(Plain(), bell);
        Assert.DoesNotContain("hx-get", bell);
    }

    [Fact]
    public async Task Whoever_stays_at_another_page_is_connected_and_keeps_what_they_hold()
    {
        using var lili = await desk.SignInAsync(Cast.Lili);
        var stream = Connects().Match((await lili.GetAsync("/history")).Text).Groups["stream"].Value;
        var id = await desk.IdOfAsync(Cast.Lili);
        await desk.SeenAsync(Cast.Lili, desk.Clock.GetUtcNow().AddMinutes(-1));

        using var listening = await Listener.OpenAsync(lili, stream);

        await Eventually.Holds("Lili is there", async () => await desk.SeenAtAsync(id) > desk.Clock.GetUtcNow().AddSeconds(-10));
        await desk.SeenAsync(Cast.Lili, desk.Clock.GetUtcNow().AddDays(1));
    }

    [GeneratedRegex("hx-sse:connect=\"(?<stream>[^\"]+)\"", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Connects();

    [GeneratedRegex("<a href=\"/conversations/[0-9a-f-]+\"[^>]*>", RegexOptions.NonBacktracking)]
    private static partial Regex Plain();

    [Fact]
    public async Task Who_signs_out_with_conversations_open_is_asked_and_told_what_becomes_of_them_and_with_none_is_not()
    {
        using var ines = await desk.SignInAsync(Cast.Ines);
        Assert.Equal("/sign-in", (await ines.PostAsync("/sign-out")).Location);

        await desk.PutAsync(ConversationState.Attending, Cast.Ines, "Ana");
        using var again = await desk.SignInAsync(Cast.Ines);
        var one = await again.PostAsync("/sign-out");
        Assert.Equal(409, one.Status);
        Assert.Contains("You have a conversation open", one.Text);
        Assert.Contains("To spare the contact the wait, finish it first.", one.Text);
        var paused = await desk.PutAsync(ConversationState.Paused, Cast.Ines, "Bea");
        // More than she was told of: she is asked again.
        var two = await again.PostAsync("/sign-out", ("open", "1"));
        Assert.Equal(409, two.Status);
        Assert.Contains("You have 2 conversations open", two.Text);
        Assert.Contains("One of them is paused", two.Text);
        Assert.Equal(200, (await again.GetAsync("/inbox")).Status);
        Assert.Equal(ConversationState.Paused, (await desk.ReloadAsync(paused)).State);

        Assert.Equal("/sign-in", (await again.PostAsync("/sign-out", ("open", "2"))).Location);
        Assert.Equal(302, (await again.GetAsync("/inbox")).Status);
    }

    [Theory]
    [InlineData("/administration/users?page=2", "", "/administration/users?page=2", "Back")]
    [InlineData("/conversations/7", "", "/conversations/7", "Back to my conversations")]
    [InlineData("", "", "/inbox", "Back to my conversations")]
    [InlineData("/sign-out", "/profile", "/profile", "Back")]
    [InlineData("/sign-out", "//evil.example/", "/inbox", "Back to my conversations")]
    [InlineData("/sign-out", "/\\evil.example/", "/inbox", "Back to my conversations")]
    [InlineData("/sign-out", "https://evil.example/", "/inbox", "Back to my conversations")]
    [InlineData("https://evil.example/profile", "", "/inbox", "Back to my conversations")]
    public async Task Who_does_not_sign_out_after_all_is_back_where_they_were(
        string from, string told, string back, string says)
    {
        await desk.PutAsync(ConversationState.Attending, Cast.Lili, "Berta");
        using var lili = await desk.SignInAsync(Cast.Lili);
        if (from.Length > 0) lili.Headers.Referrer = new Uri(desk.Address, from);
        var asked = await lili.PostAsync("/sign-out", ("back", told));
        Assert.Equal(409, asked.Status);
        Assert.Contains($"<a class=\"button\" href=\"{back}\">{says}</a>", asked.Text);
        // Asked once more, the page they came from is not this one.
        Assert.Contains($"name=\"back\" value=\"{back}\"", asked.Text);
    }

    [Fact]
    public async Task Who_signs_out_of_the_last_session_leaves_the_queue_to_others_at_once_and_of_another_keeps_all()
    {
        var held = await desk.PutAsync(ConversationState.Attending, Cast.Omar, "Clara");
        using var phone = await desk.SignInAsync(Cast.Omar);
        using var desktop = await desk.SignInAsync(Cast.Omar);
        Assert.Equal("/sign-in", (await phone.PostAsync("/sign-out", ("open", "9"))).Location);
        Assert.Equal(ConversationState.Attending, (await desk.ReloadAsync(held)).State);

        // Another test of this class may have left him a session.
        var omar = await desk.IdOfAsync(Cast.Omar);
        await desk.WithAsync<SessionStore>(sessions => (Task)sessions.EndAllAsync(omar, null, SessionEnding.EndedElsewhere));

        // Far within the grace, for the answer came after it.
        var back = await desk.ReloadAsync(held);
        Assert.Equal((ConversationState.Waiting, held.QueuedAt.ToUnixTimeMilliseconds()), (back.State, back.QueuedAt.ToUnixTimeMilliseconds()));
        Assert.Null(await desk.SeenAtAsync(omar));
    }

    [Fact]
    public async Task Who_signs_out_here_gets_nothing_new_at_once_and_a_forgotten_browser_keeps_nothing()
    {
        var held = await desk.PutAsync(ConversationState.Attending, Cast.Ines, "Dora");
        var ines = await desk.IdOfAsync(Cast.Ines);
        // Signed in at home too, where nothing is open any more: nobody says that she is there.
        using var home = await desk.SignInAsync(Cast.Ines);
        using var here = await desk.SignInAsync(Cast.Ines);
        await desk.SeenAsync(Cast.Ines, desk.Clock.GetUtcNow().AddDays(1));
        Assert.Null(await desk.LeavingAtAsync(ines));

        var before = desk.Clock.GetUtcNow();
        Assert.Equal("/sign-in", (await here.PostAsync("/sign-out", ("open", "9"))).Location);

        Assert.True(await desk.LeavingAtAsync(ines) >= before.AddMilliseconds(-1));
        Assert.Equal(200, (await home.GetAsync("/profile")).Status);
        // Had a page been open at home, it would have said so by now.
        desk.Clock.Advance(DepartureStore.Grace);
        await desk.WithAsync<DepartureStore>(departures => departures.SweepAsync());
        var back = await desk.ReloadAsync(held);
        Assert.Equal(ConversationState.Waiting, back.State);
        Assert.Equal(held.QueuedAt.ToUnixTimeMilliseconds(), back.QueuedAt.ToUnixTimeMilliseconds());
        Assert.Null(await desk.SeenAtAsync(ines));
    }

    [Fact]
    public async Task A_page_that_is_closed_says_so_with_the_token_it_was_given()
    {
        using var lili = await desk.SignInAsync(Cast.Lili);
        Assert.Equal(400, (await lili.PostWithoutTokenAsync("/availability/departure")).Status);
        Assert.Equal(204, (await lili.PostWithoutTokenAsync("/availability/departure", ("__RequestVerificationToken", await lili.TokenAsync()))).Status);
        Assert.NotNull(await desk.LeavingAtAsync(await desk.IdOfAsync(Cast.Lili)));
        using var stream = await Listener.OpenAsync(lili, "/inbox/stream");
        await Eventually.Holds("she is back", async () => await desk.LeavingAtAsync(await desk.IdOfAsync(Cast.Lili)) is null);
    }
}
