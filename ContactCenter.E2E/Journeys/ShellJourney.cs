using System.Globalization;
using System.Text.RegularExpressions;
using ContactCenter.E2E.Support;
using ContactCenter.Hosting;
using ContactCenter.Tests.Support;
using Microsoft.Playwright;
using Npgsql;
using static Microsoft.Playwright.Assertions;

namespace ContactCenter.E2E.Journeys;

/// <summary>What every page of staff carries: one stream for all that show no conversation, and what it brings.</summary>
public sealed class ShellJourney : Journey
{
    protected override IReadOnlyDictionary<string, string> Settings { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ContactCenter__Limits__StreamsPerSession"] = "1",
            // Nobody's conversation goes back before the server has run for so long.
            ["ContactCenter__PresenceGraceSeconds"] = "10",
        };

    [Fact]
    public Task Lilis_pages_share_one_stream_and_all_say_when_it_rests() => Play(async () =>
    {
        var lili = await Lili();
        await lili.SignsIn();
        await lili.GoesTo("/history");
        var profile = await lili.InAnotherTab();
        await profile.GoesTo("/profile");
        // There is one and no more: with two, one of them would rest.
        await HearsOf("Marta", await Marta(), lili, profile);
        await Expect(Rests(lili)).ToBeHiddenAsync();
        await Expect(Rests(profile)).ToBeHiddenAsync();

        // Another page has a stream of its own, which is one too many: both say so, also the one whose stream it was not.
        var inbox = await lili.InAnotherTab();
        await inbox.GoesTo("/inbox");
        await Expect(Rests(lili)).ToBeVisibleAsync();
        await Expect(Rests(profile)).ToBeVisibleAsync();
        await Screens.KeepPicture("resting", lili.Page);
        await Rests(lili).GetByRole(AriaRole.Button).ClickAsync();
        await Expect(Rests(inbox)).ToBeVisibleAsync();
        await Expect(Rests(lili)).ToBeHiddenAsync();
        await Expect(Rests(profile)).ToBeHiddenAsync();
        await inbox.Page.CloseAsync();

        // Whichever has it is closed, and the other goes on.
        await profile.Page.CloseAsync();
        await HearsOf("João", await AVisitor("João"), lili);
        await Expect(lili.Page.Locator("[data-disconnected]")).ToBeHiddenAsync();
    });

