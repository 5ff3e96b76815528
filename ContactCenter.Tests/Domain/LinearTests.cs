using System.Diagnostics;
using System.Runtime.InteropServices;
using ContactCenter.Channels.WebChat;
using ContactCenter.Domain;
using ContactCenter.Hosting;
using ContactCenter.Pages;
using ContactCenter.Security;
using ContactCenter.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace ContactCenter.Tests.Domain;

/// <summary>
/// What strangers write costs in proportion to its length, whatever it is made of. Four times the text may take four times
/// as long; a parser that looks back takes sixteen times. Best times of several runs are compared, and only until they
/// show it, so that a busy machine makes the test longer and not wrong.
/// </summary>
public sealed class LinearTests
{
    private const int Length = 8_000;
    private const int Times = 4;
    private const double Most = 8;
    private const int Runs = 12;

    private static readonly IStringLocalizer<Text> Texts = new StringLocalizer<Text>(new ResourceManagerStringLocalizerFactory(
        Options.Create(new LocalizationOptions { ResourcesPath = "Resources" }), NullLoggerFactory.Instance));

    private static readonly MenuBot Bot = new()
    {
        Enabled = true,
        Options = [new MenuOption { Label = new LocalText { Es = "Ventas y presupuestos" }, Skill = "sales" }, new MenuOption { Label = new LocalText { Es = "Soporte" }, Skill = "support" }],
    };

    private static readonly Dictionary<string, Action<string>> Parsers = new(StringComparer.Ordinal)
    {
        ["a message as stored"] = text => MessageText.Clean(text),
        ["a line as stored"] = text => MessageText.CleanLine(text, 80),
        ["a message as shown"] = text => MessageText.ToHtml(text),
        ["a message in a list"] = text => MessageText.ToPlain(text, 120),
        ["variables"] = text => Variables.Fill(text, "Campaign", "Department", "Marta", 1001, "Lili"),
        ["an answer to a bot"] = text => Menus.Decide(Bot, "es", text, 0),
        ["an e-mail address"] = text => Address.IsMail(text),
        ["an e-mail address as a link"] = text => Address.MailTo(text),
        ["a telephone number"] = text => Address.IsPhone(text),
        ["a telephone number as a link"] = text => Address.Tel(text),
        ["the start form"] = text => StartFormReader.Read(
            new FormCollection(new[] { "name", "email", "phone", "text", "language", "id", "offline" }.ToDictionary(field => field, _ => new StringValues(text), StringComparer.Ordinal)), "es", Texts),
        ["an origin"] = text => AllowedOrigins.Allow(["https://*.shop.example", "http://localhost:*"], text),
        ["the origin of a page"] = text => AllowedOrigins.Allow(["https://*.shop.example"], "https://" + text),
        ["an allowed origin"] = text => AllowedOrigins.IsSource("https://" + text),
        ["a language"] = text => Languages.Match(text),
        ["what a browser accepts"] = text =>
        {
            var context = new DefaultHttpContext();
            context.Request.Headers.AcceptLanguage = text;
            new AcceptedLanguages().DetermineProviderCultureResult(context).GetAwaiter().GetResult();
        },
        ["what a browser says of itself"] = text => Devices.Of(text),
        ["a time zone"] = text => TimeZones.Find(text),
        ["what is searched for"] = text => Folding.Pattern(text),
        ["a query in an address"] = text => global::ContactCenter.Pages.Administration.Addresses.Query(text),
        ["initials"] = text => Words.Initials(text),
    };

    private static readonly string[] Repeated =
    [
        "*", "*a", "_ *", "~*_", "*a ", "*a_b~c ", "*a* ", "a*", " ", "\n", "\t", "x", "0", "-", ".", ",", "'", "(", ")", "[", "{", "{agent}", "{{", "http://", "https://a", "http://a.b ",
        "www.", "www.a.", " www.a", "_www.", "www.a.b:", "www.a.b@", "@", "a@", "a@b.", "a.b@", "a@b.c ", "a@b-", "+1", "1 ", "/", "\\", ";q=0.1,", "es,", "en;", "a\u0301\u0316", "\u0301", "\u0316\u0301", "İ", "ﷺ", "😀", "\uD83D", "“", "”",
        "\u200D", "שם", "a b ", "%", "\\%",
    ];

