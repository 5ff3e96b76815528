using ContactCenter.E2E.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ContactCenter.E2E.Journeys;

/// <summary>Hangfire's dashboard in a browser, which complains of everything that its policy refuses.</summary>
public sealed class JobDashboardJourney : Journey
{
    [Fact]
    public Task Ada_looks_at_the_runs_of_the_jobs_and_has_one_run_now() => Play(async () =>
    {
        var ada = await Ada();
        var page = ada.Page;
        await ada.GoesTo("/administration/jobs");
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Open its dashboard" }).ClickAsync();
        await Expect(page.Locator("h1.page-header")).ToBeVisibleAsync();
        await Expect(page.Locator("canvas#realtimeGraph.chartjs-render-monitor")).ToBeVisibleAsync();
        await Expect(page.Locator("canvas#historyGraph.chartjs-render-monitor")).ToBeVisibleAsync();

        await page.GotoAsync(page.Url + "/recurring");
        await page.Locator(".js-jobs-list-checkbox[value=SessionJob]").CheckAsync();
        var asked = await page.RunAndWaitForResponseAsync(
            () => page.Locator("[data-url$='/recurring/trigger']").ClickAsync(),
            answer => answer.Url.EndsWith("/recurring/trigger", StringComparison.Ordinal));
        Assert.Equal(204, asked.Status);

        await GoAsync("/administration/jobs/hangfire/servers");
        await Expect(page.Locator("table tbody tr")).ToHaveCountAsync(1);
        await GoAsync("/administration/jobs/hangfire/jobs/succeeded");
        await page.Locator("td a[href*='/jobs/details/']").First.ClickAsync();
        await Expect(page.Locator(".state-card").First).ToBeVisibleAsync();
        await GoAsync("/administration/jobs");
        await Expect(page.Locator(".jobs .counts dd")).ToHaveCountAsync(7);

        // Its pages are not ours: they have none of what ours are found by.
        Task GoAsync(string path) => page.GotoAsync(new Uri(new Uri(page.Url), path).ToString());
    });
}
