using ContactCenter.E2E.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ContactCenter.E2E.Journeys;

/// <summary>The main path: from another site's page through the queue to an agent, to its end and into the history.</summary>
public sealed class TalkJourney : Journey
{
    [Fact]
    public Task Marta_writes_from_a_shop_and_talks_with_Lili_until_the_end() => Play(async () =>
    {
        var marta = await Marta();
        await marta.Comes("Do you have these in 38?");
        await marta.IsAt("waiting");
        await marta.SeesPlace(1);
        await marta.SeesTick("Do you have these in 38?", "sent");

        var lili = await Lili();
        await lili.SignsIn();
        await lili.SeesCount("attending", 0);
        await Expect(lili.Find("#pane .nothing")).ToContainTextAsync("Turn on “Accept new conversations”", new() { UseInnerText = true });
        await lili.GoesAvailable();
        await Expect(lili.Find("#pane .nothing")).ToContainTextAsync("Choose one from the list.", new() { UseInnerText = true });

        // She is told in every way there is.
        await Expect(lili.Item("Marta").Locator(".tick")).ToBeVisibleAsync();
        await Expect(lili.Page).ToHaveTitleAsync("(1) Inbox · ContactCenter");
        await Expect(lili.Page.Locator("[data-bell] [data-count]")).ToHaveTextAsync("1");
        await lili.Page.WaitForFunctionAsync("() => window.rang > 0");
        await marta.IsAt("attending");
        await marta.SeesAgent("Lili");
        await marta.Sees("Hello Marta, this is Lili. How can I help you?");

        await lili.Opens("Marta");
        await Expect(lili.Item("Marta").Locator(".tick")).ToHaveCountAsync(0);
        await Expect(lili.Page).ToHaveTitleAsync("Marta · ContactCenter");
        await Expect(lili.Find("#scroll")).ToContainTextAsync("The contact waited");
        await Expect(lili.Find("#head")).ToContainTextAsync("marta@example.com");
        await lili.Sees("Do you have these in 38?");
        await marta.SeesTick("Do you have these in 38?", "read");

        await lili.Types("Let me look");
        await marta.SeesTyping("Lili");
        await lili.Sends("Let me look. In *brown*? 👟");
        await marta.Sees("Let me look. In brown? 👟");
        await Expect(marta.Message("Let me look. In brown? 👟").Locator("b, strong")).ToHaveTextAsync("brown");
        await marta.SeesNobodyTyping();
        await lili.SeesTick("Let me look. In brown? 👟", "read");

        await marta.Types("Yes");
        await lili.SeesTyping("Marta");
        // Somebody who is at another window has received it and has not read it.
        await lili.LooksAway();
        await marta.Writes("Yes, in brown.");
        await lili.Sees("Yes, in brown.");
        await marta.SeesTick("Yes, in brown.", "delivered");
        await lili.LooksAgain();
        await marta.SeesTick("Yes, in brown.", "read");

        // What the preview shows is what is sent.
        const string plain = "see https://shop.example/a_b or www.shop.example, ¯\\_(ツ)_/¯ “https://shop.example/c” lili@shop.example";
        await lili.Composer.FillAsync($"*{plain[..28]}*{plain[28..]}");
        var preview = await lili.Find("[data-composer] [data-preview]").InnerHTMLAsync();
        Assert.Contains("<b>see <a href=\"https://shop.example/a_b\"", preview, StringComparison.Ordinal);
        await lili.Composer.PressAsync("Enter");
        await lili.Sees(plain);
        Assert.Equal(preview, await lili.Message(plain).Locator(".body").InnerHTMLAsync());
        await marta.Sees(plain);
        Assert.Equal(preview, await marta.Message(plain).Locator(".body").InnerHTMLAsync());

        await lili.Finishes("Wanted the brown ones in 38.");
        await lili.SeesState("Completed");
        await lili.SeesCount("attending", 0);
        await marta.IsAt("ended");
        await Expect(marta.Find("#log")).ToContainTextAsync("Thank you for talking with us. Your ticket number is");
        await Expect(marta.Composer).ToHaveCountAsync(0);
        await SeeTheSame(marta, lili);
        await Expect(marta.Find("#pane")).Not.ToContainTextAsync("Wanted the brown ones");

        // Afterwards: from the history, by its address, and from the contact's next conversation.
        await lili.GoesTo("/history");
        var row = lili.Page.GetByRole(AriaRole.Row).Filter(new LocatorFilterOptions { HasText = "Wanted the brown ones in 38." });
        await row.GetByRole(AriaRole.Link).ClickAsync();
        await lili.SeesReadOnly();
        await SeeTheSame(marta, lili);
        await Expect(lili.Find("#dock")).ToContainTextAsync("Wanted the brown ones in 38.");

        await lili.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Timeline" }).ClickAsync();
        var timeline = lili.Page.Locator("dialog .timeline");
        await Expect(timeline).ToContainTextAsync("Assigned to Lili");
        await Expect(timeline).ToContainTextAsync("Fewest active: had 0 of 6; 1 of 3 members could take it");
        await lili.Page.Keyboard.PressAsync("Escape");
        await Expect(timeline).ToHaveCountAsync(0);

        await marta.Find(".again button").ClickAsync();
        await marta.IsAt("start");
        await Expect(marta.Find("#name")).ToHaveValueAsync("Marta");
        await marta.Starts("Now I want them in black.");
        await lili.GoesTo("/inbox");
        await lili.Opens("Marta");
        await lili.Sees("Now I want them in black.");
        await lili.Page.Locator("#panel-history").ClickAsync();
        var past = lili.Page.Locator("#panel .past a:not([aria-current])");
        await Expect(past).ToContainTextAsync("Wanted the brown ones in 38.");
        await past.ClickAsync();
        await lili.SeesReadOnly();
        await lili.Sees("Yes, in brown.");
    });

    [Fact]
    public Task Two_nodes_on_one_database_behave_as_one() => Play(async () =>
    {
        var other = await Home.AddNodeAsync();
        var lili = await LiliAvailable(at: other);
        var marta = await Marta(at: Home.Node);
        await marta.Comes("Hello from the first node");
        await marta.SeesAgent("Lili");
        await lili.Opens("Marta");
        await lili.Sees("Hello from the first node");
        await marta.SeesTick("Hello from the first node", "read");

        await lili.Types("Hello");
        await marta.SeesTyping("Lili");
        await lili.Writes("Hello from the second");
        await marta.Sees("Hello from the second");
        await lili.SeesTick("Hello from the second", "read");
        await marta.Types("Good");
        await lili.SeesTyping("Marta");
        await marta.Writes("Good to meet you");
        await lili.Sees("Good to meet you");

        await lili.Finishes("Across nodes");
        await marta.IsAt("ended");
        await SeeTheSame(marta, lili);
    });
}
