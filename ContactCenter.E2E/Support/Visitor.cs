using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ContactCenter.E2E.Support;

/// <summary>Somebody on a web site that has the widget, or, without JavaScript, on the page its link leads to.</summary>
public sealed class Visitor(Profile profile, IPage page, Uri shop) : Person(profile, page)
{
    private const string Widget = "contact-center-chat";

    private bool plain;

    public override ILocator Find(string selector) =>
        plain ? Page.Locator(selector) : Page.FrameLocator($"{Widget} iframe").Locator(selector);

    public ILocator Launcher => Page.Locator($"{Widget} button");

    public async Task<Visitor> InAnotherTab() => new(Profile, await Profile.Context.NewPageAsync(), shop);

    public Task OpensShop() => Page.GotoAsync(shop.ToString());

    public async Task OpensChat()
    {
        await Launcher.ClickAsync();
        await Expect(Find("#pane")).ToBeVisibleAsync();
    }

    /// <summary>Follows the link for browsers without JavaScript.</summary>
    public async Task FollowsTheLink()
    {
        plain = true;
        await Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Chat with us" }).ClickAsync();
        await Expect(Find("#start")).ToBeVisibleAsync();
    }

    /// <summary>Fills in the form and waits, or is attended at once.</summary>
    public async Task Starts(string? text = null, string? language = null)
    {
        await FillsIn(text, language);
        await Find("#start button").ClickAsync();
        await Expect(Find("#log")).ToBeVisibleAsync();
    }

    public async Task FillsIn(string? text = null, string? language = null)
    {
        await Find("#name").FillAsync(Name);
        await Find("#email").FillAsync($"{Name.ToLowerInvariant()}@example.com");
        if (language is not null) await Find("#language").SelectOptionAsync(language);
        if (text is not null) await Find("#text").FillAsync(text);
    }

    /// <summary>From the shop's page into the conversation.</summary>
    public async Task Comes(string? text = null, string? language = null)
    {
        await OpensShop();
        await OpensChat();
        await Starts(text, language);
    }

    /// <param name="stage"><c>start</c>, <c>waiting</c>, <c>attending</c> or <c>ended</c>.</param>
    public Task IsAt(string stage) => Expect(Find("#pane")).ToHaveAttributeAsync("data-stage", stage);

    public Task SeesPlace(int place) => Expect(Find("#queue .place b")).ToHaveTextAsync($"{place}");

    public Task SeesAgent(string name) => Expect(Find("#pane h1")).ToHaveTextAsync(name);

    /// <summary>Without JavaScript nothing comes by itself.</summary>
    public Task ChecksForNews() => Find("form[action*='handler=Refresh'] button").ClickAsync();

    public async Task WritesPlainly(string text)
    {
        await Composer.FillAsync(text);
        await Find("[data-composer] button.send").ClickAsync();
        await Sees(text);
    }

    protected override async Task<System.Text.Json.JsonElement?> InFrame(string script)
    {
        var frame = plain ? Page.MainFrame : await (await Page.Locator($"{Widget} iframe").ElementHandleAsync()).ContentFrameAsync();
        return await frame!.EvaluateAsync(script);
    }
}
