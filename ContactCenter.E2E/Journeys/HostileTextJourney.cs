using ContactCenter.E2E.Support;
using static Microsoft.Playwright.Assertions;

namespace ContactCenter.E2E.Journeys;

/// <summary>Whatever is written is text, on both sides, under the policy the pages really have.</summary>
public sealed class HostileTextJourney : Journey
{
    private static readonly string[] Hostile =
    [
        "<script>window.owned = true</script>",
        "<img src=x onerror=\"window.owned = true\"> <svg onload=window.owned=true>",
        "\"><a href=\"javascript:window.owned=true\">free shoes</a><style>body{display:none}</style>",
        "</article></section><form action=/sign-out><button hx-post=/sign-out hx-trigger=load>x</button>",
        "{{7*7}} ${7*7} @(7*7) &lt;b&gt; &amp; %3Cscript%3E",
        "event: state data: owned",
        "👩🏽‍🚀🏳️‍🌈 e\u0301 Ж 中文 שלום مرحبا",
    ];

    [Fact]
    public Task Marta_and_Lili_write_markup_at_each_other_and_read_it_as_text() => Play(async () =>
    {
        var lili = await LiliAvailable();
        var marta = await Marta();
        await marta.Comes(Hostile[0]);
        await marta.SeesAgent("Lili");
        await lili.Opens("Marta");
        await lili.Sees(Hostile[0]);
        foreach (var text in Hostile.Skip(1))
        {
            await marta.Writes(text);
            await lili.Sees(text);
        }
        foreach (var text in Hostile)
        {
            var answer = $"{text} (Lili)";
            await lili.Writes(answer);
            await marta.Sees(answer);
        }
        await marta.Sends("*bold* _italic_ ~gone~ a*b*c 2 * 3 * 4");
        await Expect(lili.Messages.Last.Locator("b, strong, i, em, s, del")).ToHaveTextAsync(["bold", "italic", "gone"]);
        await lili.Finishes("<script>window.owned = true</script>");

        foreach (var person in new Person[] { marta, lili })
        {
            await Expect(person.Find("#log script, #log img, #log svg, #log a, #log form, #log style")).ToHaveCountAsync(0);
            Assert.Equal("undefined", await person.Find("#log").EvaluateAsync<string>("() => typeof window.owned"));
        }
        await lili.GoesTo("/history");
        await Expect(lili.Page.Locator("table")).ToContainTextAsync("<script>window.owned = true</script>");
        Assert.Equal("undefined", await lili.Page.EvaluateAsync<string>("() => typeof window.owned"));
    });

    [Fact]
    public Task A_name_of_markup_and_a_very_long_word_break_nothing() => Play(async () =>
    {
        const string name = "<b onmouseover=alert(1)>Marta</b>";
        var word = new string('W', 600);
        var lili = await LiliAvailable();
        var marta = await Marta();
        await marta.OpensShop();
        await marta.OpensChat();
        await marta.FillsIn(word);
        await marta.Find("#name").FillAsync(name);
        await marta.Find("#start button").ClickAsync();
        await marta.SeesAgent("Lili");
        await marta.Sees($"Hello {name}, this is Lili. How can I help you?");
        await lili.Opens(name);
        await lili.Sees(word);
        await lili.Writes(word.ToLowerInvariant());
        await marta.Sees(word.ToLowerInvariant());
        // Nothing is wider than its window.
        foreach (var person in new Person[] { marta, lili })
        {
            foreach (var selector in new[] { "html", "[data-log=''], #scroll" })
                Assert.True(await person.Find(selector).First.EvaluateAsync<bool>("elt => elt.scrollWidth <= elt.clientWidth"), $"{person.Name}: {selector}");
        }
        await lili.Page.SetViewportSizeAsync(390, 844);
        Assert.True(await lili.Find("html").EvaluateAsync<bool>("elt => elt.scrollWidth <= elt.clientWidth"), "on a phone");
    });

    [Fact]
    public Task Text_that_turns_the_line_around_stays_in_its_message() => Play(async () =>
    {
        var lili = await LiliAvailable();
        var marta = await Marta();
        await marta.Comes("photo_\u202Egnp.exe\u202C");
        await marta.SeesAgent("Lili");
        await lili.Opens("Marta");
        var body = lili.Messages.Filter(new() { HasText = "photo_" }).Locator(".body");
        await Expect(body).ToHaveAttributeAsync("dir", "auto");
        // What turns a line around ends with its block.
        Assert.Equal("block", await body.EvaluateAsync<string>("elt => getComputedStyle(elt).display"));
        await marta.Writes("שלום, מה שלומך?");
        await lili.Sees("שלום, מה שלומך?");
        Assert.Equal("rtl", await lili.Message("שלום, מה שלומך?").Locator(".body").EvaluateAsync<string>("elt => getComputedStyle(elt).direction"));
    });
}
