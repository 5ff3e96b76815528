using ContactCenter.E2E.Support;
using ContactCenter.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace ContactCenter.E2E.Journeys;

/// <summary>What breaks mends by itself, and nothing that was written is lost or doubled.</summary>
public sealed class OutageJourney : Journey
{
    // A connection that the server closed or refused.
    private const string Broken = @"net::ERR_(CONNECTION_REFUSED|CONNECTION_RESET|CONNECTION_CLOSED|INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED) ";
    private const string Offline = "net::ERR_INTERNET_DISCONNECTED ";
    // htmx tells the console of each try.
    private const string StreamBroke = "^console: htmx: htmx:(sse:)?error: (network error|Failed to fetch)";

    [Theory]
    [InlineData("TERM")]
    [InlineData("KILL")]
    public Task The_server_is_restarted_while_both_talk(string signal) => Play(async () =>
    {
        var lili = await LiliAvailable();
        var marta = await Marta();
        await marta.Comes("Before");
        await marta.SeesAgent("Lili");
        await lili.Opens("Marta");
        await lili.Writes("Before too");
        await marta.Sees("Before too");
        foreach (var person in new Person[] { lili, marta })
        {
            person.Profile.Expects(Broken);
            person.Profile.Expects(StreamBroke);
        }

        await Home.Node.StopAsync(signal);
        await marta.Sends("During, one");
        await marta.Sends("During, two");
        await marta.SeesOnItsWay("During, one");
        await Expect(lili.Page.Locator(".banner[data-disconnected]")).ToBeVisibleAsync();
        await Expect(marta.Find("[data-lost]")).ToBeVisibleAsync();
        await marta.Find("#end summary").ClickAsync();
        await marta.Find("#end button").ClickAsync();
        await Expect(marta.Find("#end [data-problem]")).ToContainTextAsync("That did not work");
        await marta.Find("#end summary").ClickAsync();
        await Home.Node.StartAgainAsync();

        await lili.Sees("During, one");
        await lili.Sees("During, two");
        await Expect(lili.Page.Locator(".banner[data-disconnected]")).ToBeHiddenAsync();
        await Expect(marta.Find("[data-lost]")).ToBeHiddenAsync();
        await marta.Writes("After");
        await lili.Sees("After");
        await lili.Writes("After too");
        await marta.Sees("After too");
        await SeeTheSame(marta, lili);
        var read = await marta.Reads();
        Assert.Equal(["During, one", "During, two"], read.Where(text => text is "During, one" or "During, two"), StringComparer.Ordinal);
        Assert.Distinct(read, StringComparer.Ordinal);

        // What a page shows afresh is what both have seen.
        await lili.Page.ReloadAsync();
        await SeeTheSame(marta, lili);
        await lili.Finishes("Survived");
        await marta.IsAt("ended");
    }, $"{nameof(The_server_is_restarted_while_both_talk)}.{signal}");

    [Fact]
    public Task Lili_goes_offline_and_comes_back() => Play(async () =>
    {
        var lili = await LiliAvailable();
        var marta = await Marta();
        await marta.Comes("Are you there?");
        await marta.SeesAgent("Lili");
        await lili.Opens("Marta");
        await lili.Sees("Are you there?");
        lili.Profile.Expects(Offline);
        lili.Profile.Expects(StreamBroke);

        await lili.Profile.Context.SetOfflineAsync(true);
        await Expect(lili.Page.Locator(".banner[data-disconnected]")).ToBeVisibleAsync();
        await lili.Sends("Written in a tunnel");
        await lili.SeesOnItsWay("Written in a tunnel");
        await marta.SeesNo("Written in a tunnel");

        await lili.Profile.Context.SetOfflineAsync(false);
        await lili.SeesTick("Written in a tunnel", "read");
        await marta.Sees("Written in a tunnel");
        await marta.Writes("There you are");
        await lili.Sees("There you are");
        await Expect(lili.Page.Locator(".banner[data-disconnected]")).ToBeHiddenAsync();
        await SeeTheSame(marta, lili);
    });

    [Fact]
    public Task A_list_that_could_not_be_fetched_is_fetched_again_without_being_told() => Play(async () =>
    {
        var lili = await LiliAvailable();
        lili.Profile.Expects("net::ERR_FAILED ");
        lili.Profile.Expects(StreamBroke);
        var broken = true;
        var tries = 0;
        await lili.Page.RouteAsync("**/inbox/list*", route =>
        {
            tries++;
            return broken ? route.AbortAsync() : route.ContinueAsync();
        });
        var marta = await Marta();
        await marta.Comes("Anybody there?");
        await marta.SeesAgent("Lili");
        // More often than the stream says so for one arrival.
        await Eventually.Holds("she tries again", () => tries >= 6);
        await Expect(lili.Item("Marta")).ToBeHiddenAsync();

        broken = false;
        await Expect(lili.Item("Marta")).ToBeVisibleAsync();
    });

    [Fact]
    public Task What_Lili_wrote_offline_for_too_long_waits_for_her_to_retry() => Play(async () =>
    {
        var lili = await LiliAvailable();
        await lili.Page.Clock.InstallAsync();
        var marta = await Marta();
        await marta.Comes("Are you there?");
        await marta.SeesAgent("Lili");
        await lili.Opens("Marta");
        await lili.Sees("Are you there?");
        lili.Profile.Expects(Offline);
        lili.Profile.Expects(StreamBroke);

        await lili.Profile.Context.SetOfflineAsync(true);
        await lili.Sends("Written in a long tunnel");
        await lili.SeesOnItsWay("Written in a long tunnel");
        var retry = lili.Message("Written in a long tunnel").Locator("[data-retry]");
        // Two minutes of hers, some seconds of ours.
        for (var tries = 0; tries < 40 && !await retry.IsVisibleAsync(); tries++) await lili.Page.Clock.RunForAsync(5_000);
        await lili.SeesOnItsWay("Written in a long tunnel", "failed");
        await Expect(lili.Message("Written in a long tunnel")).ToContainTextAsync("Not sent: no connection.");

        await lili.Profile.Context.SetOfflineAsync(false);
        await lili.Page.Clock.ResumeAsync();
        await retry.ClickAsync();
        await marta.Sees("Written in a long tunnel");
        await lili.Sees("Written in a long tunnel");
        await SeeTheSame(marta, lili);
    });
}

/// <summary>The server is there and its database is not.</summary>
public sealed class DatabaseOutageJourney : Journey
{
    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>(StringComparer.Ordinal) { ["ContactCenter__SessionCheckSeconds"] = "0" };

    protected override string Logged => "Npgsql|[Dd]atabase";

    protected override Task<Installation> InstallAsync() => Installation.StartAsync(Settings, gated: true);

    [Fact]
    public Task Lili_opens_a_page_meanwhile_which_comes_by_itself() => Play(async () =>
    {
        var screens = new Screens();
        var lili = await LiliAvailable();
        lili.Profile.Expects("^503 GET ");
        lili.Profile.Expects("^console: htmx: htmx:(sse:)?error");
        Home.Gate!.Shut();
        await lili.GoesTo("/history");
        await Expect(lili.Page.Locator("h1")).ToHaveTextAsync("Back in a moment");
        await screens.Look("outage", lili.Page);
        Home.Gate.Open();
        await Expect(lili.Page.Locator("h1")).ToHaveTextAsync("History");
        screens.AreForEverybody();
    });
}
