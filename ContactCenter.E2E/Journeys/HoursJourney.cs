using System.Globalization;
using ContactCenter.E2E.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ContactCenter.E2E.Journeys;

public sealed class HoursJourney : Journey
{
    // The form tells hours in minutes: the next one but few seconds away is waited for.
    private const float AMinute = 90_000;

    [Fact]
    public Task Closing_time_passes_while_Marta_waits_and_in_the_morning_she_is_attended() => Play(async () =>
    {
        var ada = await AnAgent("Admin");
        await ada.SignsIn("/administration/campaigns");
        var lili = await Lili();
        await lili.SignsIn();
        var marta = await Marta();
        await marta.OpensShop();
        await marta.OpensChat();
        await ada.ChangesCampaign("Sales chat", async page =>
        {
            // Early enough to come before it closes, and not so late that it has closed when it is saved.
            var moment = TimeProvider.System.GetUtcNow().AddSeconds(80);
            // An end at :59 would be open to the whole hour; on a clock half an hour further it is :29.
            var zone = TimeZoneInfo.FindSystemTimeZoneById(moment.Minute == 59 ? "Asia/Kolkata" : "UTC");
            var closes = TimeZoneInfo.ConvertTime(moment, zone).ToString("HH:mm", CultureInfo.InvariantCulture);
            await page.FillAsync("#f-timeZone", zone.Id);
            var row = await page.AddsRow("hours");
            foreach (var day in await row.Locator(".days input").AllAsync()) await day.SetCheckedAsync(true, new() { Force = true });
            await row.Locator("input[type=time]").First.FillAsync(closes == "00:00" ? "12:00" : "00:00");
            await row.Locator("input[type=time]").Last.FillAsync(closes);
            await Expect(page.Locator("#hours-said")).ToHaveTextAsync($"Open every day {(closes == "00:00" ? "12:00" : "00:00")}–{closes.Replace("00:00", "24:00", StringComparison.Ordinal)}.");
            await page.FillAsync("#f-outOfHours-en", "We open at nine, {contact}.");
        });
        var bruno = await AVisitor("Bruno");
        await bruno.OpensShop();
        await bruno.OpensChat();
        await bruno.FillsIn("And the red one?");
        await marta.Starts("Is the blue one in stock?");
        await marta.IsAt("waiting");
        await lili.SeesCount("waiting", 1);

        await Expect(marta.Find("#pane")).ToHaveAttributeAsync("data-stage", "kept", new() { Timeout = AMinute });
        await marta.Sees("We open at nine, Marta.");
        await marta.Sees("Is the blue one in stock?");
        await lili.SeesCount("waiting", 0);
        await lili.SeesCount("outofhours", 1);
        await lili.GoesAvailable();
        await lili.SeesCount("attending", 0);
        await marta.Writes("Or the green one?");
        // Who was still writing is told before they send it, and keeps what they wrote.
        await bruno.IsAt("closed");
        await Expect(bruno.Find("#text")).ToHaveValueAsync("And the red one?");
        await Expect(bruno.Find("#start")).ToContainTextAsync("We open again");
        // Midnight in UTC is nine in the evening where he is.
        await Expect(bruno.Find("#start")).ToContainTextAsync("at 21:00 (");
        await Expect(bruno.Find("#start")).ToContainTextAsync(" UTC)");
        await Screens.KeepPicture("closed-typed", bruno.Page);

        await ada.ChangesCampaign("Sales chat", page => page.Locator("[data-list=hours] [data-remove]").ClickAsync());
        await marta.SeesAgent("Lili");
        await lili.SeesCount("attending", 1);
        await lili.LooksAt("attending");
        await lili.Opens("Marta");
        await lili.Sees("Or the green one?");
        await lili.SeesEvent("The campaign opened");
        await bruno.Find("#start button").ClickAsync();
        await bruno.SeesAgent("Lili");
        await bruno.Sees("And the red one?");
    });
}
