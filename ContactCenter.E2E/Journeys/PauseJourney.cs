using ContactCenter.E2E.Support;
using static Microsoft.Playwright.Assertions;

namespace ContactCenter.E2E.Journeys;

public sealed class PauseJourney : Journey
{
    [Fact]
    public Task Lili_parks_Marta_who_is_not_told_and_takes_her_up_by_writing() => Play(async () =>
    {
        var lili = await LiliAvailable();
        var marta = await Marta();
        await marta.Comes("Hello");
        await marta.SeesAgent("Lili");
        await lili.Opens("Marta");
        await lili.Writes("One moment");
        await marta.Sees("One moment");
        var events = await marta.Find("#log .msg.event").AllInnerTextsAsync();

        await lili.Pauses();
        await lili.SeesCount("attending", 0);
        await lili.SeesCount("paused", 1);
        await marta.Writes("Take your time");
        await lili.Sees("Take your time");
        await lili.SeesState("Paused");
        await marta.IsAt("attending");
        Assert.Equal(events, await marta.Find("#log .msg.event").AllInnerTextsAsync());

        await lili.Writes("Here I am again");
        await marta.Sees("Here I am again");
        await lili.SeesState("Attending");
        await lili.SeesCount("attending", 1);
        await lili.SeesCount("paused", 0);
        await SeeTheSame(marta, lili);
    });

    [Fact]
    public Task Lili_is_told_that_Marta_wrote_something_she_was_not_shown_before_she_sends() => Play(async () =>
    {
        var lili = await LiliAvailable();
        await lili.Page.SetViewportSizeAsync(1440, 600);
        var marta = await Marta();
        await marta.Comes("Hello");
        await marta.SeesAgent("Lili");
        await lili.Opens("Marta");
        // Enough to leave the end of the log out of sight.
        await lili.Writes(string.Join('\n', Enumerable.Range(1, 40).Select(line => $"Step {line}")));
        await marta.Sees("Hello");
        lili.Profile.Expects("^409 POST .*/messages$");

        await lili.Find("#scroll").EvaluateAsync("log => { log.scrollTop = 0; }");
        await Expect(lili.Message("Hello")).ToBeInViewportAsync();
        await marta.Writes("I have changed my mind");
        await Expect(lili.Find("[data-to-end] [data-count]")).ToHaveTextAsync("1");
        await lili.Sends("It is on its way");
        var refused = lili.Message("It is on its way");
        await Expect(refused).ToHaveAttributeAsync("data-status", "failed");
        await Expect(refused).ToContainTextAsync("the contact wrote meanwhile");
        await Expect(lili.Message("I have changed my mind")).ToBeInViewportAsync();
        await marta.SeesNo("It is on its way");

        await refused.Locator("[data-retry]").ClickAsync();
        await marta.Sees("It is on its way");
        await lili.Sees("It is on its way");
        await SeeTheSame(marta, lili);
    });

    [Fact]
    public Task Lili_answers_what_stands_before_her_though_the_browser_has_not_said_so_yet() => Play(async () =>
    {
        var lili = await Lili();
        // As on a machine too busy to draw: what comes into sight is never reported.
        await lili.Profile.Context.AddInitScriptAsync("window.IntersectionObserver = class { observe() { } unobserve() { } disconnect() { } };");
        await lili.SignsIn();
        await lili.GoesAvailable();
        var marta = await Marta();
        await marta.Comes("Hello");
        await marta.SeesAgent("Lili");
        await lili.Opens("Marta");
        await lili.Writes("Hello Marta");
        await marta.Sees("Hello Marta");
        await marta.Writes("Is it open today?");
        await lili.Sees("Is it open today?");
        await lili.Writes("It is");
        await marta.Sees("It is");
    });
}
