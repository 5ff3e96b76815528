using ContactCenter.E2E.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ContactCenter.E2E.Journeys;

/// <summary>Two agents and three visitors under each kind of strategy (Q2), as an administrator sets it while they work.</summary>
public sealed class StrategiesJourney : Journey
{
    private static readonly string[] Names = ["Ana", "Bruno", "Carla"];

    private async Task<(Agent Lili, Agent Omar)> UnderAsync(string eligibility)
    {
        var lili = await LiliAvailable();
        var omar = await AnAgent("Omar");
        await omar.SignsIn();
        await omar.GoesAvailable();
        var ada = await Ada();
        await ada.GoesTo("/administration/campaigns");
        await ada.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Sales chat" }).ClickAsync();
        await ada.Page.Locator("[name=eligibility]").SelectOptionAsync(eligibility);
        await ada.Saves();
        await ada.IsTold("Saved.");
        return (lili, omar);
    }

    private async Task<List<Visitor>> VisitorsComeAsync()
    {
        var visitors = new List<Visitor>();
        foreach (var name in Names)
        {
            var visitor = await AVisitor(name);
            await visitor.Comes($"I am {name}");
            visitors.Add(visitor);
        }
        return visitors;
    }

    [Fact]
    public Task Several_at_once_are_spread_over_both() => Play(async () =>
    {
        var (lili, omar) = await UnderAsync("NoCall");
        foreach (var visitor in await VisitorsComeAsync()) await visitor.IsAt("attending");
        await lili.SeesCount("waiting", 0);
        var held = new List<int>();
        foreach (var agent in (Agent[])[lili, omar])
            held.Add(int.Parse(await agent.Page.Locator("#tab-attending b").InnerTextAsync()));
        Assert.Equal([1, 2], held.Order());
    });

    [Fact]
    public Task One_at_a_time_leaves_the_third_waiting_until_one_is_finished() => Play(async () =>
    {
        var (lili, omar) = await UnderAsync("Interaction");
        var visitors = await VisitorsComeAsync();
        await visitors[0].IsAt("attending");
        await visitors[1].IsAt("attending");
        await visitors[2].SeesPlace(1);
        await lili.SeesCount("attending", 1);
        await omar.SeesCount("attending", 1);

        await omar.Page.Locator("#inbox a.item").ClickAsync();
        await Expect(omar.Page.Locator("#dock")).ToBeVisibleAsync();
        await omar.Finishes("");
        await visitors[2].SeesAgent("Omar");
        await lili.SeesCount("attending", 1);
    });

    [Fact]
    public Task Where_all_are_rung_one_takes_it_and_the_other_is_told_who() => Play(async () =>
    {
        var (lili, omar) = await UnderAsync("RingAllMultiple");
        var visitors = await VisitorsComeAsync();
        await visitors[2].SeesPlace(3);
        await lili.SeesCount("waiting", 3);
        await lili.SeesCount("attending", 0);
        foreach (var agent in (Agent[])[lili, omar])
        {
            await agent.LooksAt("waiting");
            await agent.Opens("Bruno");
            await agent.Sees("I am Bruno");
        }

        await omar.Page.Locator("#panel-notes").ClickAsync();
        await omar.Page.Locator("#n-text").FillAsync("Half a note");
        await lili.Page.Locator("#take").ClickAsync();
        await visitors[1].SeesAgent("Lili");
        await Expect(lili.Composer).ToBeVisibleAsync();
        // What she had open before it was hers she has read now.
        await Expect(visitors[1].Find(".msg.out[data-status=read]")).ToBeVisibleAsync();
        await Expect(lili.Item("Bruno").Locator(".tick")).ToHaveCountAsync(0);
        await Expect(omar.Page.Locator(".toast")).ToContainTextAsync("Lili has the conversation now.");
        await Expect(omar.Page.Locator("[data-left] textarea")).ToHaveValueAsync("Bruno: Half a note");
        await Screens.KeepPicture("unsent-left", omar.Page);
        await omar.Page.Locator("[data-left] [data-drop]").ClickAsync();
        await Expect(omar.Page.Locator("[data-left]")).ToBeHiddenAsync();
        await visitors[2].SeesPlace(2);

        await omar.LooksAt("waiting");
        await omar.Opens("Ana");
        await omar.Page.Locator("#take").ClickAsync();
        await visitors[0].SeesAgent("Omar");
        await lili.SeesCount("waiting", 1);
    });
}
