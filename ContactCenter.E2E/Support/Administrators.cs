using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ContactCenter.E2E.Support;

/// <summary>What an administrator does in the campaign form.</summary>
public static class Administrators
{
    /// <summary>Opens a campaign's form, does what <paramref name="change"/> does with it, and saves.</summary>
    public static async Task ChangesCampaign(this Agent ada, string campaign, Func<IPage, Task> change)
    {
        await ada.GoesTo("/administration/campaigns");
        await ada.Page.Locator(".aside .table").GetByRole(AriaRole.Link, new() { Name = campaign, Exact = true }).ClickAsync();
        await Expect(ada.Page.Locator("#f-name")).ToHaveValueAsync(campaign);
        await change(ada.Page);
        await ada.Page.Locator(".bar .button.primary").ClickAsync();
        await Expect(ada.Page.Locator(".alert.ok")).ToContainTextAsync("Saved");
    }

    /// <summary>Adds a row and returns it.</summary>
    public static async Task<ILocator> AddsRow(this IPage page, string list)
    {
        await page.Locator($"[data-add={list}]").ClickAsync();
        return page.Locator($"[data-list={list}] > [data-row]").Last;
    }
}
