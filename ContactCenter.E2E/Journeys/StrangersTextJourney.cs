using System.Globalization;
using System.Text.RegularExpressions;
using ContactCenter.E2E.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;
using Eventually = ContactCenter.Tests.Support.Eventually;

namespace ContactCenter.E2E.Journeys;

/// <summary>What strangers and colleagues write, into whatever field, is text on every screen that shows it.</summary>
public sealed class StrangersTextJourney : Journey
{
    private const string Administration = "^4(09|22) POST .*/administration/";
    private readonly Trap trap = new();

    [Fact]
    public Task Whatever_is_written_into_any_field_is_text_on_every_screen() => Play(async () =>
    {
        var ada = await Ada();
        await trap.SetAsync(ada.Profile);
        ada.Profile.Expects(Administration);
        // The trap is tried where it is set: what it provokes is no trouble.
        ada.Profile.Expects("^console: (Executing inline event handler violates|This document requires 'TrustedScript' assignment)");
        await ada.GoesTo("/administration/clients");
        await trap.WorksAsync(ada.Page);
        await FurnishesAsync(ada);
        var campaign = await MakesCampaignAsync(ada);

        var lili = await Lili();
        await trap.SetAsync(lili.Profile);
        await lili.SignsIn();
        await lili.GoesTo("/profile");
        await trap.FillsAsync(lili.Page.Locator("form.card").First);
        await lili.Page.Locator("form.card .primary").First.ClickAsync();
        await Expect(lili.Page.Locator(".alert.ok")).ToBeVisibleAsync();
        await trap.SeesNothingAsync(lili.Page);
        await lili.GoesTo("/inbox");
        await trap.FillsAsync(lili.Page.Locator("body"));
        await lili.GoesTo("/inbox");
        await lili.GoesAvailable();

        var marta = await AVisitor("Marta", campaign: "owned");
        await trap.SetAsync(marta.Profile);
        await TalksAsync(marta, lili);
        await SupervisesAsync(lili, campaign);
        await FinishesAsync(marta, lili);
        await LeavesAMessageAsync(ada, lili, campaign);
        trap.CaughtNothing();
        trap.LeftNothingOut();
    });

    [Fact]
    public Task Whatever_stands_in_an_address_is_text_on_the_page_it_leads_to() => Play(async () =>
    {
        var ada = await Ada();
        var stranger = await AnAgent("Stranger");
        foreach (var profile in new[] { ada.Profile, stranger.Profile })
        {
            await trap.SetAsync(profile);
            profile.Expects("^4\\d\\d GET ");
        }
        var p = Uri.EscapeDataString(Trap.Markup);
        foreach (var path in new[]
        {
            $"/sign-in?returnUrl={p}&done={p}", "/sign-in?returnUrl=javascript%3Aowned%3D1", $"/password/reset?user={p}&code={p}", $"/invitation?user={p}&code={p}",
            $"/chat/demo-sales?lang={p}", $"/chat/{p}", $"/nothing/{p}?{p}={p}", $"/demo?{p}",
        })
        {
            await stranger.GoesTo(path);
            await trap.SeesNothingAsync(stranger.Page);
        }
        foreach (var path in new[]
        {
            $"/administration/users?q={p}&done={p}&p={p}", $"/administration/campaigns?q={p}&done={p}", $"/administration/clients?q={p}&done={p}",
            $"/administration/members?campaigns={p}&done={p}", $"/administration/security?q={p}&kind={p}&from={p}", $"/administration/groups?done={p}", $"/administration/users/{p}",
            $"/supervision?q={p}&sort={p}&state={p}", $"/supervision/conversations/{p}", $"/supervision/conversations/waiting?at={p}", $"/inbox?q={p}&tab={p}",
            $"/history?at={p}&ticket={p}", $"/direct-messages/{p}", $"/conversations/{p}", $"/profile?done={p}",
        })
        {
            await ada.GoesTo(path);
            await trap.SeesNothingAsync(ada.Page);
        }
        // What the search fields show comes back in them as it was written.
        await ada.GoesTo("/administration/users?q=" + Uri.EscapeDataString(Trap.Markup));
        await Expect(ada.Page.Locator("[name=q]")).ToHaveValueAsync(Trap.Markup);
        trap.CaughtNothing();
    });

