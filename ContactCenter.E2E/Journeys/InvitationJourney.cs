using System.Text.RegularExpressions;
using ContactCenter.E2E.Support;
using ContactCenter.Hosting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ContactCenter.E2E.Journeys;

/// <summary>From the administrator's form to a colleague at work, and out again.</summary>
public sealed partial class InvitationJourney : Journey
{
    private const string Chosen = "sunny river window";

    [Fact]
    public Task Ada_invites_Nora_who_chooses_a_password_attends_Marta_and_is_deactivated() => Play(async () =>
    {
        var screens = new Screens();
        var ada = await AdaAsync();
        await ada.GetByRole(AriaRole.Link, new() { Name = "Administration" }).ClickAsync();
        await ada.GetByRole(AriaRole.Link, new() { Name = "Users", Exact = true }).ClickAsync();
        await Expect(ada.Locator("h1")).ToHaveTextAsync("Users");
        await screens.Look("users-new", ada);

        // By keyboard: the name, the address, and the campaigns with the space bar.
        await ada.FocusAsync("#f-name");
        await ada.Keyboard.TypeAsync("Nora");
        await ada.Keyboard.PressAsync("Tab");
        await ada.Keyboard.TypeAsync("nora@example.com");
        foreach (var box in await ada.Locator("[name=campaigns]").AllAsync()) await box.PressAsync(" ");
        await ada.FocusAsync("#f-capacity");
        await ada.Keyboard.PressAsync("Enter");
        await Expect(ada.Locator("[role=status].alert")).ToContainTextAsync("on its way to nora@example.com");
        await Expect(ada.GetByRole(AriaRole.Row).Filter(new() { HasText = "nora@example.com" })).ToContainTextAsync("invited");
        await screens.Look("users-invited", ada);

        var profile = await SomebodyAsync("Nora");
        var nora = new Agent(profile, await profile.Context.NewPageAsync(), Home.Node.Address);
        await nora.Page.GotoAsync((await Home.Mail.LinkToAsync("nora@example.com")).ToString());
        await Expect(nora.Page.Locator("h1")).ToHaveTextAsync("Welcome, Nora");
        await screens.Look("invitation", nora.Page);
        await nora.Page.FillAsync("#Form_Password", Chosen);
        await nora.Page.FillAsync("#Form_Repeated", Chosen);
        await nora.Page.Keyboard.PressAsync("Enter");
        // Her address is there, and the password is what is asked for.
        await Expect(nora.Page.Locator("#Form_Email")).ToHaveValueAsync("nora@example.com");
        await Expect(nora.Page.Locator("#Form_Password")).ToBeFocusedAsync();
        await nora.Page.Keyboard.TypeAsync(Chosen);
        await nora.Page.Keyboard.PressAsync("Enter");
        await Expect(nora.Page).ToHaveURLAsync(new Uri(Home.Node.Address, "/inbox").ToString());
        await nora.SeesCount("attending", 0);
        await nora.GoesAvailable();
        var marta = await Marta();
        await marta.Comes("Is anybody there?");
        await marta.SeesAgent("Nora");
        await nora.Opens("Marta");

        nora.Profile.Expects("^401 ");
        await ada.ReloadAsync();
        await ada.GetByRole(AriaRole.Link, new() { Name = "Deactivate…" }).ClickAsync();
        await Expect(ada.Locator(".question")).ToContainTextAsync("Their open conversation goes back");
        await screens.Look("users-deactivation", ada);
        await ada.GetByRole(AriaRole.Button, new() { Name = "Deactivate" }).ClickAsync();
        await Expect(nora.Page).ToHaveURLAsync(SignIn());
        await marta.IsAt("waiting");
        screens.AreForEverybody();
    });

    [Fact]
    public Task The_screens_of_clients_projects_departments_and_breaks_are_for_everybody() => Play(async () =>
    {
        var screens = new Screens();
        var profile = await SomebodyAsync("Ada");
        var ada = await AdaAsync(profile);
        foreach (var (path, entry) in ((string, string)[])[("clients", "Acme"), ("projects", "Online shop"), ("departments", "Sales"), ("breaks", "Coffee")])
        {
            await ada.GotoAsync(new Uri(Home.Node.Address, $"/administration/{path}").ToString());
            await screens.Look(path + "-new", ada, 1440, 390);
            await ada.GetByRole(AriaRole.Link, new() { Name = entry, Exact = true }).ClickAsync();
            await Expect(ada.Locator("#f-name")).ToHaveValueAsync(entry);
            await screens.Look(path, ada);
        }
        profile.Expects("^(422|409) POST ");
        await ada.Locator("#f-name").FillAsync("");
        await ada.Keyboard.PressAsync("Enter");
        await Expect(ada.Locator("#f-name-error")).ToBeVisibleAsync();
        await screens.Look("breaks-wrong", ada, 1440, 390);

        // Somebody else saves meanwhile.
        await ada.GetByRole(AriaRole.Link, new() { Name = "Coffee", Exact = true }).ClickAsync();
        var other = await profile.Context.NewPageAsync();
        await other.GotoAsync(ada.Url);
        await other.FillAsync("#f-name", "Tea");
        await other.Keyboard.PressAsync("Enter");
        await Expect(other.Locator("[role=status].alert")).ToHaveTextAsync("Saved.");
        await ada.Locator("[name=icon][value=sun]").CheckAsync();
        await ada.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Expect(ada.Locator(".conflict")).ToContainTextAsync("Somebody else saved this meanwhile.");
        await screens.Look("breaks-conflict", ada, 1440, 390);
        await ada.GetByRole(AriaRole.Button, new() { Name = "Save mine" }).ClickAsync();
        await Expect(ada.Locator("#f-name")).ToHaveValueAsync("Coffee");

        await ada.GotoAsync(new Uri(Home.Node.Address, "/administration/departments").ToString());
        await ada.GetByRole(AriaRole.Link, new() { Name = "Sales", Exact = true }).ClickAsync();
        await ada.GetByRole(AriaRole.Link, new() { Name = "Delete…" }).ClickAsync();
        await Expect(ada.Locator(".question")).ToContainTextAsync("Deactivate it instead");
        await screens.Look("departments-deletion", ada, 1440, 390);
        await ada.GetByRole(AriaRole.Button, new() { Name = "Deactivate" }).ClickAsync();
        await Expect(ada.Locator("[role=status].alert")).ToContainTextAsync("offered to nobody any more");
        screens.AreForEverybody();
    });

    private async Task<IPage> AdaAsync(Profile? profile = null)
    {
        var page = await (profile ?? await SomebodyAsync("Ada")).Context.NewPageAsync();
        await page.GotoAsync(new Uri(Home.Node.Address, "/sign-in").ToString());
        await page.FillAsync("#Form_Email", "admin@demo.local");
        await page.FillAsync("#Form_Password", DemoSeed.Password);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Administration" })).ToBeVisibleAsync();
        return page;
    }

    [GeneratedRegex("/sign-in", RegexOptions.None, 1000)]
    private static partial Regex SignIn();
}
