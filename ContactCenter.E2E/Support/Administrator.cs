using ContactCenter.Hosting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ContactCenter.E2E.Support;

/// <summary>Who sets the contact centre up.</summary>
public sealed class Administrator(IPage page, Profile profile, Uri address)
{
    public IPage Page => page;

    public Profile Profile => profile;

    public Task GoesTo(string path) => page.GotoAsync(new Uri(address, path).ToString());

    public async Task SignsIn()
    {
        await GoesTo("/sign-in");
        await page.FillAsync("#Form_Email", "admin@demo.local");
        await page.FillAsync("#Form_Password", DemoSeed.Password);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign out" })).ToBeVisibleAsync();
    }

    /// <summary>Writes into the field of this name.</summary>
    public Task Writes(string field, string text) => page.Locator($"[name='{field}']").FillAsync(text);

    public Task Chooses(string field, string option) =>
        page.Locator($"select[name='{field}']").SelectOptionAsync(new SelectOptionValue { Label = option });

    /// <summary>Ticks one of a column's names.</summary>
    public Task Ticks(string name) => page.GetByLabel(name, new PageGetByLabelOptions { Exact = true }).CheckAsync();

    public Task Presses(string button) =>
        page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = button, Exact = true }).First.ClickAsync();

    public Task Saves() => page.Locator(".bar .primary").ClickAsync();

    public Task IsTold(string what) => Expect(page.Locator(".alert").First).ToContainTextAsync(what);
}
