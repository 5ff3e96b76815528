using System.Net;
using System.Text.RegularExpressions;

namespace ContactCenter.Load;

sealed record HtmlTag(string Name, ILookup<string, string> Attributes)
{
    public string? this[string attribute] => Attributes[attribute].FirstOrDefault();
}

/// <summary>As much of a page as a load client needs: its opening tags. Not a parser for pages of others.</summary>
static partial class Html
{
    public static IEnumerable<HtmlTag> Tags(string html) => Tag().Matches(html).Select(tag => new HtmlTag(
        tag.Groups["name"].Value,
        Attribute().Matches(tag.Groups["attributes"].Value).ToLookup(
            found => found.Groups["name"].Value,
            found => WebUtility.HtmlDecode(found.Groups["value"].Value[1..^1]),
            StringComparer.Ordinal)));

    [GeneratedRegex("""<(?<name>[a-z][\w-]*)\b(?<attributes>([^>"']|"[^"]*"|'[^']*')*)>""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Tag();

    [GeneratedRegex("""(?<name>[\w:-]+)\s*=\s*(?<value>"[^"]*"|'[^']*')""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Attribute();
}
