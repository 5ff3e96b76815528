using ContactCenter.E2E.Support;
using static Microsoft.Playwright.Assertions;

namespace ContactCenter.E2E.Journeys;

public sealed class EmbeddingJourney : Journey
{
    [Fact]
    public Task A_site_that_is_not_allowed_shows_no_chat_but_says_why() => Play(async () =>
    {
        var shop = await ShopAsync();
        var profile = await SomebodyAsync("Marta");
        profile.Expects("^403 GET .*/chat/demo-sales");
        var marta = new Visitor(profile, await profile.Context.NewPageAsync(), shop.Elsewhere);
        await marta.OpensShop();
        await marta.Launcher.ClickAsync();
        await Expect(marta.Find("body")).ToContainTextAsync("This site may not show the chat");
        await Expect(marta.Find("#pane")).ToHaveCountAsync(0);
    });

    [Fact]
    public Task The_badge_counts_what_comes_while_the_chat_is_minimised() => Play(async () =>
    {
        var lili = await LiliAvailable();
        var marta = await Marta();
        await marta.Comes("Hello");
        await marta.SeesAgent("Lili");
        await lili.Opens("Marta");
        await marta.Find("[data-minimise]").ClickAsync();
        await Expect(marta.Launcher).ToBeFocusedAsync();
        await lili.Writes("Are you still there?");
        await Expect(marta.Launcher).ToHaveAccessibleNameAsync("Open the chat (1 unread)");
        // Another page of the shop, the chat still closed.
        await marta.Page.ReloadAsync();
        await Expect(marta.Launcher).ToHaveAccessibleNameAsync("Open the chat (1 unread)");
        await marta.OpensChat();
        await marta.Sees("Are you still there?");
        await Expect(marta.Launcher).ToHaveAccessibleNameAsync("Minimise the chat");
        await lili.SeesTick("Are you still there?", "read");
    });

    [Fact]
    public Task In_a_browser_that_keeps_nothing_for_frames_Marta_can_talk_all_the_same() => Play(async () =>
    {
        var lili = await LiliAvailable();
        var marta = await Marta();
        await marta.Profile.Context.AddInitScriptAsync("""
            if (window !== top)
              for (const area of ['localStorage', 'sessionStorage'])
                Object.defineProperty(window, area, { get() { throw new DOMException('Access is denied', 'SecurityError'); } });
            """);
        await marta.Comes("I trust nobody");
        await marta.SeesAgent("Lili");
        await lili.Opens("Marta");
        await lili.Writes("That is fine");
        await marta.Sees("That is fine");
        await marta.Writes("Thank you");
        await lili.Sees("Thank you");
    });
}
