using ContactCenter.E2E.Support;
using static Microsoft.Playwright.Assertions;

namespace ContactCenter.E2E.Journeys;

public sealed class BotJourney : Journey
{
    [Fact]
    public Task A_bot_leads_Marta_to_a_person_of_another_campaign() => Play(async () =>
    {
        var ada = await AnAgent("Admin");
        await ada.SignsIn("/administration/campaigns");
        await ada.ChangesCampaign("Support chat", page => page.FillAsync("#f-skills", "broken"));
        await ada.ChangesCampaign("Sales chat", async page =>
        {
            await page.Locator("[name=botEnabled]").CheckAsync();
            await page.FillAsync("#f-botName", "Barro");
            await page.FillAsync("#f-botWelcome-en", "Hello {contact}, this is {agent}.");
            foreach (var (label, skill) in new[] { ("A piece arrived broken", "broken"), ("Something else", "") })
            {
                var row = await page.AddsRow("options");
                await row.Locator("[lang=en]").FillAsync(label);
                await row.Locator("[list=known-skills]").FillAsync(skill);
            }
        });
        var sofia = await AnAgent("Supervisor");
        await sofia.SignsIn("/supervision");
        await sofia.GoesTo("/supervision");
        var row = sofia.Page.Locator("tr").Filter(new() { Has = sofia.Page.Locator(".who", new() { HasText = "Barro" }) });
        await Expect(row.Locator(".chip")).ToHaveTextAsync("Bot");

        var marta = await Marta();
        await marta.Comes();
        await marta.SeesAgent("Barro");
        await marta.Sees("Hello Marta, this is Barro.\n\n1. A piece arrived broken\n2. Something else");
        await Expect(row.Locator("a.bar")).ToHaveCountAsync(1);
        await marta.Writes("My pot");
        await marta.Sees("I did not understand. Answer with the number of an option.\n\n1. A piece arrived broken\n2. Something else");
        await marta.Writes("1");
        await marta.IsAt("waiting");
        await marta.SeesPlace(1);
        await Expect(row.Locator("a.bar")).ToHaveCountAsync(0);

        var lili = await LiliAvailable();
        await marta.SeesAgent("Lili");
        await lili.LooksAt("attending");
        await lili.Opens("Marta");
        await Expect(lili.Page.Locator("#pane")).ToContainTextAsync("Support chat");
        await lili.SeesEvent("Handed over by the bot Barro");
        await lili.Writes("I am sorry! We send another one today.");
        await marta.Sees("I am sorry! We send another one today.");
        await marta.Writes("Thank you");
        await lili.Sees("Thank you");
        await SeeTheSame(marta, lili);
    });
}
