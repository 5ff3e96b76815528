using ContactCenter.E2E.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ContactCenter.E2E.Journeys;

public sealed class SupervisionJourney : Journey
{
    [Fact]
    public Task Sofia_reads_along_chats_with_Lili_sends_her_on_a_break_and_logs_her_out() => Play(async () =>
    {
        var lili = await LiliAvailable();
        var marta = await Marta();
        await marta.Comes("Is anybody there?");
        await marta.SeesAgent("Lili");
        await lili.Opens("Marta");
        var sofia = await Sofia();
        var row = sofia.Page.Locator("#board tr").Filter(new LocatorFilterOptions { HasText = "Lili" });
        await Expect(row).ToContainTextAsync("Busy");

        // She reads along; neither of the two sees it.
        await OpensRow(sofia, row);
        await sofia.Page.Locator("#agent .spy a").ClickAsync();
        await sofia.Sees("Is anybody there?");
        await sofia.SeesReadOnly();
        await lili.Writes("Yes, I am");
        await sofia.Sees("Yes, I am");
        await marta.Sees("Yes, I am");
        await marta.Writes("Good");
        await sofia.Sees("Good");
        await SeeTheSame(marta, sofia);
        await SeeTheSame(marta, lili);

        // They chat, Lili without leaving her conversation.
        await sofia.GoesTo("/supervision");
        await OpensRow(sofia, row);
        await sofia.Page.Locator("#agent a", new PageLocatorOptions { HasText = "Chat with Lili" }).ClickAsync();
        await SaysDirectly(sofia, "Offer her the discount");
        await Expect(lili.Page.Locator(".toast")).ToContainTextAsync("Sofía wrote to you");
        await Expect(lili.Page.Locator("#direct .badge")).ToContainTextAsync("1");
        await lili.Page.Locator("#direct a").ClickAsync();
        await SeesDirectly(lili, "Offer her the discount");
        await SaysDirectly(lili, "I will");
        await SeesDirectly(sofia, "I will");
        await Expect(lili.Page.Locator("#direct .badge")).ToHaveCountAsync(0);
        await Expect(sofia.Page.Locator("#direct-log .msg.out footer")).ToContainTextAsync("Read");
        await lili.Page.Keyboard.PressAsync("Escape");
        await lili.Writes("There is a discount");
        await marta.Sees("There is a discount");
        await sofia.Page.Keyboard.PressAsync("Escape");

        // A break: nothing new comes, and Lili is told by whom.
        await OpensRow(sofia, row);
        await sofia.Page.Locator("#agent-reason").SelectOptionAsync(new SelectOptionValue { Label = "Coffee" });
        await sofia.Page.Locator("#agent button", new PageLocatorOptions { HasText = "Send on a break" }).ClickAsync();
        await Expect(row).ToContainTextAsync("Coffee");
        await Expect(lili.Page.Locator("#availability")).ToContainTextAsync("Sofía");

        // Logged out: her tab is signed out and Marta waits again in her place.
        lili.Profile.Expects("^(401|404) ");
        await OpensRow(sofia, row);
        await sofia.Page.Locator("#agent a", new PageLocatorOptions { HasText = "Log out" }).ClickAsync();
        await Expect(sofia.Page.Locator("#departure")).ToContainTextAsync("Their open conversation goes back to its place in the queue.");
        await sofia.Page.Locator("#departure button", new PageLocatorOptions { HasText = "Log out" }).ClickAsync();
        await lili.Page.WaitForURLAsync("**/sign-in**", new PageWaitForURLOptions { Timeout = 4_000 });
        await marta.SeesPlace(1);
        await Expect(row).ToContainTextAsync("Disconnected");
        await Expect(sofia.Page.Locator("#board .queue")).ToContainTextAsync("Marta");
    });

    private async Task<Agent> Sofia()
    {
        var sofia = await AnAgent("supervisor");
        await sofia.SignsIn(to: "/supervision");
        return sofia;
    }

    private static async Task OpensRow(Agent sofia, ILocator row)
    {
        await row.Locator("[id^=do-]").ClickAsync();
        await Expect(sofia.Page.Locator("#agent")).ToBeVisibleAsync();
    }

    private static async Task SaysDirectly(Agent person, string text)
    {
        await person.Page.Locator(".talk textarea").FillAsync(text);
        await person.Page.Locator(".talk textarea").PressAsync("Enter");
        await SeesDirectly(person, text);
        await Expect(person.Page.Locator(".talk textarea")).ToHaveValueAsync("");
    }

    private static Task SeesDirectly(Agent person, string text) =>
        Expect(person.Page.Locator("#direct-log .msg").Filter(new LocatorFilterOptions { HasText = text })).ToHaveCountAsync(1);
}
