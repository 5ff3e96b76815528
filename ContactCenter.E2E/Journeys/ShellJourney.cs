using System.Globalization;
using System.Text.RegularExpressions;
using ContactCenter.E2E.Support;
using ContactCenter.Tests.Support;
using Microsoft.Playwright;
using Npgsql;
using static Microsoft.Playwright.Assertions;

namespace ContactCenter.E2E.Journeys;

/// <summary>What every page of staff carries: one stream for all that show no conversation, and what it brings.</summary>
public sealed class ShellJourney : Journey
{
    protected override IReadOnlyDictionary<string, string> Settings { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal) { ["ContactCenter__Limits__StreamsPerSession"] = "1" };

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
        await using (var connection = new NpgsqlConnection(Home.ConnectionString))
        {
            await connection.OpenAsync();
            await using var shorter = new NpgsqlCommand(
                """update campaigns set settings = settings || '{"AnswerWithinSeconds": 12}' where key = 'demo-sales'""", connection);
            Assert.Equal(1, await shorter.ExecuteNonQueryAsync());
        }
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
        Assert.True(DateTimeOffset.UtcNow > first, "the first time has passed");
        await Expect(lili.Page.Locator("#inbox [data-returns]")).ToHaveCountAsync(1);
        await Expect(lili.Page.Locator("#returns time")).ToHaveTextAsync(new Regex(@"^0:0\d$"));
        await Screens.KeepPicture("still-here-pane", lili.Page);
        await lili.Writes("Here I am");
        await marta.Sees("Here I am");
        await Expect(lili.Page.Locator("[data-returns]")).ToHaveCountAsync(0);
        await lili.SeesState("Attending");
        await marta.IsAt("attending");
    });

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
