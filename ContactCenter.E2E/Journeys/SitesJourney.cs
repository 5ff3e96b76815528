using ContactCenter.E2E.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ContactCenter.E2E.Journeys;

/// <summary>The widget on sites as they are: there is one launcher, it lives, and what is in it stays.</summary>
public sealed class SitesJourney : Journey
{
    private const string Support = "demo-support";

    [Fact]
    public Task On_sites_that_swap_their_pages_the_chat_stays_as_it_is() => Play(async () =>
    {
        var lili = await LiliAvailable();
        var site = await SiteAsync();
        foreach (var kind in new[] { "turbo", "htmx", "router", "plain" })
        {
            foreach (var place in new[] { "head", "body" })
            {
                var profile = await SomebodyAsync($"{kind} {place}");
                var ana = new Visitor(profile, await profile.Context.NewPageAsync(), site.Address(kind, place, 1));
                await ana.OpensShop();
                await IsAlive(ana);
                await Follows(ana, "Two");
                await Follows(ana, "One");
                await GoesBack(ana, 2);
                await GoesBack(ana, 1);
                await ana.Page.GoForwardAsync();
                await IsAt(ana, 2);
                await ana.Page.CloseAsync();
            }

            // In the middle of a sentence.
            var bruno = await SomebodyAsync($"Bruno-{kind}");
            var visitor = new Visitor(bruno, await bruno.Context.NewPageAsync(), site.Address(kind, "body", 1));
            await visitor.OpensShop();
            await visitor.OpensChat();
            await visitor.Starts("Hello");
            await visitor.SeesAgent("Lili");
            await visitor.Types("Do you have this in");
            await visitor.Find("html").EvaluateAsync("html => { html.dataset.same = 'yes'; }");
            await Follow(visitor, "Two", 2);
            await Expect(visitor.Composer).ToHaveValueAsync("Do you have this in");
            // A page that is loaded anew takes the frame with it; what was written is there again.
            await Expect(visitor.Find("html[data-same]")).ToHaveCountAsync(kind == "plain" ? 0 : 1);
            await lili.Opens(visitor.Name);
            await lili.Writes($"Good day, {kind}");
            await visitor.Sees($"Good day, {kind}");
            await visitor.Page.GoBackAsync();
            await Expect(visitor.Page.Locator("h1")).ToHaveTextAsync("Page 1");
            await Expect(visitor.Composer).ToHaveValueAsync("Do you have this in");
            await visitor.Sees($"Good day, {kind}");
            await lili.Finishes("Done");
            await visitor.Page.CloseAsync();
        }
    });

