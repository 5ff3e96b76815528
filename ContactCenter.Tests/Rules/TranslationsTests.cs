using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ContactCenter.Tests.Rules;

/// <summary>Each text of the interface, as it stands in the sources, has a Spanish and a Portuguese one, and
/// nothing else has. A text chosen by a switch is seen when left over, not when missing.</summary>
public sealed partial class TranslationsTests
{
    [Theory]
    [InlineData("es")]
    [InlineData("pt")]
    public void Every_text_is_translated_once_with_the_same_places_and_none_is_left_over(string language)
    {
        var sources = Sources.Files(Sources.Web, "*.cs", "*.cshtml").Select(File.ReadAllText).ToList();
        var used = sources.SelectMany(source => Key().Matches(source)).Select(match => Regex.Unescape(match.Groups["text"].Value))
            .ToHashSet(StringComparer.Ordinal);
        Assert.Contains("Sign in", used);
        var entries = XDocument.Load(Path.Combine(Sources.Web, "Resources", $"Text.{language}.resx")).Root!.Elements("data")
            .Select(entry => (Key: entry.Attribute("name")!.Value, Value: entry.Element("value")!.Value)).ToList();
        var keys = entries.Select(entry => entry.Key).ToHashSet(StringComparer.Ordinal);

        var wrong = used.Where(text => !keys.Contains(text)).Select(text => "missing: " + text)
            .Concat(keys.Where(key => !used.Contains(key) && !sources.Exists(source => source.Contains($"\"{key}\"", StringComparison.Ordinal))).Select(key => "not used: " + key))
            // Resources tell no case apart: of two, one would be ignored.
            .Concat(entries.GroupBy(entry => entry.Key, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1).Select(same => "twice: " + same.Key))
            .Concat(entries.Where(entry => string.IsNullOrWhiteSpace(entry.Value)).Select(entry => "empty: " + entry.Key))
            .Concat(entries.Where(entry => !Places(entry.Key).SetEquals(Places(entry.Value))).Select(entry => "other {n}: " + entry.Key))
            .ToList();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    // One word for one thing: beside the other one a reader asks what the difference is.
    [Theory]
    [InlineData("es", "cola", "fila")]
    [InlineData("pt", "fila", "cola")]
    public void The_queue_has_one_name(string language, string name, string other)
    {
        var texts = XDocument.Load(Path.Combine(Sources.Web, "Resources", $"Text.{language}.resx"));
        var told = texts.Root!.Elements("data")
            .Where(entry => entry.Attribute("name")!.Value.Contains("queue", StringComparison.OrdinalIgnoreCase))
            .Select(entry => entry.Element("value")!.Value).ToList();
        Assert.Contains(told, value => value.Contains(name, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(told, value => value.Contains(other, StringComparison.OrdinalIgnoreCase));
    }

    private static HashSet<string> Places(string text) => Place().Matches(text).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);

    // T["…"], also T[condition ? "…" : "…"]; and what attributes say of a field.
    [GeneratedRegex(
        @"(\b(T|text|texts)\[([^\]""]*\? (""([^""\\]|\\.)*"" : )?)?|ErrorMessage = |ValidationAttribute\()""(?<text>([^""\\]|\\.)*)""",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Key();

    [GeneratedRegex(@"\{\d+\}", RegexOptions.NonBacktracking)]
    private static partial Regex Place();
}
