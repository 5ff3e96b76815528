using System.IO.Compression;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ContactCenter.Load;

/// <summary>
/// Compressed bytes of a first visit with an empty cache: the page and all it asks for, as a browser would find it in
/// the markup, the style sheets and the modules. Each address is fetched once; headers are not counted.
/// </summary>
sealed partial class Weights(HttpClient http)
{
    readonly Dictionary<Uri, int> fetched = [];
    readonly Dictionary<string, string> modules = new(StringComparer.Ordinal);

    public static async Task Measure(HttpClient anyone, HttpClient agent, string campaign, Report report)
    {
        await Add("loader", "widget loader", 3, anyone, "/widget.js");
        // The pages fetch their fragments once more when their stream opens.
        await Add("chat", "open chat", 40, anyone, $"/chat/{campaign}", $"/chat/{campaign}/pane");
        await Add("agent", "agent's first load", 80, agent, "/inbox", "/inbox/list", "/inbox/kpis");

        async Task Add(string key, string what, double limit, HttpClient browser, params string[] paths)
        {
            var weights = new Weights(browser);
            foreach (var path in paths)
                await weights.Fetch(new Uri(browser.BaseAddress!, path));
            foreach (var (address, bytes) in weights.fetched.OrderByDescending(file => file.Value))
                Report.Say($"{key}: {bytes,7} B  {address.PathAndQuery}");
            report.Add($"{key}_kb", $"{what}, {weights.fetched.Count} requests, compressed", weights.fetched.Values.Sum() / 1000.0, "KB", Limit.Max(limit));
        }
    }

    async Task Fetch(Uri address)
    {
        if (!fetched.TryAdd(address, 0))
            return;
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { "Accept-Encoding", "gzip, br" } } };
        using var answer = await http.SendAsync(request);
        await answer.Expect(HttpStatusCode.OK);
        var body = await answer.Content.ReadAsByteArrayAsync();
        fetched[address] = body.Length;

        var text = Text(body, answer.Content.Headers.ContentEncoding.SingleOrDefault());
        foreach (var reference in References(answer.Content.Headers.ContentType?.MediaType, text))
            if (Uri.TryCreate(address, reference, out var next) && next.Authority == address.Authority)
                await Fetch(new Uri(next.GetLeftPart(UriPartial.Query)));
    }

    IEnumerable<string> References(string? type, string text) => type switch
    {
        "text/html" => Markup(text),
        "text/css" => StyleReference().Matches(text).Select(found => found.Groups["address"].Value),
        "text/javascript" => ModuleImport().Matches(text).Select(found => Module(found.Groups["module"].Value)),
        _ => [],
    };

    IEnumerable<string> Markup(string html)
    {
        if (ImportMap().Match(html) is { Success: true } found)
            foreach (var module in JsonDocument.Parse(found.Groups["map"].Value).RootElement.GetProperty("imports").EnumerateObject())
                modules[module.Name] = module.Value.GetString()!;

        foreach (var tag in Html.Tags(html))
        {
            var reference = tag.Name switch
            {
                "script" or "img" or "iframe" => tag["src"],
                "use" => tag["href"],
                "link" when FetchedLink().IsMatch(tag["rel"] ?? "") => tag["href"],
                _ when tag["hx-trigger"]?.StartsWith("load", StringComparison.Ordinal) == true => tag["hx-get"],
                _ => null,
            };
            if (!string.IsNullOrEmpty(reference) && reference[0] != '#' && !reference.StartsWith("data:", StringComparison.Ordinal))
                yield return reference;
        }
    }

    string Module(string name) => modules.GetValueOrDefault(name, name);

    static string Text(byte[] body, string? encoding)
    {
        using var bytes = new MemoryStream(body);
        using Stream plain = encoding switch
        {
            "br" => new BrotliStream(bytes, CompressionMode.Decompress),
            "gzip" => new GZipStream(bytes, CompressionMode.Decompress),
            _ => bytes,
        };
        using var reader = new StreamReader(plain);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("""<script[^>]*type=["']importmap["'][^>]*>(?<map>[^<]*)</script>""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ImportMap();

    [GeneratedRegex(@"\b(stylesheet|preload|modulepreload|icon|manifest)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FetchedLink();

    [GeneratedRegex("""(url\(\s*|@import\s+)["']?(?<address>[^"')\s]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex StyleReference();

    [GeneratedRegex("""(^|[;\n])\s*(import|export)\b[^"';]*?["'](?<module>[^"']+)["']""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ModuleImport();
}