    [Fact]
    public Task Lili_says_from_any_page_with_one_key_that_she_is_still_there() => Play(async () =>
    {
        await AnswersWithinAsync(12);
        var lili = await LiliAvailable();
        var marta = await Marta();
        await marta.Comes("Hello");
        await marta.SeesAgent("Lili");
        await lili.GoesTo("/history");
        var first = await Due(lili, "#bell");
        await Screens.KeepPicture("still-here-bell", lili.Page);
        await lili.Page.Keyboard.PressAsync("Alt+s");
        await Expect(lili.Page.Locator("#bell [data-returns]")).ToHaveCountAsync(0);
        // It would have gone back by now; the next time is told in its row and its pane.
        await lili.GoesTo("/inbox");
        await lili.Opens("Marta");
        var second = await Due(lili, "#head");
        Assert.True(second > first, $"{first} {second}");
        Assert.True(TimeProvider.System.GetUtcNow() > first, "the first time has passed");
        await Expect(lili.Page.Locator("#inbox [data-returns]")).ToHaveCountAsync(1);
        await Expect(lili.Page.Locator("#returns time")).ToHaveTextAsync(new Regex(@"^0:0\d$", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await Screens.KeepPicture("still-here-pane", lili.Page);
        await lili.Writes("Here I am");
        await marta.Sees("Here I am");
        await Expect(lili.Page.Locator("[data-returns]")).ToHaveCountAsync(0);
        await lili.SeesState("Attending");
        await marta.IsAt("attending");
    });

    [Fact]
    public Task What_Lili_was_writing_is_before_her_eyes_when_the_conversation_goes_to_Omar_meanwhile() => Play(async () =>
    {
        await AnswersWithinAsync(8);
        var lili = await LiliAvailable();
        var marta = await Marta();
        await marta.Comes("Hello");
        await marta.SeesAgent("Lili");
        await lili.Opens("Marta");
        await lili.Composer.FillAsync("I have found your order");
        var omar = await AnAgent("Omar");
        await omar.SignsIn();
        await omar.GoesAvailable();
        // On a phone, and elsewhere by then.
        await lili.Page.SetViewportSizeAsync(390, 800);
        await lili.GoesTo("/history");
        await marta.SeesAgent("Omar");
        await Expect(lili.Page.Locator(".toast").First).ToContainTextAsync("Marta went back to the queue: there was no answer in time.");
        await lili.GoesTo("/inbox");
        var left = lili.Page.Locator("[data-left]");
        await Expect(left).ToBeVisibleAsync();
        await Expect(left.Locator("textarea")).ToHaveValueAsync("Marta: I have found your order");
        await Screens.KeepPicture("left-390", lili.Page);
        await lili.Page.SetViewportSizeAsync(1440, 900);
        await Screens.KeepPicture("left-1440", lili.Page);
        await lili.Page.Locator("#bell").EvaluateAsync("bell => bell.showPopover()");
        await Screens.KeepPicture("bell-gone", lili.Page);
        await lili.GoesTo("/history");
        await lili.Page.Locator("[data-bell]").ClickAsync();
        await Expect(lili.Page.Locator("#bell")).ToContainTextAsync("Marta went back");
        await Screens.KeepPicture("bell-history", lili.Page);
        await lili.GoesTo("/inbox");
        await left.Locator("[data-drop]").ClickAsync();
        await Expect(left).ToBeHiddenAsync();
        await lili.Page.ReloadAsync();
        await Expect(left).ToBeHiddenAsync();
        // Once is enough.
        await Expect(lili.Page.Locator(".toast")).ToHaveCountAsync(0);
    });

    private async Task AnswersWithinAsync(int seconds)
    {
        await using var connection = new NpgsqlConnection(Home.ConnectionString);
        await connection.OpenAsync();
        await using var shorter = new NpgsqlCommand(
            "update campaigns set settings = settings || jsonb_build_object('AnswerWithinSeconds', $1) where key = 'demo-sales'", connection)
        {
            Parameters = { new NpgsqlParameter { Value = seconds } },
        };
        Assert.Equal(1, await shorter.ExecuteNonQueryAsync());
    }

    [Fact]
    public Task What_was_typed_when_the_session_had_ended_is_found_again_and_after_a_sign_out_it_is_not() => Play(async () =>
    {
        var ada = await Ada();
        await ada.GoesTo("/administration/users?q=li");
        await ada.Writes("name", "Nora Núñez");
        await ada.Writes("email", "nora@shell.test");
        await ada.Writes("capacity", "17");
        await ada.Ticks("Sales chat");
        await ada.Profile.Context.ClearCookiesAsync();
        await ada.Saves();
        await Expect(ada.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Sign in" })).ToBeVisibleAsync();
        ada.Profile.Expects("^400 POST .*/administration/users");
        await SignInHere(ada.Page, "admin@demo.local");
        await ada.IsTold("nothing was saved");
        await Expect(ada.Page.Locator("[name=name]")).ToHaveValueAsync("Nora Núñez");
        await Expect(ada.Page.Locator("[name=capacity]")).ToHaveValueAsync("17");
        await Expect(ada.Page.GetByLabel("Sales chat", new PageGetByLabelOptions { Exact = true })).ToBeCheckedAsync();
        await Screens.KeepPicture("form-again", ada.Page);
        await ada.Saves();
        await ada.IsTold("on its way to nora@shell.test");

        var lili = await LiliAvailable();
        var marta = await Marta();
        await marta.Comes("Hello");
        await marta.SeesAgent("Lili");
        await lili.Opens("Marta");
        await lili.Composer.FillAsync("Where was I?");
        await lili.Profile.Context.ClearCookiesAsync();
        await lili.Page.ReloadAsync();
        await SignInHere(lili.Page, "lili@demo.local");
        await Expect(lili.Composer).ToHaveValueAsync("Where was I?");
        await lili.AsksToSignOut();
        await lili.SignsOutNow();
        await lili.SignsIn();
        Assert.False(await lili.Page.EvaluateAsync<bool>("() => Object.keys(localStorage).some(key => key.includes('draft'))"));
    });

    private static async Task SignInHere(IPage page, string email)
    {
        await page.FillAsync("#Form_Email", email);
        await page.FillAsync("#Form_Password", DemoSeed.Password);
        await page.Keyboard.PressAsync("Enter");
    }

    private static ILocator Rests(Agent agent) => agent.Page.Locator(".banner[data-displaced]");

    private static async Task HearsOf(string contact, Visitor visitor, params Agent[] agents)
    {
        foreach (var agent in agents)
            await agent.Page.EvaluateAsync("() => { window.news = 0; document.body.addEventListener('inbox', () => window.news++); }");
        await visitor.Comes($"I am {contact}");
        foreach (var agent in agents)
            await Eventually.Holds($"{contact} is heard of", () => agent.Page.EvaluateAsync<bool>("() => window.news > 0"));
    }

    /// <returns>When the conversation goes back, as the page says.</returns>
    private static async Task<DateTimeOffset> Due(Agent agent, string within)
    {
        var returns = agent.Page.Locator($"{within} [data-returns]");
        await Expect(returns).ToHaveCountAsync(1, new LocatorAssertionsToHaveCountOptions { Timeout = 15_000 });
        var milliseconds = (await returns.GetAttributeAsync("data-returns"))!.Split(' ')[1];
        return DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(milliseconds, CultureInfo.InvariantCulture));
    }
}