    private async Task FurnishesAsync(Administrator ada)
    {
        foreach (var kind in new[] { "clients", "projects", "departments", "breaks", "groups", "users" })
        {
            await ada.GoesTo($"/administration/{kind}");
            var form = ada.Page.Locator("form.form");
            await trap.FillsAsync(form);
            if (kind == "projects") await Second(ada.Page.Locator("select[name=client]"));
            await ada.Saves();
            await Expect(ada.Page).ToHaveURLAsync(new Regex($"/{kind}/[0-9a-f-]+", RegexOptions.None, TimeSpan.FromSeconds(1)));
            await trap.SeesNothingAsync(ada.Page);
            var entry = ada.Page.Url;
            if (kind is "clients" or "users")
            {
                // The same again is taken: the form comes back with it.
                await ada.GoesTo($"/administration/{kind}");
                await trap.FillsAsync(form);
                await ada.Page.RunAndWaitForResponseAsync(ada.Saves, response => response.Status == 422);
                await trap.SeesNothingAsync(ada.Page);
            }
            await ada.Page.GotoAsync(new Uri(entry).GetLeftPart(UriPartial.Path) + (kind == "users" ? "/activation" : "/deletion"));
            await trap.SeesNothingAsync(ada.Page);
        }
        foreach (var list in new[] { "users", "clients", "campaigns" })
        {
            await ada.GoesTo($"/administration/{list}");
            await trap.FillsAsync(ada.Page.Locator("form.search"));
            await ada.Page.Locator("form.search input").PressAsync("Enter");
            await Expect(ada.Page).ToHaveURLAsync(new Regex(@"\?.*q=", RegexOptions.None, TimeSpan.FromSeconds(1)));
            await trap.SeesNothingAsync(ada.Page);
        }
    }

    /// <returns>The campaign's page.</returns>
    private async Task<string> MakesCampaignAsync(Administrator ada)
    {
        await ada.GoesTo("/administration/campaigns");
        var page = ada.Page;
        await page.Locator("[name=botEnabled]").CheckAsync();
        await page.Locator("[name=offlineMessages]").CheckAsync();
        await page.AddsRow("options");
        var holiday = await page.AddsRow("holidays");
        await holiday.Locator("[type=date]").FillAsync("2030-01-06");
        await trap.FillsAsync(page.Locator("form.form"));
        await ada.Writes("key", "owned");
        await ada.Writes("origins", "http://localhost:*");
        await Second(page.Locator("select[name=project]"));
        await Second(page.Locator("select[name=department]"));
        await Expect(page.Locator("[data-preview=f-welcome-en]")).ToContainTextAsync("<script>owned=1</script>");
        await ada.Writes("maximumPerAgent", "many");
        await ada.Saves();
        await ada.IsTold("Nothing was saved yet.");
        await trap.SeesNothingAsync(page);
        await ada.Writes("maximumPerAgent", "6");
        await ada.Writes("skills", Trap.Markup[..50]);
        await ada.Saves();
        await ada.IsTold("Saved.");
        await Expect(page.FrameLocator("iframe[name=preview]").Locator("#start")).ToBeVisibleAsync();
        await trap.SeesNothingAsync(page);
        var campaign = new Uri(page.Url).AbsolutePath;

        // Somebody else saves meanwhile: both are shown side by side.
        var elsewhere = new Administrator(await ada.Profile.Context.NewPageAsync(), ada.Profile, Home.Node.Address);
        await elsewhere.GoesTo(campaign);
        await elsewhere.Writes("maximumWaiting", "25");
        await elsewhere.Saves();
        await elsewhere.IsTold("Saved.");
        await elsewhere.Page.CloseAsync();
        await ada.Writes("name", Trap.Markup[1..]);
        await ada.Saves();
        await ada.IsTold("Somebody else saved this meanwhile.");
        await trap.SeesNothingAsync(page);
        await ada.GoesTo($"{campaign}/deletion");
        await trap.SeesNothingAsync(page);

        await ada.GoesTo("/administration/members");
        await page.Locator($"[name=campaigns][value='{campaign.Split('/')[^1]}']").CheckAsync();
        await ada.Ticks("Lili");
        await ada.Presses("Add");
        await ada.IsTold("Added.");
        await trap.SeesNothingAsync(page);
        return campaign;
    }

