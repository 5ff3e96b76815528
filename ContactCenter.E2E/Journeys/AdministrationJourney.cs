using ContactCenter.E2E.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ContactCenter.E2E.Journeys;

public sealed class AdministrationJourney : Journey
{
    [Fact]
    public Task Ada_makes_a_campaign_and_its_member_answers_whoever_comes_by_it() => Play(async () =>
    {
        var lili = await LiliAvailable();
        var ada = await Ada();
        await ada.GoesTo("/administration/campaigns");
        await ada.Writes("name", "Zapatería");
        await Expect(ada.Page.Locator("[name=key]")).ToHaveValueAsync("zapateria");
        await ada.Writes("key", "shoes");
        await ada.Chooses("project", "Acme / Online shop");
        await ada.Chooses("department", "Sales");

        // Two rows a day; together they are the whole of it, the second over midnight.
        await ada.Writes("timeZone", "America/Montevideo");
        foreach (var (from, to) in new[] { ("00:00", "15:00"), ("15:00", "00:00") })
        {
            await ada.Page.Locator("[data-add=hours]").ClickAsync();
            var row = ada.Page.Locator("[data-list=hours] [data-row]").Last;
            await row.GetByLabel("Sat").CheckAsync();
            await row.GetByLabel("Sun").CheckAsync();
            await row.GetByLabel("Begins at").FillAsync(from);
            await row.GetByLabel("Ends at").FillAsync(to);
        }
        await ada.Page.Locator("[data-add=hours]").ClickAsync();
        await ada.Page.Locator("[data-list=hours] [data-remove]").Last.ClickAsync();
        await Expect(ada.Page.Locator("[data-list=hours] [data-row]")).ToHaveCountAsync(2);
        await ada.Page.Locator("[data-add=holidays]").ClickAsync();
        await ada.Page.Locator("[data-list=holidays] [type=date]").FillAsync("2030-01-06");
        await ada.Page.Locator("[data-list=holidays] .name").FillAsync("Reyes");

        await ada.Writes("welcome.en", "Hello {contact}, this is {campaign}.");
        await ada.Writes("greeting.en", "I am {agent}.");
        await ada.Writes("closing.en", "Walk softly, {contact}.");
        await Expect(ada.Page.Locator("[data-preview=f-welcome-en]")).ToHaveTextAsync("Hello Marta, this is Zapatería.");
        await ada.Writes("origins", "http://localhost:*");
        ada.Profile.Expects("^422 POST .*/administration/campaigns$");
        await ada.Writes("maximumPerAgent", "many");
        await ada.Saves();
        await ada.IsTold("Nothing was saved yet.");
        await Expect(ada.Page.Locator("[name=maximumPerAgent]")).ToBeFocusedAsync();
        await Expect(ada.Page.Locator("[name='welcome.en']")).ToHaveValueAsync("Hello {contact}, this is {campaign}.");
        await ada.Writes("maximumPerAgent", "2");
        await ada.Saves();
        await ada.IsTold("Saved.");

        var snippet = $"<script src=\"{new Uri(Home.Node.Address, "/widget.js")}\" data-campaign=\"shoes\" async></script>";
        await ada.Presses("Copy");
        await Expect(ada.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Copied" })).ToBeVisibleAsync();
        Assert.Equal(snippet, await ada.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()"));
        var preview = ada.Page.FrameLocator("iframe[name=preview]");
        await Expect(preview.Locator("#start")).ToBeVisibleAsync();
        await ada.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Português" }).ClickAsync();
        await Expect(preview.Locator("html")).ToHaveAttributeAsync("lang", "pt");

        // The shop has put it on its page; Marta comes, and nobody is there for her.
        var marta = await AVisitor("Marta", campaign: "shoes");
        await marta.Comes("Do you have them in black?");
        await marta.Sees("Hello Marta, this is Zapatería.");
        await marta.SeesPlace(1);

        await ada.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Its members" }).ClickAsync();
        await Expect(ada.Page.GetByLabel("Zapatería", new PageGetByLabelOptions { Exact = true })).ToBeCheckedAsync();
        await ada.Ticks("Lili");
        await ada.Presses("Add");
        await ada.IsTold("Added.");
        await Expect(ada.Page.Locator("#memberships")).ToContainTextAsync("Zapatería");

        await marta.SeesAgent("Lili");
        await marta.Sees("I am Lili.");
        await lili.Opens("Marta");
        await lili.Writes("Yes, in 38.");
        await marta.Sees("Yes, in 38.");
        await marta.Writes("Thank you");
        await lili.Sees("Thank you");
        await lili.Finishes("Black, 38.");
        await marta.Sees("Walk softly, Marta.");
    });

    [Fact]
    public Task The_screens_of_an_administrator_are_for_everybody() => Play(async () =>
    {
        var screens = new Screens();
        var ada = await Ada();
        var page = ada.Page;
        await ada.GoesTo("/administration/campaigns");
        ada.Profile.Expects("^4(22|09) POST .*/administration/");
        await page.Locator("[data-add=hours]").ClickAsync();
        await page.Locator("[data-add=holidays]").ClickAsync();
        await ada.Saves();
        await ada.IsTold("Nothing was saved yet.");
        await screens.Look("campaign-wrong", page);

        await ada.GoesTo("/administration/campaigns");
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Sales chat" }).ClickAsync();
        await Expect(page.FrameLocator("iframe[name=preview]").Locator("#start")).ToBeVisibleAsync();
        await page.Locator(".help summary").First.ClickAsync();
        await page.Locator("[data-add=hours]").ClickAsync();
        await screens.Look("campaign", page);
        var elsewhere = new Administrator(await ada.Profile.Context.NewPageAsync(), ada.Profile, Home.Node.Address);
        await elsewhere.GoesTo(new Uri(page.Url).AbsolutePath);
        await elsewhere.Writes("maximumWaiting", "25");
        await elsewhere.Saves();
        await elsewhere.IsTold("Saved.");
        await ada.Writes("maximumWaiting", "40");
        await ada.Saves();
        await ada.IsTold("Somebody else saved this meanwhile.");
        await screens.Look("campaign-conflict", page);
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Take theirs" }).ClickAsync();
        await Expect(page.Locator("[name=maximumWaiting]")).ToHaveValueAsync("25");
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Delete…" }).ClickAsync();
        await screens.Look("campaign-deletion", page);

        await ada.GoesTo("/administration/members");
        await ada.Ticks("Sales chat");
        await Expect(page.Locator("#memberships tr:visible")).ToHaveCountAsync(3);
        await screens.Look("members", page);
        await page.Locator("#memberships tr:visible .input").First.FillAsync("first");
        await page.Locator("section .foot .primary").ClickAsync();
        await ada.IsTold("Nothing was changed.");
        await screens.Look("members-wrong", page);

        await ada.GoesTo("/administration/groups");
        await screens.Look("groups-empty", page);
        await ada.Saves();
        await screens.Look("groups-wrong", page);
        await ada.Writes("name", "Montevideo");
        await ada.Ticks("Support chat");
        await ada.Ticks("Sofía");
        await ada.Saves();
        await ada.IsTold("Saved.");
        await screens.Look("groups", page);
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Delete…" }).ClickAsync();
        await screens.Look("group-deletion", page);
        screens.AreForEverybody();
    });
}
