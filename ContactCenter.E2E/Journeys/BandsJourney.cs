using ContactCenter.E2E.Support;
using static Microsoft.Playwright.Assertions;

namespace ContactCenter.E2E.Journeys;

public sealed class BandsJourney : Journey
{
    [Fact]
    public Task Sofia_sees_a_conversation_turn_yellow_and_red_and_Omar_idle() => Play(async () =>
    {
        var ada = await AnAgent("Admin");
        await ada.SignsIn("/administration/campaigns");
        foreach (var campaign in (string[])["Sales chat", "Support chat"])
            await ada.ChangesCampaign(campaign, async page =>
            {
                await page.FillAsync("#f-yellow", "10");
                await page.FillAsync("#f-red", "20");
                await page.FillAsync("#f-idle", "10");
            });
        var sofia = await AnAgent("Supervisor");
        await sofia.SignsIn("/supervision");
        await sofia.GoesTo("/supervision");
        var lili = await LiliAvailable();
        var omar = await AnAgent("Omar");
        await omar.SignsIn();
        var marta = await Marta();
        await marta.Comes("Hello");
        var bar = sofia.Page.Locator(".bars a.bar[aria-label*=Marta]");
        await Expect(bar).ToHaveAttributeAsync("data-level", "green");
        await omar.GoesAvailable();
        await Expect(bar).ToHaveAttributeAsync("data-level", "yellow");
        await Expect(bar).ToHaveAttributeAsync("data-level", "red");
        var idle = sofia.Page.Locator("tr").Filter(new() { Has = sofia.Page.Locator(".who", new() { HasText = "Omar" }) }).Locator(".idle");
        await Expect(idle).ToBeVisibleAsync();

        await lili.Opens("Marta");
        await lili.Finishes("");
        await Expect(bar).ToHaveCountAsync(0);
    });
}