    private async Task TalksAsync(Visitor marta, Agent lili)
    {
        await marta.OpensShop();
        await marta.OpensChat();
        await trap.SeesNothingAsync(marta.Page);
        await trap.FillsAsync(marta.Find("#start"));
        await marta.Find("#start button").ClickAsync();
        await Expect(marta.Find("#log")).ToBeVisibleAsync();
        // The bot understands none of it and calls a person.
        await Expect(marta.Find("#log")).ToContainTextAsync("<script>owned=1</script>");
        await marta.Writes("javascript:owned=1 and once more");
        await marta.Writes("<img src=x onerror=owned=1> <svg onload=owned=1> </article><script>owned=1</script>");
        await Expect(lili.Page.Locator("#inbox a.item").First).ToBeVisibleAsync();
        await trap.SeesNothingAsync(lili.Page);
        await lili.Opens("<script>owned=1</script>");
        await lili.Writes("https://x.example/\"onmouseover=\"owned=1 https://x.example/<script>owned=1</script>");
        await marta.Sees("https://x.example/\"onmouseover=\"owned=1 https://x.example/<script>owned=1</script>");
        await trap.FillsAsync(lili.Find("#dock"));
        await lili.Composer.PressAsync("Enter");
        await Expect(marta.Messages.Last.Locator(".body")).ToHaveTextAsync(Trap.Markup);
        await trap.FillsAsync(marta.Find("[data-composer]"));
        await marta.Composer.PressAsync("Enter");
        await trap.SeesNothingAsync(marta.Page);
        await trap.SeesNothingAsync(lili.Page);

        await trap.FillsAsync(lili.Page.Locator("#profile"));
        await lili.Page.Locator("#profile .row button").ClickAsync();
        await Expect(lili.Page.Locator("#profile .saved")).ToBeVisibleAsync();
        await trap.SeesNothingAsync(lili.Page);
        await lili.Page.Locator("#panel-notes").ClickAsync();
        var notes = lili.Page.Locator("#panel form:has(#n-text)");
        await trap.FillsAsync(notes);
        await notes.Locator("button").ClickAsync();
        await Expect(lili.Page.Locator("#panel .note")).ToContainTextAsync("<script>owned=1</script>");
        await trap.SeesNothingAsync(lili.Page);
    }

    private async Task SupervisesAsync(Agent lili, string campaign)
    {
        var sofia = await AnAgent("supervisor");
        await trap.SetAsync(sofia.Profile);
        await sofia.SignsIn(to: "/supervision");
        var id = campaign.Split('/')[^1];
        foreach (var path in new[] { $"/supervision/{id}/wallboard", $"/supervision/conversations/attended/{id}", $"/supervision/{id}" })
        {
            await sofia.GoesTo(path);
            await trap.SeesNothingAsync(sofia.Page);
        }
        var row = sofia.Page.Locator("#board tr").Filter(new() { Has = sofia.Page.Locator("[id^=do-]"), HasText = Trap.Markup });
        await row.Locator("[id^=do-]").First.ClickAsync();
        await Expect(sofia.Page.Locator("#agent")).ToBeVisibleAsync();
        await trap.SeesNothingAsync(sofia.Page);
        await sofia.Page.Locator("#agent a[href^='/direct-messages/']").ClickAsync();
        await trap.FillsAsync(sofia.Page.Locator(".talk"));
        await sofia.Page.Locator(".talk textarea").PressAsync("Enter");
        await Expect(sofia.Page.Locator("#direct-log .msg")).ToHaveCountAsync(1);
        await trap.SeesNothingAsync(sofia.Page);
        await lili.Page.Locator("#direct a").ClickAsync();
        await Expect(lili.Page.Locator("#direct-log .msg")).ToContainTextAsync("<script>owned=1</script>");
        await trap.SeesNothingAsync(lili.Page);
        await lili.Page.Keyboard.PressAsync("Escape");
        await sofia.GoesTo($"/supervision/{id}");
        await trap.FillsAsync(sofia.Page.Locator("form.search"));
        await sofia.Page.Locator("form.search input").PressAsync("Enter");
        await trap.SeesNothingAsync(sofia.Page);
    }

