using ContactCenter.E2E.Support;
using ContactCenter.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ContactCenter.E2E.Journeys;

/// <summary>What supervisors watch and what administrators keep running, for everybody's eyes.</summary>
public sealed class SupervisionScreensJourney : Journey
{
    [Fact]
    public Task The_screens_of_a_supervisor_are_for_everybody() => Play(async () =>
    {
        var screens = new Screens();
        var sofia = await AnAgent("Supervisor");
        await sofia.SignsIn(to: "/supervision");
        var page = sofia.Page;
        await screens.Look("board-quiet", page);

        var lili = await LiliAvailable();
        foreach (var name in (string[])["Marta", "Maximiliana", "Bruno", "Carla", "Diego", "Elena", "Fabio", "Gina"])
        {
            var visitor = await AVisitor(name);
            await visitor.Comes();
        }
        await Expect(page.Locator("#board .queue tbody tr")).ToHaveCountAsync(2);
        var row = page.Locator("#board .agents tr").Filter(new LocatorFilterOptions { HasText = "Lili" });
        await Expect(row.Locator("a.bar")).ToHaveCountAsync(6);
        await screens.Look("board", page);
        await row.Locator("[id^=do-]").ClickAsync();
        await Expect(page.Locator("#agent")).ToBeVisibleAsync();
        await screens.Look("board-agent", page);
        await page.Locator("#agent a", new PageLocatorOptions { HasText = "Chat with Lili" }).ClickAsync();
        await Expect(page.Locator(".talk textarea")).ToBeVisibleAsync();
        await page.Locator(".talk textarea").FillAsync("Offer her the discount");
        await page.Locator(".talk textarea").PressAsync("Enter");
        await Expect(page.Locator("#direct-log .msg")).ToHaveCountAsync(1);
        await screens.Look("direct", page);
        await page.Keyboard.PressAsync("Escape");
        await page.Locator(".tile a").Nth(1).ClickAsync();
        await Expect(page.Locator(".behind table tbody tr")).ToHaveCountAsync(2);
        await screens.Look("figure", page);

        await sofia.GoesTo("/supervision");
        await row.Locator("a.bar").First.ClickAsync();
        await sofia.SeesReadOnly();
        await screens.Look("spy", page);
        await sofia.GoesTo("/supervision");
        await page.Locator("[popovertarget=campaigns]").ClickAsync();
        await page.Locator("[popover] a", new PageLocatorOptions { HasText = "Sales chat" }).ClickAsync();
        await Expect(page.Locator("h1")).ToContainTextAsync("Sales chat");
        await page.GotoAsync(page.Url + "/wallboard");
        await Expect(page.Locator("#wall dl")).ToBeVisibleAsync();
        await screens.Look("wallboard", page);
        await lili.GoesAway();
        screens.AreForEverybody();
    });

    [Fact]
    public Task The_jobs_and_the_bot_are_for_everybody() => Play(async () =>
    {
        var screens = new Screens();
        var ada = await Ada();
        var page = ada.Page;
        await ada.GoesTo("/administration/jobs");
        await Expect(page.Locator(".jobs")).ToBeVisibleAsync();
        await Eventually.Holds("every job has told of itself", async () =>
        {
            await page.ReloadAsync();
            return await page.Locator(".jobs table").First.Locator("tbody tr").CountAsync() >= 5;
        });
        await screens.Look("jobs", page);

        await ada.GoesTo("/administration/campaigns");
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Sales chat" }).ClickAsync();
        await page.Locator("[name=botEnabled]").CheckAsync();
        await ada.Writes("botName", "Barro");
        await ada.Writes("botWelcome.en", "Hello {contact}, this is {agent}.");
        foreach (var label in (string[])["A piece arrived broken", "Something else"])
        {
            var option = await page.AddsRow("options");
            await option.Locator("[lang=en]").FillAsync(label);
        }
        await page.Locator("[name=botName]").ScrollIntoViewIfNeededAsync();
        await screens.Look("campaign-bot", page);
        ada.Profile.Expects("^422 POST .*/administration/");
        await page.Locator("[data-list=options] [lang=en]").Last.FillAsync("");
        await ada.Saves();
        await ada.IsTold("Nothing was saved yet.");
        await page.Locator("[name=botName]").ScrollIntoViewIfNeededAsync();
        await screens.Look("campaign-bot-wrong", page);
        screens.AreForEverybody();
    });
}
