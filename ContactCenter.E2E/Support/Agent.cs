using ContactCenter.Hosting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ContactCenter.E2E.Support;

/// <summary>An agent at the workspace.</summary>
public sealed class Agent(Profile profile, IPage page, Uri address) : Person(profile, page)
{
    public override ILocator Find(string selector) => Page.Locator(selector);

    public async Task<Agent> InAnotherTab() => new(Profile, await Profile.Context.NewPageAsync(), address);

    public Task GoesTo(string path) => Page.GotoAsync(new Uri(address, path).ToString());

    /// <param name="to">Where this role works.</param>
    public async Task SignsIn(string to = "/inbox")
    {
        await GoesTo("/sign-in");
        await Page.FillAsync("#Form_Email", $"{Name.ToLowerInvariant()}@demo.local");
        await Page.FillAsync("#Form_Password", DemoSeed.Password);
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page).ToHaveURLAsync(new Uri(address, to).ToString());
        // A notice that rings is noted, for nobody here has ears.
        await Page.EvaluateAsync("() => { window.rang = 0; document.addEventListener('cc:rang', () => window.rang++); }");
    }

    public async Task SignsOut()
    {
        await Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign out" }).ClickAsync();
        await Expect(Page).ToHaveURLAsync(new Uri(address, "/sign-in").ToString());
    }

    /// <summary>She has conversations open, and is asked.</summary>
    public async Task AsksToSignOut()
    {
        Profile.Expects("^409 POST .*/sign-out");
        await Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign out" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Sign out?" })).ToBeVisibleAsync();
    }

    public async Task SignsOutNow()
    {
        await Page.Locator("main").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Sign out" }).ClickAsync();
        await Expect(Page).ToHaveURLAsync(new Uri(address, "/sign-in").ToString());
    }

    public ILocator Switch => Page.Locator("#accepting");

    public async Task GoesAvailable()
    {
        await Switch.ClickAsync();
        await Expect(Switch).ToHaveAttributeAsync("aria-checked", "true");
    }

    public async Task GoesAway()
    {
        await Switch.ClickAsync();
        await Expect(Switch).ToHaveAttributeAsync("aria-checked", "false");
    }

    /// <summary>A conversation in the list, by the contact's name.</summary>
    public ILocator Item(string contact) =>
        Page.Locator("#inbox a.item").Filter(new LocatorFilterOptions { Has = Page.Locator(".name", new PageLocatorOptions { HasText = contact }) });

    /// <param name="tab"><c>waiting</c>, <c>attending</c>, <c>paused</c> or <c>outofhours</c>.</param>
    public async Task LooksAt(string tab)
    {
        await Page.Locator($"#tab-{tab}").ClickAsync();
        await Expect(Page.Locator($"#tab-{tab}")).ToHaveAttributeAsync("aria-current", "true");
    }

    public Task SeesCount(string tab, int count) => Expect(Page.Locator($"#tab-{tab} b")).ToHaveTextAsync($"{count}");

    public Task SeesState(string state) => Expect(Page.Locator("#title .chip")).ToHaveTextAsync(state);

    public async Task Opens(string contact)
    {
        await Item(contact).ClickAsync();
        await Expect(Page.Locator("#title")).ToContainTextAsync(contact);
        await Expect(Page.Locator("#dock")).ToBeVisibleAsync();
    }

    public async Task Pauses()
    {
        await Page.Locator("#pause").ClickAsync();
        await SeesState("Paused");
    }

    public async Task Resumes()
    {
        await Page.Locator("#resume").ClickAsync();
        await SeesState("Attending");
    }

    public async Task AsksToFinish()
    {
        await Page.Locator("#finish").ClickAsync();
        await Expect(Page.Locator("#closure")).ToBeVisibleAsync();
    }

    public async Task Finishes(string note)
    {
        await AsksToFinish();
        await Page.Locator("#note").FillAsync(note);
        await Page.Locator("#closure button.primary").ClickAsync();
        await Expect(Page.Locator("#closure")).ToHaveCountAsync(0);
        await SeesReadOnly();
    }

    public async Task SeesReadOnly()
    {
        await Expect(Page.Locator("#dock .readonly")).ToBeVisibleAsync();
        await Expect(Composer).ToHaveCountAsync(0);
    }

    protected override Task<System.Text.Json.JsonElement?> InFrame(string script) => Page.EvaluateAsync(script);
}
