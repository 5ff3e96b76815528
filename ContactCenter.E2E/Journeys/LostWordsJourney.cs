using ContactCenter.E2E.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ContactCenter.E2E.Journeys;

/// <summary>What somebody wrote and could not send stays before them with the reason, goes on by one click, and is nobody else's.</summary>
public sealed class LostWordsJourney : Journey
{
    private const string Offline = "net::ERR_INTERNET_DISCONNECTED ";
    private const string StreamBroke = "^console: htmx: htmx:(sse:)?error: (network error|Failed to fetch)";

    [Fact]
    public Task Lili_finishes_while_Marta_is_offline_and_what_Marta_wrote_goes_into_her_next_conversation() => Play(async () =>
    {
        var screens = new Screens();
        var lili = await LiliAvailable();
        var marta = await Marta();
        await marta.Comes("Are you there?");
        await marta.SeesAgent("Lili");
        await lili.Opens("Marta");
        await lili.Sees("Are you there?");
        marta.Profile.Expects(Offline);
        marta.Profile.Expects(StreamBroke);
        marta.Profile.Expects("^409 POST .*/messages");

        await marta.Profile.Context.SetOfflineAsync(true);
        await marta.Sends("Written in a tunnel");
        await marta.SeesOnItsWay("Written in a tunnel");
        await marta.Composer.FillAsync("and not sent at all");
        await lili.Finishes("Nobody there");
        await marta.Profile.Context.SetOfflineAsync(false);

        await marta.IsAt("ended");
        var unsent = marta.Find("#unsent");
        await Expect(unsent).ToBeVisibleAsync();
        await Expect(unsent).ToHaveValueAsync("Written in a tunnel\nand not sent at all");
        await Expect(marta.Find(".again")).ToContainTextAsync("Not sent, because the conversation had ended.");
        await screens.Look("unsent-visitor", marta.Page);
        await lili.SeesNo("Written in a tunnel");

        // Also after she has looked at another page of the shop.
        await marta.Page.ReloadAsync();
        await marta.IsAt("ended");
        await Expect(unsent).ToHaveValueAsync("Written in a tunnel\nand not sent at all");
        await marta.Find(".again button").ClickAsync();
        await marta.IsAt("start");
        await Expect(marta.Find("#text")).ToHaveValueAsync("Written in a tunnel\nand not sent at all");
        await Expect(marta.Find("#name")).ToHaveValueAsync("Marta");
        // The form stays the form, and her words in it before her eyes.
        await marta.Page.ReloadAsync();
        await marta.IsAt("start");
        await Expect(marta.Find("#text")).ToBeVisibleAsync();
        await Expect(marta.Find("#text")).ToHaveValueAsync("Written in a tunnel\nand not sent at all");
        await marta.Find("#start button").ClickAsync();
        await marta.SeesAgent("Lili");
        await marta.Sees("Written in a tunnel\nand not sent at all");
        await lili.Opens("Marta");
        await lili.Sees("Written in a tunnel\nand not sent at all");

        // The next at Marta's computer finds neither her name nor her words.
        await marta.Composer.FillAsync("Half a thought");
        await lili.Finishes("Done");
        await marta.IsAt("ended");
        await Expect(unsent).ToHaveValueAsync("Half a thought");
        await marta.Find(".forget button").ClickAsync();
        await marta.IsAt("start");
        await Expect(marta.Find("#name")).ToHaveValueAsync("");
        await Expect(marta.Find("#text")).ToHaveValueAsync("");
        await marta.Page.ReloadAsync();
        await marta.IsAt("start");
        await Expect(marta.Find("#name")).ToHaveValueAsync("");
        screens.AreForEverybody();
    });

    [Fact]
    public Task What_Lili_was_writing_stays_when_the_conversation_goes_and_goes_when_she_does() => Play(async () =>
    {
        var screens = new Screens();
        var lili = await LiliAvailable();
        var marta = await Marta();
        await marta.Comes("Hello");
        await marta.SeesAgent("Lili");
        await lili.Opens("Marta");
        await marta.SeesTick("Hello", "read");

        // Her page's token has aged: nothing is lost, and the page is fresh for the next try.
        lili.Profile.Expects("^400 POST .*/messages$");
        await lili.Composer.FillAsync("From an old page");
        await lili.Profile.Context.ClearCookiesAsync(new BrowserContextClearCookiesOptions { Name = "contactcenter-form" });
        await lili.Composer.PressAsync("Enter");
        await lili.SeesOnItsWay("From an old page", "failed");
        await Expect(lili.Page.Locator("[data-toasts]")).ToContainTextAsync("is fresh again");
        await lili.Message("From an old page").Locator("[data-retry]").ClickAsync();
        await marta.Sees("From an old page");

        await lili.Composer.FillAsync("The order is on its way");
        await marta.Find("#end summary").ClickAsync();
        await marta.Find("#end button").ClickAsync();
        await marta.IsAt("ended");
        await lili.SeesReadOnly();
        await Expect(lili.Find("#unsent")).ToHaveValueAsync("The order is on its way");
        await Expect(lili.Find("#dock .unsent")).ToContainTextAsync("Not sent: you cannot write in this conversation any more.");
        await screens.Look("unsent-agent", lili.Page);
        await lili.Find("#dock .unsent .button").First.ClickAsync();
        await Expect(lili.Find("#panel .note")).ToContainTextAsync("The order is on its way");
        await Expect(lili.Find("#dock .unsent")).ToBeHiddenAsync();

        // What is typed beside a conversation is there again when one comes back to it.
        var joao = await AVisitor("João");
        await joao.Comes("Olá");
        await joao.SeesAgent("Lili");
        await lili.Opens("João");
        await lili.Composer.FillAsync("Half an answer");
        await lili.Find("#panel-notes").ClickAsync();
        await lili.Find("#n-text").FillAsync("Half a note");
        await lili.AsksToFinish();
        await lili.Find("#note").FillAsync("Half a closing note");
        await lili.Page.Keyboard.PressAsync("Escape");
        await lili.Find("#panel-history").ClickAsync();
        await Expect(lili.Find("#n-text")).ToHaveCountAsync(0);
        await lili.Find("#panel-notes").ClickAsync();
        await Expect(lili.Find("#n-text")).ToHaveValueAsync("Half a note");
        await lili.AsksToFinish();
        await Expect(lili.Find("#note")).ToHaveValueAsync("Half a closing note");
        await lili.Page.Keyboard.PressAsync("Escape");

        // Omar comes to her machine.
        await lili.Page.EvaluateAsync("() => { localStorage.setItem('cc-draft:old', 'from before'); }");
        var other = await lili.InAnotherTab();
        await other.Page.GotoAsync(lili.Page.Url);
        await Expect(other.Composer).ToHaveValueAsync("Half an answer");
        await lili.AsksToSignOut();
        await lili.Page.GetByRole(AriaRole.Link, new() { Name = "Back to my conversations" }).ClickAsync();
        await Expect(lili.Page).ToHaveURLAsync(other.Page.Url);
        await lili.AsksToSignOut();
        await lili.SignsOutNow();
        foreach (var tab in (Agent[])[lili, other])
        {
            await Expect(tab.Page.Locator("#Form_Email")).ToBeVisibleAsync();
            await tab.Page.WaitForLoadStateAsync();
            var kept = await tab.Page.EvaluateAsync<string>("() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }])");
            Assert.DoesNotContain("Half", kept, StringComparison.Ordinal);
            Assert.DoesNotContain("from before", kept, StringComparison.Ordinal);
        }
        screens.AreForEverybody();
    });
}