    [Fact]
    public void Every_parser_of_what_strangers_write_takes_as_long_as_the_text_is()
    {
        var slow = new List<string>();
        foreach (var (name, parse) in Parsers)
            foreach (var (what, make) in Worst())
            {
                if (Ratio(parse, make(Length), make(Length * Times)) is not (> Most and var ratio)) continue;
                slow.Add($"{name} of {what}: {ratio:0.0} times as long for {Times} times the length");
                break;
            }
        Assert.True(slow.Count == 0, string.Join('\n', slow));
    }

    [Fact]
    public async Task The_preview_takes_as_long_as_the_text_is()
    {
        var worst = Worst().ToList();
        var slow = worst;
        for (var run = 0; slow.Count > 0 && run < 5; run++)
        {
            var times = await Preview.TimesAsync(slow.SelectMany(each => new[] { each.Make(Length), each.Make(Length * Times) }));
            slow = [.. slow.Where((_, at) => times[(at * 2) + 1] > 1 && times[(at * 2) + 1] / times[at * 2] > Most)];
        }
        Assert.True(slow.Count == 0, string.Join('\n', slow.Select(each => each.What)));
    }

    [Fact]
    public void The_longest_message_made_of_marks_is_read_at_once()
    {
        var text = new string('*', 2047) + "x" + new string('*', 2047);
        Assert.True(Best(() => MessageText.ToPlain(text, 120), 10) < TimeSpan.FromMilliseconds(5));
        Assert.True(Best(() => MessageText.ToHtml(text), 10) < TimeSpan.FromMilliseconds(5));
    }

    private static IEnumerable<(string What, Func<int, string> Make)> Worst()
    {
        foreach (var part in Repeated)
        {
            string Fill(int length) => string.Concat(Enumerable.Repeat(part, Math.Max(1, length / part.Length)));
            var name = System.Text.Json.JsonSerializer.Serialize(part);
            yield return (name, Fill);
            yield return ($"{name} around x", length => Fill(length / 2) + "x" + Fill(length / 2));
            yield return ($"{name} before an end", length => "*https://x.test/" + Fill(length) + "*\u0001");
        }
        yield return ("marks nested in marks", length =>
            string.Concat(Enumerable.Repeat("*_~", length / 6)) + "x" + string.Concat(Enumerable.Repeat("~_*", length / 6)));
        yield return ("marks nested with room", length =>
            string.Concat(Enumerable.Repeat("*a _b ~c ", length / 18)) + string.Concat(Enumerable.Repeat(" c~ b_ a*", length / 18)));
        yield return ("brackets that close late", length => "https://x.test/" + new string('(', length / 2) + new string(')', length / 2));
        yield return ("an e-mail address of labels", length => "a@" + string.Concat(Enumerable.Repeat("a.", length / 2)) + "@");
    }

    private static double Ratio(Action<string> parse, string text, string longer)
    {
        var (least, most, ratio) = (TimeSpan.MaxValue, TimeSpan.MaxValue, double.MaxValue);
        for (var run = 0; run < Runs && ratio > Most; run++)
        {
            least = Min(least, Best(() => parse(text), 1));
            most = Min(most, Best(() => parse(longer), 1));
            // Below that memory is measured, which costs more where one piece is large; a parser that looks back takes hundreds.
            ratio = most < TimeSpan.FromMilliseconds(5) ? 0 : run < 2 && most / least > Most ? double.MaxValue : most / least;
        }
        return ratio;
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Best(Action act, int runs)
    {
        var best = TimeSpan.MaxValue;
        for (var run = 0; run < runs; run++)
        {
            var began = Clock();
            act();
            best = Min(best, Clock() - began);
        }
        return best;
    }

    // What this thread has worked: what others work meanwhile is not the parser's.
    private static TimeSpan Clock()
    {
        if (!OperatingSystem.IsLinux()) return Stopwatch.GetElapsedTime(0);
        Assert.Equal(0, GetTime(ThreadsOwn, out var time));
        return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0);
    }

    private const int ThreadsOwn = 3;

    [DllImport("libc", EntryPoint = "clock_gettime")]
    private static extern int GetTime(int clock, out Moment time);

    private readonly record struct Moment(long Seconds, long Nanoseconds);
}
