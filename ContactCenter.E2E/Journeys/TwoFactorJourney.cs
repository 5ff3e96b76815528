using ContactCenter.E2E.Support;
using ContactCenter.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ContactCenter.E2E.Journeys;

public sealed class TwoFactorJourney : Journey
{
    [Fact]
    public Task Lili_sets_up_the_second_step_and_signs_in_with_it() => Play(async () =>
    {
        var screens = new Screens();
        var lili = await Lili();
        var page = lili.Page;
        await lili.SignsIn();
        await lili.GoesTo("/profile");
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Set it up" }).ClickAsync();
        await screens.Look("two-factor-off", page, 1440, 390);
        await page.FillAsync("#password", Hosting.DemoSeed.Password);
        await Presses(page, "Set it up");
        await Expect(page.Locator(".scan .picture svg")).ToBeVisibleAsync();
        await screens.Look("two-factor-scan", page);
        var phone = Authenticator.Scan(await page.ContentAsync());
        lili.Profile.Expects("^422 POST .*/(two-factor|code)");
        await page.FillAsync("#code", "000");
        await Presses(page, "Turn it on");
        await Expect(page.Locator("#code-error")).ToContainTextAsync("This is not the code");
        await page.FillAsync("#code", phone.Code());
        await Presses(page, "Turn it on");
        await Expect(page.Locator(".codes li")).ToHaveCountAsync(10);
        await screens.Look("two-factor-codes", page);
        var recovery = await page.Locator(".codes li").First.InnerTextAsync();
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "I have kept them" }).ClickAsync();
        await lili.SignsOut();

        await page.FillAsync("#Form_Email", "lili@demo.local");
        await page.FillAsync("#Form_Password", Hosting.DemoSeed.Password);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#code")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("nothing");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#code-error")).ToContainTextAsync("This code is not right");
        await screens.Look("sign-in-code", page);
        await page.FillAsync("#code", recovery);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Uri(Home.Node.Address, "/inbox").ToString());
        await lili.GoesTo("/profile/two-factor");
        await Expect(page.Locator(".account form")).ToContainTextAsync("9 recovery codes are left.");
        await screens.Look("two-factor-on", page, 1440, 390);
        screens.AreForEverybody();
    });

    private static Task Presses(IPage page, string button) =>
        page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = button, Exact = true }).ClickAsync();
}
