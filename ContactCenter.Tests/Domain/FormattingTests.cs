using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ContactCenter.Domain;
using ContactCenter.Tests.Support;

namespace ContactCenter.Tests.Domain;

/// <summary>What becomes of marks and links, by the cases in <c>formatting.json</c>; the preview's parser reads the same.</summary>
public sealed partial class FormattingTests
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);
    private static readonly List<Case> Cases = JsonSerializer.Deserialize<List<Case>>(
        File.ReadAllText(Path.Combine(Repository.Root, "ContactCenter.Tests", "Domain", "formatting.json")), Web)!;

    /// <param name="Html">Without the attributes that every link has; null plain: as the text.</param>
    private sealed record Case(string Text, string Html, string? Plain)
    {
        public string Whole => Mails().Replace(Addresses().Replace(Html, "$0 target=\"_blank\" rel=\"noopener noreferrer nofollow ugc\""), "$0 rel=\"noopener noreferrer nofollow ugc\"");
    }

    [Fact]
    public void Each_case_of_the_file_reads_as_it_says()
    {
        Assert.True(Cases.Count >= 80);
        var wrong = Cases.Where(each => MessageText.ToHtml(each.Text) != each.Whole)
            .Select(each => $"{each.Text}\n  {each.Whole}\n  {MessageText.ToHtml(each.Text)}").ToList();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        var plain = Cases.Where(each => each.Plain is not null && MessageText.ToPlain(each.Text, 5000) != each.Plain)
            .Select(each => $"{each.Text}\n  {each.Plain}\n  {MessageText.ToPlain(each.Text, 5000)}").ToList();
        Assert.True(plain.Count == 0, string.Join('\n', plain));
    }

    [Fact]
    public async Task The_preview_shows_what_will_be_sent()
    {
        var texts = Cases.Select(each => each.Text).Concat(Generated(20_000)).ToList();
        var preview = await Preview.OfAsync(texts);
        var wrong = new List<string>();
        for (var at = 0; at < texts.Count && wrong.Count < 10; at++)
        {
            var tokens = Markup.Read(texts[at]).Select(token => string.Create(
                CultureInfo.InvariantCulture, $"{Kind(token.Kind)} {token.Start} {token.End} {(token.Opens ? "true" : "false")}"));
            if (!tokens.SequenceEqual(preview[at].Tokens, StringComparer.Ordinal) || MessageText.ToHtml(texts[at]) != preview[at].Html)
                wrong.Add($"{JsonSerializer.Serialize(texts[at])}\n  {MessageText.ToHtml(texts[at])}\n  {preview[at].Html}");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Nothing_of_a_message_is_lost_but_the_marks_that_became_bold_italic_and_struck()
    {
        foreach (var text in Cases.Select(each => each.Text).Concat(Generated(20_000)))
        {
            var html = MessageText.ToHtml(text);
            var marks = Regex.Count(html, "</?[bis]>", RegexOptions.None, TimeSpan.FromSeconds(5));
            var shown = System.Net.WebUtility.HtmlDecode(
                Regex.Replace(html.Replace("<br>", "\n", StringComparison.Ordinal), "<[^>]*>", "", RegexOptions.None, TimeSpan.FromSeconds(5)));
            Assert.Equal(text.Length - marks, shown.Length);
            Assert.Equal(text.Where(c => c is not ('*' or '_' or '~')), shown.Where(c => c is not ('*' or '_' or '~')));
        }
    }

    [Fact]
    public void Links_lead_only_to_the_web_and_to_mail()
    {
        foreach (var text in Cases.Select(each => each.Text).Concat(Generated(20_000)))
            foreach (Match link in Links().Matches(MessageText.ToHtml(text)))
                Assert.Matches("^(https?://|mailto:)[^\"<>\\s]+$", link.Groups["href"].Value.ToLowerInvariant());
    }

    [Fact]
    public void What_is_shown_as_an_address_is_one()
    {
        var found = Cases.Select(each => each.Text).Concat(Generated(20_000))
            .SelectMany(text => Markup.Read(text).Where(token => token.Kind == MarkupKind.Mail).Select(token => text[token.Start..token.End])).ToList();
        Assert.True(found.Count > 100, $"{found.Count}");
        Assert.DoesNotContain(found, address => !Address.IsMail(address));
    }

    private static string Kind(MarkupKind kind) => kind switch
    {
        MarkupKind.Mark => "mark",
        MarkupKind.Address => "address",
        MarkupKind.Host => "host",
        MarkupKind.Mail => "mail",
    };

    // Texts of what parsers stumble over, put together by chance; the same ones in every run.
    private static IEnumerable<string> Generated(int count)
    {
        string[] parts =
        [
            "*", "*", "_", "_", "~", "**", " ", " ", "\n", "\t", "a", "ñ", "Z9", "é", "ש", "你", "😀", "❤️", "1️⃣", "𝒳", "\u200B", "\u200D", "\u0301", "²",
            "http://", "https://", "HTTPS://", "www.", "www.shop.example", "shop.example", "x.test", "localhost", "/", "//", "?", "#", "&", "=", "%20", ":", ":80", ":99999",
            "@", "lili@shop.example", ".", "..", ",", ";", "!", "…", "-", "—", "(", ")", "[", "]", "{", "}", "<", ">", "\"", "'", "“", "”", "«", "»", "’", "`", "\\", "|", "。", "）",
            "[::1]", "javascript:", "mailto:", "(ツ)", "^", "$", "+", "\u00A0", "\u2028",
        ];
        var random = new Random(20_261_130);
        for (var n = 0; n < count; n++)
            yield return string.Concat(Enumerable.Range(0, random.Next(1, 14)).Select(_ => parts[random.Next(parts.Length)]));
    }

    [GeneratedRegex("<a href=\"http[^\"]*\"", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Addresses();

    [GeneratedRegex("<a href=\"mailto:[^\"]*\"", RegexOptions.NonBacktracking)]
    private static partial Regex Mails();

    [GeneratedRegex("<a href=\"(?<href>[^\"]*)\"", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Links();
}
