using ContactCenter.E2E.Support;
using ContactCenter.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ContactCenter.E2E.Journeys;

public sealed class TabsJourney : Journey
{
    protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["ContactCenter__Limits__StreamsPerVisitor"] = "2",
        ["ContactCenter__Limits__StreamsPerSession"] = "4",
    };

    [Fact]
    public Task Marta_reloads_and_opens_a_second_tab_and_goes_on_in_both() => Play(async () =>
    {
        var lili = await LiliAvailable();
        var marta = await Marta();
        await marta.Comes("First");
        await marta.SeesAgent("Lili");
        await lili.Opens("Marta");
        await lili.Writes("Second");
        await marta.Sees("Second");

        await marta.Page.ReloadAsync();
        await marta.IsAt("attending");
        await marta.Sees("First");
        await marta.Sees("Second");

        var other = await marta.InAnotherTab();
        await other.OpensShop();
        await other.OpensChat();
        await other.IsAt("attending");
        await other.Sees("Second");

        await marta.Writes("Third, from the one");
        await other.Sees("Third, from the one");
        await other.Writes("Fourth, from the other");
        await marta.Sees("Fourth, from the other");
        await lili.Sees("Fourth, from the other");
        await lili.Writes("Fifth");
        await marta.Sees("Fifth");
        await other.Sees("Fifth");
        await SeeTheSame(marta, other);
        await SeeTheSame(marta, lili);
        await lili.SeesCount("attending", 1);

        // One tab too many: the oldest says so, does not fight for its place, and goes on when she asks it to.
        var third = await marta.InAnotherTab();
        await third.OpensShop();
        await third.OpensChat();
        await third.Sees("Fifth");
        await Expect(marta.Find("[data-displaced]")).ToBeVisibleAsync();
        await lili.Writes("Sixth");
        await other.Sees("Sixth");
        await third.Sees("Sixth");
        // Not even when its pane is fetched anew.
        var fetched = marta.Page.WaitForResponseAsync(answer => answer.Url.Contains("/pane?", StringComparison.Ordinal));
        await marta.Find("#pane").EvaluateAsync("pane => htmx.trigger(pane, 'cc:refresh')");
        await fetched;
        await lili.Writes("Seventh");
        await other.Sees("Seventh");
        await third.Sees("Seventh");
        await Expect(marta.Find("[data-displaced]")).ToBeVisibleAsync();
        await Expect(third.Find("[data-displaced]")).ToBeHiddenAsync();
        await Expect(other.Find("[data-displaced]")).ToBeHiddenAsync();
        await marta.Find("[data-displaced] [data-resume]").ClickAsync();
        await marta.Sees("Seventh");
        await Expect(marta.Find("[data-displaced]")).ToBeHiddenAsync();
        await Expect(third.Find("[data-displaced]")).ToBeHiddenAsync();
        await Expect(other.Find("[data-displaced]")).ToBeVisibleAsync();
        await third.Page.CloseAsync();
        await other.Find("[data-displaced] [data-resume]").ClickAsync();
        await Expect(other.Find("[data-displaced]")).ToBeHiddenAsync();
        await Expect(marta.Find("[data-displaced]")).ToBeHiddenAsync();

        // She is elsewhere: one of her tabs calls for her, and none while she reads in one of them.
        foreach (var tab in (Visitor[])[marta, other])
        {
            await tab.CountsRings();
            await tab.LooksAway();
        }
        await Eventually.Holds("what they have just read is a while ago", marta.MayRing);
        await lili.Writes("Are you there?");
        await Eventually.Holds("one rings", async () => await marta.Rings() + await other.Rings() > 0);
        await Eventually.Holds("a while passes", async () => await marta.RangAWhileAgo() && await other.RangAWhileAgo());
        Assert.Equal(1, await marta.Rings() + await other.Rings());
        await other.LooksAgain();
        await lili.Writes("Eighth");
        await marta.Sees("Eighth");
        await other.Sees("Eighth");
        await lili.SeesTick("Eighth", "read");
        await other.LooksAway();
        await Person.ComposesWithEnter(other.Composer);
        await other.Composer.FillAsync("日本");
        await Person.ComposesWithEnter(other.Composer);
        await Expect(other.Composer).ToHaveValueAsync("日本");
        await other.Composer.PressAsync("Enter");
        await lili.Sees("日本");
        Assert.Equal(1, await marta.Rings() + await other.Rings());

        await lili.Finishes("Two tabs, one conversation");
        await marta.IsAt("ended");
        await other.IsAt("ended");
    });

    [Fact]
    public Task Lili_has_two_tabs_and_both_stay_in_step() => Play(async () =>
    {
        var lili = await Lili();
        // As over plain HTTP.
        await lili.Profile.Context.AddInitScriptAsync("Object.defineProperty(navigator, 'locks', { value: undefined });");
        await lili.SignsIn();
        await lili.GoesAvailable();
        var marta = await Marta();
        await marta.Comes("Hello");
        await marta.SeesAgent("Lili");
        await lili.Opens("Marta");
        var other = await lili.InAnotherTab();
        await other.Page.GotoAsync(lili.Page.Url);
        await other.Sees("Hello");

        foreach (var tab in (Agent[])[lili, other])
        {
            await tab.CountsRings();
            await tab.Composer.PressAsync("Shift");
            await tab.LooksAway();
        }
        var joao = await AVisitor("João");
        await joao.Comes("Olá");
        await joao.SeesAgent("Lili");
        await Eventually.Holds("one rings", async () => await lili.Rings() + await other.Rings() > 0);
        await Eventually.Holds("a while passes", async () => await lili.RangAWhileAgo() && await other.RangAWhileAgo());
        // Two notes are one ring.
        Assert.Equal(2, await lili.Rings() + await other.Rings());
        foreach (var tab in (Agent[])[lili, other]) await tab.LooksAgain();
        await lili.Composer.FillAsync("日本");
        await Person.ComposesWithEnter(lili.Composer);
        await Expect(lili.Composer).ToHaveValueAsync("日本");
        await lili.Composer.PressAsync("Enter");
        await marta.Sees("日本");
        await joao.Find("#end summary").ClickAsync();
        await joao.Find("#end button").ClickAsync();
        await lili.SeesCount("attending", 1);

        await lili.Writes("From the one");
        await other.Sees("From the one");
        await other.Writes("From the other");
        await lili.Sees("From the other");
        await marta.Writes("To both");
        await lili.Sees("To both");
        await other.Sees("To both");
        await SeeTheSame(lili, other);

        await lili.GoesAway();
        await Expect(other.Switch).ToHaveAttributeAsync("aria-checked", "false");
        await lili.Pauses();
        await other.SeesState("Paused");
        await other.Resumes();
        await lili.SeesState("Attending");
        await lili.AsksToFinish();
        await lili.Find("#note").FillAsync("Ended in the one");
        await other.Finishes("Ended in the other");
        await lili.SeesReadOnly();
        lili.Profile.Expects("^409 POST .*/closure$");
        await lili.Find("#closure button.primary").ClickAsync();
        await Expect(lili.Find("#closure blockquote")).ToHaveTextAsync("Ended in the other");
        await Expect(lili.Find("#note")).ToHaveValueAsync("Ended in the one");
        await Screens.KeepPicture("closure-second", lili.Page);
        await lili.Find("#closure button.primary").ClickAsync();
        await Expect(lili.Find("#closure")).ToHaveCountAsync(0);
        await Expect(lili.Find("#dock blockquote")).ToContainTextAsync("Ended in the other");
        await Expect(lili.Find("#dock blockquote")).ToContainTextAsync("Ended in the one");
        await lili.SeesState("Completed");
        await lili.SeesCount("attending", 0);
        await marta.IsAt("ended");

        // Five tabs are one too many here.
        foreach (var _ in Enumerable.Range(0, 3)) await (await lili.InAnotherTab()).GoesTo("/inbox");
        ILocator Rests(Agent agent) => agent.Page.Locator(".banner[data-displaced]");
        await Eventually.Holds("the oldest tab rests", async () => await Rests(lili).IsVisibleAsync() != await Rests(other).IsVisibleAsync());
        var oldest = await Rests(lili).IsVisibleAsync() ? lili : other;
        await Rests(oldest).GetByRole(AriaRole.Button).ClickAsync();
        await Expect(Rests(oldest)).ToBeHiddenAsync();
    });
}
