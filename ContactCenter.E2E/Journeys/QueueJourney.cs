using ContactCenter.E2E.Support;
using static Microsoft.Playwright.Assertions;

namespace ContactCenter.E2E.Journeys;

public sealed class QueueJourney : Journey
{
    [Fact]
    public Task Of_seven_visitors_Lili_gets_six_and_the_seventh_when_one_is_finished() => Play(async () =>
    {
        var lili = await LiliAvailable();
        string[] names = ["Ana", "Bruno", "Carla", "Diego", "Elena", "Franco"];
        foreach (var name in names)
        {
            var visitor = await AVisitor(name);
            await visitor.Comes($"I am {name}");
            await visitor.SeesAgent("Lili");
        }
        await lili.SeesCount("attending", 6);

        var gina = await AVisitor("Gina");
        await gina.Comes("I am Gina");
        await gina.IsAt("waiting");
        await gina.SeesPlace(1);
        await lili.SeesCount("waiting", 1);
        await lili.SeesCount("attending", 6);
        await lili.LooksAt("waiting");
        await Expect(lili.Item("Gina")).ToBeVisibleAsync();

        await lili.LooksAt("attending");
        await lili.Opens("Carla");
        await lili.Finishes("Was number three");
        await gina.IsAt("attending");
        await gina.SeesAgent("Lili");
        await lili.SeesCount("waiting", 0);
        await lili.SeesCount("attending", 6);
        await Expect(lili.Item("Gina").Locator(".tick")).ToBeVisibleAsync();
    });

    [Fact]
    public Task Marta_leaves_the_queue_and_nobody_gets_her() => Play(async () =>
    {
        var marta = await Marta();
        await marta.Comes("Hello?");
        await marta.SeesPlace(1);
        await marta.Find("#leave summary").ClickAsync();
        await marta.Find("#leave button.danger").ClickAsync();
        await marta.IsAt("ended");

        var lili = await LiliAvailable();
        await lili.SeesCount("waiting", 0);
        await lili.SeesCount("attending", 0);
        await lili.GoesTo("/history");
        await Expect(lili.Page.Locator("table")).ToContainTextAsync("Abandoned");
    });
}
