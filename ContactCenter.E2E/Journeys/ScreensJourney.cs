using ContactCenter.E2E.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ContactCenter.E2E.Journeys;

/// <summary>Every screen in every state it has, for everybody's eyes.</summary>
public sealed class AgentScreensJourney : Journey
{
    [Fact]
    public Task The_screens_of_an_agent_are_for_everybody() => Play(async () =>
    {
        var screens = new Screens();
        var lili = await Lili();
        var page = lili.Page;
        await lili.GoesTo("/sign-in");
        await screens.Look("sign-in", page);
        lili.Profile.Expects("^422 POST .*/(sign-in|password/recovery)$");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#email-error")).Not.ToBeEmptyAsync();
        await screens.Look("sign-in-wrong", page);
        await lili.GoesTo("/password/recovery");
        await screens.Look("recovery", page);

        await lili.SignsIn();
        await screens.Look("inbox-empty", page);
        await lili.GoesTo("/history");
        await screens.Look("history-empty", page);
        await lili.GoesTo("/profile");
        await screens.Look("profile", page);
        lili.Profile.Expects("^404 GET .*/conversations/");
        await lili.GoesTo("/conversations/01a1f8af-f079-7c65-af66-524cc7618548");
        await screens.Look("error", page);

        await lili.GoesTo("/inbox");
        await lili.GoesAvailable();
        string[] names = ["Marta", "Ana María Fernández de la Vega y Ortiz", "Bruno"];
        var visitors = new List<Visitor>();
        foreach (var name in names)
        {
            var visitor = await AVisitor(name);
            await visitor.OpensShop();
            await visitor.OpensChat();
            await visitor.FillsIn($"Hello, I am {name} and I have a *question* about the size of these shoes.");
            await visitor.Find("#email").FillAsync("somebody@example.com");
            await visitor.Find("#phone").FillAsync("+598 99 123 456");
            await visitor.Find("#start button").ClickAsync();
            await visitor.SeesAgent("Lili");
            visitors.Add(visitor);
        }
        await Expect(lili.Item("Bruno")).ToBeVisibleAsync();
        await screens.Look("inbox", page);

        var marta = visitors[0];
        await lili.Opens("Marta");
        await lili.Sends("Good afternoon! The _brown_ ones run small: take one size more. https://example.com/shoes/brown-ones 👟");
        await marta.Sees("Good afternoon! The brown ones run small: take one size more. https://example.com/shoes/brown-ones 👟");
        await marta.Writes("Thank you. And do you have the same ones in black?");
        await lili.Sees("Thank you. And do you have the same ones in black?");
        await marta.Types("I");
        await lili.SeesTyping("Marta");
        await screens.Look("conversation", page);
        await page.Locator("[data-emoji]").ClickAsync();
        await Expect(page.Locator("#emoji [data-grid] button").First).ToBeVisibleAsync();
        await screens.Look("conversation-emoji", page);
        await page.Keyboard.PressAsync("Escape");
        await page.Locator("#panel-history").ClickAsync();
        await Expect(page.Locator("#panel-history")).ToHaveAttributeAsync("aria-current", "true");
        await screens.Look("contact-history", page);
        await page.Locator("#panel-notes").ClickAsync();
        await page.Locator("#n-text").FillAsync("Wears 38, prefers brown.");
        await page.Locator("#panel form button").ClickAsync();
        await Expect(page.Locator("#panel .note")).ToContainTextAsync("Wears 38");
        await screens.Look("contact-notes", page);
        await page.SetViewportSizeAsync(1024, 900);
        await page.Locator("[data-toggle=panel-open]").First.ClickAsync();
        await screens.Look("contact-open", page, 1024, 390);
        await page.Keyboard.PressAsync("Escape");
        await lili.AsksToFinish();
        await screens.Look("finish", page);
        await page.Keyboard.PressAsync("Escape");
        await lili.Pauses();
        await screens.Look("conversation-paused", page);
        await lili.Resumes();
        await lili.Finishes("Wanted the brown ones in 38.");
        await screens.Look("conversation-finished", page);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Timeline" }).ClickAsync();
        await Expect(page.Locator("dialog .timeline")).ToBeVisibleAsync();
        await screens.Look("timeline", page);
        await page.Keyboard.PressAsync("Escape");
        await lili.GoesTo("/history");
        await Expect(page.Locator("table")).ToContainTextAsync("Wanted the brown ones");
        await screens.Look("history", page);
        await lili.AsksToSignOut();
        await screens.Look("sign-out", page);
        await lili.SignsOutNow();
        await screens.Look("signed-out", page);
        screens.AreForEverybody();
    });
}

