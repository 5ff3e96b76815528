using ContactCenter.E2E.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ContactCenter.E2E.Journeys;

public sealed class PlainFormsJourney : Journey
{
    [Fact]
    public Task Marta_has_no_JavaScript_and_talks_with_Lili_from_start_to_end() => Play(async () =>
    {
        var marta = await AVisitor("Marta", new BrowserNewContextOptions { JavaScriptEnabled = false });
        // Her browser tells of wrong fields as the server does: with a page.
        marta.Profile.Expects("^422 POST .*/start$");
        await marta.OpensShop();
        await marta.FollowsTheLink();
        await marta.FillsIn("A question without scripts");
        await marta.Find("#email").FillAsync("nobody");
        await marta.Find("#start button").ClickAsync();
        await Expect(marta.Find("#email-error")).ToContainTextAsync("not an e-mail address");
        await Expect(marta.Find("#name")).ToHaveValueAsync("Marta");
        await marta.Starts("A question without scripts");
        await marta.IsAt("waiting");
        await marta.SeesPlace(1);
        await marta.Sees("A question without scripts");

        // On a phone what was said last is before her eyes, whatever she pressed.
        await marta.Page.SetViewportSizeAsync(390, 800);
        for (var n = 1; n <= 12; n++) await marta.WritesPlainly($"And line {n}");
        await SeesTheNewest(marta);
        await marta.ChecksForNews();
        await SeesTheNewest(marta);

        var lili = await LiliAvailable();
        await lili.Opens("Marta");
        await lili.Sees("A question without scripts");
        await marta.ChecksForNews();
        await marta.SeesAgent("Lili");
        await lili.Writes("An answer");
        await marta.ChecksForNews();
        await marta.Sees("An answer");
        await lili.SeesTick("An answer", "read");
        await marta.WritesPlainly("Thank you");
        await lili.Sees("Thank you");
        await SeesTheNewest(marta);
        await Screens.KeepPicture("plain-390", marta.Page);

        await lili.Finishes("No scripts at all");
        await marta.ChecksForNews();
        await marta.IsAt("ended");
        await SeesTheNewest(marta);
        await SeeTheSame(marta, lili);
        Assert.DoesNotContain("visitor=", marta.Page.Url, StringComparison.Ordinal);
        await marta.Find(".again button").ClickAsync();
        await marta.IsAt("start");
        await Expect(marta.Find("#name")).ToHaveValueAsync("Marta");
    });

    private static async Task SeesTheNewest(Visitor marta)
    {
        var messages = marta.Find("#log > article");
        var log = (await marta.Find("#thread").BoundingBoxAsync())!;
        var first = (await messages.First.BoundingBoxAsync())!;
        var newest = (await messages.Last.BoundingBoxAsync())!;
        // There is more than fits.
        Assert.InRange(first.Y, -10_000, log.Y - 1);
        Assert.InRange(newest.Y, log.Y, log.Y + log.Height - newest.Height + 1);
    }
}
