using ContactCenter.E2E.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ContactCenter.E2E.Journeys;

public sealed class SetupJourney : Journey
{
    protected override Task<Installation> InstallAsync() => Installation.StartEmptyAsync();

    [Fact]
    public Task Who_knows_the_code_becomes_the_administrator_in_production_once() => Play(async () =>
    {
        var screens = new Screens();
        var profile = await SomebodyAsync("Ada");
        var page = await profile.Context.NewPageAsync();
        await page.GotoAsync(Home.Node.Address.ToString());
        await Expect(page).ToHaveURLAsync(new Uri(Home.Node.Address, "/setup").ToString());
        await screens.Look("setup", page);
        await Expect(page.Locator("#Form_TimeZone")).ToHaveValueAsync("America/Montevideo");
        // Somebody who has found the page first does not know the code.
        await page.FillAsync("#Form_Code", "0000-0000-0000-0000");
        await page.FillAsync("#Form_DisplayName", "Ada");
        await page.FillAsync("#Form_Email", "ada@example.com");
        await page.FillAsync("#Form_Password", "four words are enough");
        await page.FillAsync("#Form_Repeated", "four words are enough");
        profile.Expects("^422 POST .*/setup$");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("This is not the code.")).ToBeVisibleAsync();
        await screens.Look("setup-refused", page);
        await page.FillAsync("#Form_Code", Home.SetupCode);
        await page.FillAsync("#Form_Password", "four words are enough");
        await page.FillAsync("#Form_Repeated", "four words are enough");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign out" })).ToBeVisibleAsync();

        var other = await SomebodyAsync("Eve");
        other.Expects("^404 GET .*/setup$");
        var hers = await other.Context.NewPageAsync();
        await hers.GotoAsync(new Uri(Home.Node.Address, "/setup").ToString());
        await Expect(hers.Locator("#Form_DisplayName")).ToHaveCountAsync(0);
        screens.AreForEverybody();
    });
}