public sealed class VisitorScreensJourney : Journey
{
    [Fact]
    public Task The_screens_of_a_visitor_are_for_everybody() => Play(async () =>
    {
        var screens = new Screens();
        var marta = await Marta();
        await marta.Page.GotoAsync(new Uri(Home.Node.Address, "/demo").ToString());
        await screens.Look("demo", marta.Page);
        await marta.OpensChat();
        await screens.Look("chat-start", marta.Page);
        marta.Profile.Expects("^422 POST .*/conversation$");
        await marta.Find("#start button").ClickAsync();
        await Expect(marta.Find("#name-error")).Not.ToBeEmptyAsync();
        await screens.Look("chat-start-wrong", marta.Page);
        await marta.Starts("Hello, I have a *question* about the size of these shoes.");
        await marta.SeesPlace(1);
        await screens.Look("chat-queue", marta.Page);
        await marta.Find("#leave summary").ClickAsync();
        await screens.Look("chat-leave", marta.Page);
        await marta.Page.Keyboard.PressAsync("Escape");

        var lili = await LiliAvailable();
        await lili.Opens("Marta");
        await lili.Sends("Good afternoon! The _brown_ ones run small: take one size more. 👟");
        await marta.SeesAgent("Lili");
        await marta.Sees("Good afternoon! The brown ones run small: take one size more. 👟");
        await marta.Writes("Thank you. And do you have the same ones in black?");
        await lili.Types("I");
        await marta.SeesTyping("Lili");
        await screens.Look("chat", marta.Page);
        await marta.Find("[data-emoji]").ClickAsync();
        await Expect(marta.Find("#emoji [data-grid] button").First).ToBeVisibleAsync();
        await screens.Look("chat-emoji", marta.Page);
        await marta.Page.Keyboard.PressAsync("Escape");
        marta.Profile.Expects("^422 POST .*/messages");
        await marta.Sends("A \u0001 that no keyboard has");
        await Expect(marta.Find("[data-outbox] [data-status=failed]")).ToContainTextAsync("characters");
        await screens.Look("chat-refused", marta.Page);
        await marta.Find("#end summary").ClickAsync();
        await screens.Look("chat-end", marta.Page);
        await marta.Page.Keyboard.PressAsync("Escape");
        await lili.Finishes("");
        await marta.IsAt("ended");
        await screens.Look("chat-ended", marta.Page);

        var omar = await AVisitor("Omar", new BrowserNewContextOptions { JavaScriptEnabled = false, Locale = "es-UY" });
        await omar.OpensShop();
        await omar.FollowsTheLink();
        await omar.Starts("Hola");
        // Without scripts there is nothing axe could run in.
        await Screens.KeepPicture("plain-queue", omar.Page);

        marta.Profile.Expects("^404 GET .*/chat/no-such-chat$");
        await marta.Page.GotoAsync(new Uri(Home.Node.Address, "/chat/no-such-chat").ToString());
        await Expect(marta.Page.Locator("body")).ToContainTextAsync("This chat is not available at the moment.");
        await screens.Look("chat-unknown", marta.Page);
        screens.AreForEverybody();
    });
}