    [Fact]
    public Task Whatever_a_site_does_to_it_there_is_one_launcher_and_it_works() => Play(async () =>
    {
        var site = await SiteAsync();
        var tag = Shop.Tag();
        var inject = "const script = document.createElement('script'); script.src = '{widget}'; script.dataset.campaign = 'demo-sales';";
        // What the page has in its head and body, and what it does afterwards.
        foreach (var (what, head, body, does) in new (string What, string Head, string Body, string Does)[]
        {
            ("in the head at once", Shop.Tag(attributes: ""), "", ""),
            ("deferred", Shop.Tag(attributes: "defer"), "", ""),
            ("as a module", Shop.Tag(attributes: "type=\"module\""), "", ""),
            ("by a tag manager that takes it away again", "", "", $"{inject} document.head.append(script); script.remove();"),
            ("by a tag manager that drops attributes", "", "<script src=\"{widget}?campaign=demo-sales&lang=en\"></script>", ""),
            ("twice", tag, tag, ""),
            ("three times, one later", tag, tag, $"setTimeout(() => {{ {inject} document.body.append(script); }}, 50);"),
            ("removed", "", tag, "setTimeout(() => document.querySelector('contact-center-chat').remove(), 50);"),
            ("removed by who watches", "", tag, """
                let times = 0;
                new MutationObserver(() => { if (times++ < 8) document.querySelectorAll('html > :not(head, body)').forEach(each => each.remove()); })
                  .observe(document.documentElement, { childList: true });
                setTimeout(() => document.querySelectorAll('html > :not(head, body)').forEach(each => each.remove()), 50);
                """),
            ("replaced by its own copy", "", tag, """
                setTimeout(() => { const launcher = document.querySelector('contact-center-chat'); launcher.replaceWith(launcher.cloneNode(true)); }, 50);
                """),
            ("with a copy in the body", "", tag, "setTimeout(() => document.body.append(document.querySelector('contact-center-chat').cloneNode(true)), 50);" + $"setTimeout(() => {{ {inject} document.body.append(script); }}, 100);"),
            ("with another root", "", tag, "setTimeout(() => document.documentElement.replaceWith(document.documentElement.cloneNode(true)), 50);"),
            ("with another document", "", tag, "setTimeout(() => { document.open(); document.write('<title>New</title><h1>New</h1>'); document.close(); }, 50);"),
            ("with another document and the script in it", "", tag,
                $"setTimeout(() => {{ document.open(); document.write('<title>New</title><h1>New</h1>{tag.Replace("</script>", "<\\/script>", StringComparison.Ordinal)}'); document.close(); }}, 50);"),
            ("where nothing can be stored", """
                <script>for (const area of ['localStorage', 'sessionStorage']) Object.defineProperty(window, area, { get() { throw new DOMException('No', 'SecurityError'); } });</script>
                """, tag, ""),
            ("under a style that hides what it does not know", """
                <style>
                  :not(:defined), html > *:not(head):not(body), contact-center-chat { display: none !important; visibility: hidden !important; opacity: 0 !important; position: static !important; z-index: -1 !important; transform: scale(0) !important; pointer-events: none !important; --accent: transparent !important; }
                  * { all: unset !important; } button { display: none !important; }
                </style>
                """, tag, ""),
        })
        {
            var profile = await SomebodyAsync(what);
            var page = await profile.Context.NewPageAsync();
            var ana = new Visitor(profile, page, site.Odd(head, body + (does.Length > 0 ? $"<script>window.does = () => {{ {does.Replace("</script>", "<\\/script>", StringComparison.Ordinal)} }};</script>" : "")));
            await ana.OpensShop();
            if (does.Length > 0)
            {
                if (body.Length > 0) await Expect(ana.Launcher).ToBeVisibleAsync();
                await page.EvaluateAsync("""
                    () => {
                      const later = new Promise(done => setTimeout(done, 400));
                      does();
                      return later;
                    }
                    """);
            }

            await IsAlive(ana);
            await ana.OpensChat();
            await ana.Page.CloseAsync();
        }
    });

    [Fact]
    public Task Of_two_campaigns_the_later_of_the_page_has_the_launcher() => Play(async () =>
    {
        var site = await SiteAsync();
        foreach (var (head, body, campaign) in new (string Head, string Body, string Campaign)[]
        {
            (Shop.Tag(attributes: ""), Shop.Tag(Support, ""), Support),
            (Shop.Tag(Support, ""), Shop.Tag(attributes: ""), Shop.Sales),
            // Whichever arrives first.
            (Shop.Tag(attributes: "defer"), Shop.Tag(Support, ""), Support),
            (Shop.Tag(), Shop.Tag(Support), Support),
        })
        {
            var profile = await SomebodyAsync("Ana");
            var ana = new Visitor(profile, await profile.Context.NewPageAsync(), site.Odd(head, body));
            await ana.OpensShop();
            await ana.Page.WaitForLoadStateAsync(LoadState.Load);
            await IsAlive(ana);
            await ana.OpensChat();
            Assert.Contains($"/chat/{campaign}?", await ana.Page.Locator("contact-center-chat iframe").GetAttributeAsync("src"), StringComparison.Ordinal);
            await ana.Page.CloseAsync();
        }
    });

    private static async Task Follows(Visitor visitor, string link)
    {
        await Follow(visitor, link, link == "One" ? 1 : 2);
        await IsAlive(visitor);
    }

    private static async Task Follow(Visitor visitor, string link, int page)
    {
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = link }).ClickAsync();
        await Expect(visitor.Page.Locator("h1")).ToHaveTextAsync($"Page {page}");
    }

    private static async Task GoesBack(Visitor visitor, int page)
    {
        await visitor.Page.GoBackAsync();
        await IsAt(visitor, page);
    }

    private static async Task IsAt(Visitor visitor, int page)
    {
        await Expect(visitor.Page.Locator("h1")).ToHaveTextAsync($"Page {page}");
        await IsAlive(visitor);
    }

    // One, and it opens and closes.
    private static async Task IsAlive(Visitor visitor)
    {
        await Expect(visitor.Page.Locator("contact-center-chat")).ToHaveCountAsync(1);
        await Expect(visitor.Launcher).ToHaveAttributeAsync("aria-expanded", "false");
        await visitor.Launcher.ClickAsync();
        await Expect(visitor.Launcher).ToHaveAttributeAsync("aria-expanded", "true");
        await visitor.Launcher.ClickAsync();
        await Expect(visitor.Launcher).ToHaveAttributeAsync("aria-expanded", "false");
    }
}
