using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using ContactCenter.Domain;
using ContactCenter.Security;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ContactCenter.Tests.Security;

/// <summary>Sessions are rows: seen and ended by their user, and ended for good.</summary>
public sealed partial class SessionListTests(App app) : IClassFixture<App>
{
    private const string Cookie = "contactcenter";
    private const string Firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";
    private const string Phone = "Mozilla/5.0 (Linux; Android 15; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36";

    [Fact, Trait(Runs.Trait, Runs.Process)]
    public async Task A_session_that_was_signed_out_stays_so_for_a_node_that_starts_later()
    {
        using var lili = await app.SignInAsync(Cast.Lili);
        using var phone = await app.SignInAsync(Cast.Lili);
        using var copy = lili.At(app.Address, app.Address);
        Assert.Equal(200, (await copy.GetAsync("/profile")).Status);
        Assert.Equal(302, (await lili.PostAsync("/sign-out")).Status);

        await using var later = await AppProcess.StartAsync(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["ConnectionStrings__Postgres"] = app.ConnectionString,
        });
        using var there = copy.At(app.Address, await later.Address());
        Assert.Equal(302, (await there.GetAsync("/profile")).Status);
        Assert.Equal(401, (await there.Htmx().GetAsync("/inbox/list")).Status);
        // Her phone's session is as good there as here.
        using var phoneThere = phone.At(app.Address, await later.Address());
        Assert.Equal(200, (await phoneThere.GetAsync("/profile")).Status);
    }

    [Fact]
    public async Task Omar_sees_where_he_is_signed_in_and_ends_one_or_all_the_others()
    {
        using var desk = await FromAsync(Cast.Omar, Firefox, "203.0.113.5");
        using var phone = await FromAsync(Cast.Omar, Phone, "2001:db8::7");
        using var tablet = await FromAsync(Cast.Omar, "<script>alert(1)</script>", "198.51.100.1");
        using var lili = await app.SignInAsync(Cast.Lili);

        var page = (await desk.GetAsync("/profile")).Text;
        foreach (var shown in (string[])["Firefox on Windows", "Chrome on Android", "Unknown browser", "203.0.113.5", "2001:db8::7", "198.51.100.1"])
            Assert.Contains(shown, page);
        Assert.DoesNotContain("alert(1)", page);
        Assert.Single(Regex.Matches(page, "This device", RegexOptions.NonBacktracking));
        // The phone's list marks the phone.
        Assert.Matches(new Regex("Chrome on Android</b> <span class=\"chip free\">This device", RegexOptions.NonBacktracking), (await phone.GetAsync("/profile")).Text);

        // Nobody else ends it, and its name is no key to it.
        var others = Ends(page);
        Assert.Equal(2, others.Count);
        foreach (var path in others) Assert.Equal(404, (await lili.PostAsync(path)).Status);
        Assert.Equal(404, (await desk.PostAsync($"/profile/sessions/{TwoHouses.Id()}")).Status);
        Assert.Equal(200, (await phone.GetAsync("/profile")).Status);

        var answer = await desk.PostAsync(EndOf(page, "Chrome on Android"));
        Assert.Equal((302, "/profile?done=session#sessions"), (answer.Status, answer.Location));
        Assert.Equal(302, (await phone.GetAsync("/profile")).Status);
        Assert.Equal(200, (await tablet.GetAsync("/profile")).Status);
        Assert.DoesNotContain("Chrome on Android", (await desk.GetAsync("/profile")).Text);

        using var again = await FromAsync(Cast.Omar, Phone, "2001:db8::7");
        using var stream = await Listener.OpenAsync(again, "/inbox/stream");
        await stream.HearsAsync("event: inbox");
        Assert.Equal(302, (await desk.PostAsync("/profile/sessions")).Status);
        await Eventually.Holds("the phone's stream is over", () => stream.IsOver, seconds: 2);
        Assert.Contains("event: signedout", stream.Heard);
        Assert.Equal(302, (await tablet.GetAsync("/profile")).Status);
        page = (await desk.GetAsync("/profile?done=sessions")).Text;
        Assert.Contains("You are signed in only here.", page);
        Assert.DoesNotContain("End the others", page);
        Assert.Equal(200, (await lili.GetAsync("/profile")).Status);

        // This one, too: it is the same as signing out.
        var mine = await SessionsAsync(Cast.Omar);
        Assert.Equal("/sign-in", (await desk.PostAsync($"/profile/sessions/{Assert.Single(mine).Id}")).Location);
        Assert.Empty(await SessionsAsync(Cast.Omar));
    }

    [Fact]
    public async Task What_the_table_has_opens_nothing()
    {
        using var ines = await app.SignInAsync(Cast.Ines);
        var format = app.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(IdentityConstants.ApplicationScheme).TicketDataFormat;
        var ticket = format.Unprotect(ines.Cookies.GetCookies(app.Address)[Cookie]!.Value)!;
        var key = ticket.Properties.Items["session"]!;
        var row = Assert.Single(await SessionsAsync(Cast.Ines));
        var stored = await app.WithAsync<Database, string>(database => database.Database
            .SqlQuery<string>($"select to_jsonb(s)::text as \"Value\" from sessions s where id = {row.Id}").SingleAsync());
        Assert.DoesNotContain(key, stored, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Convert.ToHexString(Convert.FromBase64String(key)), stored, StringComparison.OrdinalIgnoreCase);

        // Whoever could seal cookies and read the table would still not have the key.
        foreach (var guess in (string[])[$"{row.Id}", $"{row.Id:N}", Convert.ToBase64String(row.Id.ToByteArray())])
        {
            ticket.Properties.Items["session"] = guess;
            using var mallory = app.Open();
            mallory.Cookies.Add(app.Address, new System.Net.Cookie(Cookie, format.Protect(ticket)));
            Assert.Equal(302, (await mallory.GetAsync("/profile")).Status);
        }
        Assert.Equal(200, (await ines.GetAsync("/profile")).Status);
    }

    [Fact]
    public async Task Requests_cost_no_way_to_the_database_for_their_session_until_it_is_due_or_in_doubt()
    {
        using var ada = await app.SignInAsync(Cast.Ada);
        var here = Assert.Single(await SessionsAsync(Cast.Ada)).Id;
        using var elsewhere = await app.SignInAsync(Cast.Ada);
        await ada.TokenAsync();
        using var statements = new Statements(app);
        for (var message = 0; message < 5; message++) Assert.Equal(404, (await SayAsync(ada)).Status);
        Assert.True(statements.With("conversations") >= 5, "statements are heard");
        Assert.Equal(0, statements.With("update sessions"));

        // Something about her account was heard: asked for once, and then not again.
        await app.WithAsync<SessionStore>(async sessions =>
            Assert.Equal(1, await sessions.EndAllAsync(await app.IdOfAsync(Cast.Ada), here, SessionEnding.AccountChanged)));
        for (var message = 0; message < 5; message++) Assert.Equal(404, (await SayAsync(ada)).Status);
        Assert.True(statements.With("update sessions") == 1, statements.ToString());
        Assert.Equal(302, (await elsewhere.GetAsync("/profile")).Status);
    }

    [Fact]
    public async Task Whoever_follows_hears_of_every_end_once_and_whether_it_was_the_last()
    {
        var heard = new ConcurrentQueue<SessionsEnded>();
        var sofia = await app.IdOfAsync(Cast.Sofia);
        app.Services.GetRequiredService<SessionStore>().Follow((ended, _) =>
        {
            if (ended.User == sofia) heard.Enqueue(ended);
            return Task.CompletedTask;
        });
        using var first = await app.SignInAsync(Cast.Sofia);
        using var second = await app.SignInAsync(Cast.Sofia);
        using var third = await app.SignInAsync(Cast.Sofia);
        Assert.Equal(302, (await first.PostAsync("/sign-out")).Status);
        Assert.Equal(302, (await second.PostAsync("/profile/sessions")).Status);
        // Signing in anew over a session is not leaving.
        Assert.Equal(302, (await second.PostAsync("/sign-in", ("Form.Email", Cast.Sofia.Email), ("Form.Password", Person.Password))).Status);
        Assert.Equal(302, (await second.PostAsync("/sign-out")).Status);
        Assert.Equal(
            [(SessionEnding.SignedOut, 1, true), (SessionEnding.EndedElsewhere, 1, true), (SessionEnding.SignedOut, 1, true), (SessionEnding.SignedOut, 1, false)],
            heard.Select(ended => (ended.How, ended.Sessions.Count, ended.AnyLeft)));

        // Two that end at the same moment: one of them was the last.
        heard.Clear();
        using var left = await app.SignInAsync(Cast.Sofia);
        using var right = await app.SignInAsync(Cast.Sofia);
        await left.TokenAsync();
        await right.TokenAsync();
        await Task.WhenAll(left.PostAsync("/sign-out"), right.PostAsync("/sign-out"));
        Assert.Equal([false, true], heard.Select(ended => ended.AnyLeft).Order());
    }

    [Theory]
    [InlineData(Firefox, "Firefox", "Windows")]
    [InlineData(Phone, "Chrome", "Android")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1", "Safari", "iPhone")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0", "Edge", "macOS")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/142.0.0.0 Safari/537.36", "Chrome", "Linux")]
    [InlineData("curl/8.14", "", "")]
    [InlineData(null, "", "")]
    public void Browsers_are_named_by_what_they_say_of_themselves(string? said, string browser, string system) =>
        Assert.Equal((browser, system), Devices.Of(said));

    private async Task<Browserless> FromAsync(Person person, string userAgent, string address)
    {
        var browser = app.Open();
        browser.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        browser.Headers.Add("X-Forwarded-For", address);
        Assert.Equal(302, (await browser.PostAsync("/sign-in", ("Form.Email", person.Email), ("Form.Password", Person.Password))).Status);
        return browser;
    }

    private static Task<Answer> SayAsync(Browserless browser) => browser.PostAsync($"/conversations/{Guid.Empty}/messages", ("id", $"{TwoHouses.Id()}"), ("text", "Hello"));

    private async Task<IReadOnlyList<UserSession>> SessionsAsync(Person person)
    {
        var user = await app.IdOfAsync(person);
        return await app.WithAsync<SessionStore, IReadOnlyList<UserSession>>(sessions => sessions.ListAsync(user, default));
    }

    private static List<string> Ends(string page) => [.. End().Matches(page).Select(match => match.Groups["path"].Value)];

    private static string EndOf(string page, string device) =>
        End().Matches(page).Select(match => (match.Groups["path"].Value, match.Index))
            .First(end => end.Index > page.IndexOf($"<b>{device}</b>", StringComparison.Ordinal)).Value;

    [GeneratedRegex("action=\"(?<path>/profile/sessions/[0-9a-f-]{36})\"", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex End();
}

/// <summary>How long a session lasts. The clock is moved by days: an application of its own.</summary>
public sealed class SessionLifeTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task A_session_lasts_seven_days_at_most_however_much_it_is_used()
    {
        using var lili = await app.SignInAsync(Cast.Lili);
        for (var hours = 0; hours + 11 < 7 * 24; hours += 11)
        {
            app.Clock.Advance(TimeSpan.FromHours(11));
            Assert.Equal(200, (await lili.GetAsync("/profile")).Status);
        }
        app.Clock.Advance(TimeSpan.FromHours(11));
        Assert.Equal(302, (await lili.GetAsync("/profile")).Status);
        await app.WithAsync<SessionStore>(sessions => sessions.ExpireAsync(default));
        Assert.False(await app.WithAsync<Database, bool>(async database =>
            await database.Sessions.AnyAsync(session => session.StartedAt < app.Clock.GetUtcNow() - UserSession.Whole)));
    }

    [Fact]
    public async Task A_session_unused_for_twelve_hours_ends_with_its_stream_and_whoever_follows_is_told()
    {
        var heard = new ConcurrentQueue<SessionsEnded>();
        var omar = await app.IdOfAsync(Cast.Omar);
        app.Services.GetRequiredService<SessionStore>().Follow((ended, _) =>
        {
            if (ended.User == omar) heard.Enqueue(ended);
            return Task.CompletedTask;
        });
        using var browser = await app.SignInAsync(Cast.Omar);
        using var stream = await Listener.OpenAsync(browser, "/inbox/stream");
        await stream.HearsAsync("event: inbox");
        using var copy = browser.At(app.Address, app.Address);

        app.Clock.Advance(UserSession.Idle + TimeSpan.FromSeconds(1));
        // The job looks every ten seconds.
        await Eventually.Holds("the stream is over", () => stream.IsOver);
        Assert.Contains("event: signedout", stream.Heard);
        Assert.Equal(302, (await copy.GetAsync("/profile")).Status);
        await Eventually.Holds("whoever follows has heard", () => !heard.IsEmpty);
        var ended = Assert.Single(heard);
        Assert.Equal((SessionEnding.Expired, false), (ended.How, ended.AnyLeft));
    }
}