    private async Task FinishesAsync(Visitor marta, Agent lili)
    {
        await lili.AsksToFinish();
        await trap.FillsAsync(lili.Page.Locator("#closure"));
        await trap.SeesNothingAsync(lili.Page);
        await lili.Page.Locator("#closure button.primary").ClickAsync();
        await lili.SeesReadOnly();
        await marta.IsAt("ended");
        await trap.SeesNothingAsync(marta.Page);
        await lili.Page.GetByRole(AriaRole.Button, new() { Name = "Timeline" }).ClickAsync();
        await Expect(lili.Page.Locator("dialog .timeline")).ToBeVisibleAsync();
        await trap.SeesNothingAsync(lili.Page);
        await lili.Page.Keyboard.PressAsync("Escape");
        await lili.GoesTo("/history");
        await Expect(lili.Page.Locator("table")).ToContainTextAsync("<script>owned=1</script>");
        await trap.SeesNothingAsync(lili.Page);
    }

    private async Task LeavesAMessageAsync(Administrator ada, Agent lili, string campaign)
    {
        await ada.GoesTo(campaign);
        await ada.Writes("timeZone", "UTC");
        var hours = await ada.Page.AddsRow("hours");
        foreach (var day in await hours.Locator(".days input").AllAsync()) await day.SetCheckedAsync(true, new() { Force = true });
        var now = TimeProvider.System.GetUtcNow();
        await hours.Locator("input[type=time]").First.FillAsync(now.AddHours(2).ToString("HH:mm", CultureInfo.InvariantCulture));
        await hours.Locator("input[type=time]").Last.FillAsync(now.AddHours(3).ToString("HH:mm", CultureInfo.InvariantCulture));
        await ada.Saves();
        await ada.IsTold("Saved.");

        var joao = await AVisitor("João", campaign: "owned");
        await trap.SetAsync(joao.Profile);
        await Eventually.Holds("the campaign is closed", async () =>
        {
            var chat = await ada.Page.APIRequest.GetAsync(new Uri(Home.Node.Address, "/chat/owned").ToString());
            return (await chat.TextAsync()).Contains("data-stage=\"offline\"", StringComparison.Ordinal);
        });
        await joao.OpensShop();
        await joao.OpensChat();
        await joao.IsAt("offline");
        await trap.FillsAsync(joao.Find("#start"));
        await trap.SeesNothingAsync(joao.Page);
        await joao.Find("#start button").ClickAsync();
        await joao.IsAt("kept");
        await trap.SeesNothingAsync(joao.Page);
        await lili.GoesTo("/inbox");
        await lili.LooksAt("outofhours");
        await lili.Item("<script>owned=1</script>").First.ClickAsync();
        await Expect(lili.Page.Locator("#title")).ToContainTextAsync("<script>owned=1</script>");
        await trap.SeesNothingAsync(lili.Page);
    }

    private static Task<IReadOnlyList<string>> Second(ILocator select) => select.SelectOptionAsync(new SelectOptionValue { Index = 1 });
}
