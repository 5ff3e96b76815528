using System.Net;
using ContactCenter.E2E.Support;
using ContactCenter.Tests.Support;
using Microsoft.Playwright;
using Ids = ContactCenter.Domain.Ids;
using Proxy = ContactCenter.E2E.Support.Proxy;

namespace ContactCenter.E2E.Journeys;

/// <summary>Everything through a proxy that speaks TLS and HTTP/2, as an installation stands in the world.</summary>
public sealed class ProxyJourney : Journey
{
    private const int Tabs = 12;

    // Twenty streams of one visitor at once.
    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>(StringComparer.Ordinal) { ["ContactCenter__Limits__StreamsPerVisitor"] = "20" };

    [Fact]
    public Task Lili_has_twelve_tabs_on_one_connection_and_all_are_live() => Play(async () =>
    {
        var proxy = await ProxyAsync("with a certificate from Let's Encrypt");
        var lili = await LiliBehindAsync(proxy);
        var marta = await Marta();
        await marta.Comes("Hello");
        await marta.SeesAgent("Lili");
        await lili.Opens("Marta");
        var tabs = new List<Agent> { lili };
        while (tabs.Count < Tabs)
        {
            var tab = await lili.InAnotherTab();
            await tab.Page.GotoAsync(lili.Page.Url);
            await tab.Sees("Hello");
            tabs.Add(tab);
        }

        await marta.Writes("To all of them");
        foreach (var tab in tabs) await tab.Sees("To all of them");
        await tabs[^1].Writes("From the last");
        await marta.Sees("From the last");
        foreach (var tab in tabs) await tab.Sees("From the last");

        // More than six streams at once is what HTTP/1.1 cannot do, and each has had its events while it was open.
        var protocols = await Task.WhenAll(tabs.Select(tab => tab.Page.EvaluateAsync<string>("() => performance.getEntriesByType('navigation')[0].nextHopProtocol")));
        Assert.All(protocols, protocol => Assert.Matches("^h[23]$", protocol));
        await lili.Finishes("Twelve windows");
        await marta.IsAt("ended");
    });

    [Fact]
    public Task A_node_is_killed_and_people_go_on_at_the_other() => Play(async () =>
    {
        await Home.AddNodeAsync();
        var proxy = await ProxyAsync("A `Caddyfile` for two:");
        await using var shop = await Shop.OpenAsync(proxy.Address);
        var lili = await LiliBehindAsync(proxy);
        var profile = await SomebodyAsync("Marta", Behind());
        var marta = new Visitor(profile, await profile.Context.NewPageAsync(), shop.Address);
        await marta.Comes("Before");
        await marta.SeesAgent("Lili");
        await lili.Opens("Marta");
        foreach (var person in new Person[] { lili, marta })
        {
            // A stream that was on the node when it died, and what was asked of it in that moment.
            person.Profile.Expects("net::ERR_(HTTP2_PROTOCOL_ERROR|QUIC_PROTOCOL_ERROR|INCOMPLETE_CHUNKED_ENCODING|CONNECTION_CLOSED) ");
            person.Profile.Expects("^console: htmx: htmx:(sse:)?error: (network error|Failed to fetch)");
            person.Profile.Expects("^502 ");
        }

        foreach (var node in Home.Nodes)
        {
            await node.StopAsync("KILL");
            await marta.Sends($"Without {node.Address.Port}");
            await lili.Sees($"Without {node.Address.Port}");
            await lili.Writes($"I read you without {node.Address.Port}");
            await marta.Sees($"I read you without {node.Address.Port}");
            await node.StartAgainAsync();
            await IsReadyAsync(node);
        }

        await SeeTheSame(marta, lili);
        Assert.Distinct(await marta.Reads(), StringComparer.Ordinal);
    });

    [Fact]
    public Task Twenty_streams_on_one_connection_get_each_event_at_once() => Play(async () =>
    {
        var proxy = await ProxyAsync("with a certificate from Let's Encrypt");
        using var http = Proxy.Open(HttpVersion.Version20);
        http.BaseAddress = proxy.Address;
        using var started = await http.PostAsync($"/chat/{Shop.Sales}/conversation", Form(("name", "Marta"), ("email", "marta@example.com"), ("language", "es")));
        http.DefaultRequestHeaders.Add("X-Visitor", started.Headers.GetValues("X-Visitor").Single());
        var streams = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => http.GetAsync($"/chat/{Shop.Sales}/stream", HttpCompletionOption.ResponseHeadersRead)));
        Assert.All(streams, stream => Assert.Equal((HttpStatusCode.OK, HttpVersion.Version20), (stream.StatusCode, stream.Version)));

        using var sent = await http.PostAsync($"/chat/{Shop.Sales}/messages", Form(("text", "To all of them")));
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);

        // The conversation goes on and so do the streams: what held events back would hold them until these end.
        foreach (var stream in streams)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            using var lines = new StreamReader(await stream.Content.ReadAsStreamAsync());
            string? line;
            do line = await lines.ReadLineAsync(limit.Token);
            while (line?.Contains("To all of them", StringComparison.Ordinal) == false);
            Assert.NotNull(line);
        }
    });

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) =>
        new(fields.Append(("id", $"{Ids.New(TimeProvider.System)}")).Select(field => KeyValuePair.Create(field.Item1, field.Item2)));

    private static BrowserNewContextOptions Behind() => new() { IgnoreHTTPSErrors = true };

    private async Task<Agent> LiliBehindAsync(Proxy proxy)
    {
        var profile = await SomebodyAsync("Lili", Behind());
        var lili = new Agent(profile, await profile.Context.NewPageAsync(), proxy.Address);
        await lili.SignsIn();
        await lili.GoesAvailable();
        return lili;
    }

    private static async Task IsReadyAsync(Node node)
    {
        using var http = new HttpClient();
        await Eventually.Holds("the node is ready", async () =>
        {
            using var answer = await http.GetAsync(new Uri(node.Address, "/health/ready"));
            return answer.IsSuccessStatusCode;
        });
    }
}
