using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ContactCenter.Domain;

/// <summary>Why a text cannot become a message.</summary>
public enum MessageTextProblem
{
    /// <summary>Nothing, or nothing anyone could see.</summary>
    Empty,

    /// <summary>More than <see cref="MessageText.MaxLength"/> characters.</summary>
    TooLong,

    /// <summary>Control characters other than line break and tab, or half a surrogate pair.</summary>
    NotText,
}

/// <summary>A text as it is stored, or the reason it is refused. Exactly one of the two is set.</summary>
public readonly record struct CleanText(string? Value, MessageTextProblem? Problem);

/// <summary>The text of a message: what is accepted and stored, and how it is shown (W8).</summary>
public static partial class MessageText
{
    /// <summary>Longest accepted message, in UTF-16 code units: the unit a browser's <c>maxlength</c> counts in.</summary>
    public const int MaxLength = 4096;

    /// <summary>
    /// The text as it is stored: line breaks are <c>\n</c>, outer white space is gone, and so are the characters that
    /// reorder what stands around them (U+202A–U+202E, U+2066–U+2069): with them a message could read as another.
    /// </summary>
    public static CleanText Clean(string? raw)
    {
        if (string.IsNullOrEmpty(raw))
            return Refused(MessageTextProblem.Empty);
        var text = new StringBuilder(Math.Min(raw.Length, MaxLength + 1));
        var visible = false;
        for (var i = 0; i < raw.Length; i++)
        {
            var c = raw[i];
            if (c == '\r')
            {
                if (i + 1 < raw.Length && raw[i + 1] == '\n')
                    continue;
                c = '\n';
            }
            else if (c is '\u2028' or '\u2029')
                c = '\n';
            else if (IsReordering(c))
                continue;
            else if (c is not '\n' and not '\t' && char.IsControl(c))
                return Refused(MessageTextProblem.NotText);
            else if (char.IsSurrogate(c))
            {
                if (i + 1 >= raw.Length || !char.IsSurrogatePair(c, raw[i + 1]))
                    return Refused(MessageTextProblem.NotText);
                visible = true;
                text.Append(c);
                c = raw[++i];
            }
            visible |= !char.IsWhiteSpace(c) && CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.Format;
            text.Append(c);
        }
        var value = text.ToString().Trim();
        if (!visible)
            return Refused(MessageTextProblem.Empty);
        return value.Length > MaxLength ? Refused(MessageTextProblem.TooLong) : new(value, null);
    }

    /// <summary>One line of the same kind, for names and the like: null when nothing is left or it is not text.</summary>
    public static string? CleanLine(string? raw, int maxLength)
    {
        if (Clean(raw).Value is not { } text)
            return null;
        var line = text.AsSpan().IndexOfAny('\n', '\t') < 0 ? text : WhiteSpace().Replace(text, " ");
        return line.Length > maxLength ? null : line;
    }

    /// <summary>
    /// The text as HTML: everything escaped, *bold* _italic_ ~strike~ as in S2, addresses of the web as links that
    /// say nothing about us and gain nothing from us. It is one line: an event stream ends a datum at a line break.
    /// </summary>
    public static string ToHtml(string text)
    {
        // Most messages have none of it.
        if (text.AsSpan().IndexOfAny(Special) < 0)
            return text;
        var html = new StringBuilder(text.Length + 64);
        var at = 0;
        foreach (var link in Links().EnumerateMatches(text))
        {
            var end = TrimLink(text, link.Index, link.Index + link.Length);
            Format(text[at..link.Index], html);
            var url = text.AsSpan(link.Index, end - link.Index);
            Escape(url, html.Append("<a href=\""));
            Escape(url, html.Append("\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">"));
            html.Append("</a>");
            at = end;
        }
        Format(text[at..], html);
        return html.ToString();
    }

    /// <summary>The text without its marks, on one line: for lists, titles and notifications.</summary>
    public static string ToPlain(string text, int maxLength)
    {
        var line = WhiteSpace().Replace(text, " ");
        for (string before; ;)
        {
            before = line;
            line = Marks().Replace(line, "${inner}");
            if (line.Length == before.Length)
                break;
        }
        if (line.Length <= maxLength)
            return line;
        var end = maxLength - 1;
        return string.Concat(line.AsSpan(0, char.IsHighSurrogate(line[end - 1]) ? end - 1 : end), "…");
    }

    private static readonly System.Buffers.SearchValues<char> Special = System.Buffers.SearchValues.Create("*_~:<>&\"'\n");

    private static CleanText Refused(MessageTextProblem problem) => new(null, problem);

    private static bool IsReordering(char c) => c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    private static void Format(string text, StringBuilder html)
    {
        var at = 0;
        foreach (Match mark in Marks().Matches(text))
        {
            Escape(text.AsSpan(at, mark.Index - at), html);
            var tag = mark.Groups["mark"].ValueSpan[0] switch { '*' => "b", '_' => "i", _ => "s" };
            html.Append('<').Append(tag).Append('>');
            Format(mark.Groups["inner"].Value, html);
            html.Append("</").Append(tag).Append('>');
            at = mark.Index + mark.Length;
        }
        Escape(text.AsSpan(at), html);
    }

    // The framework's encoders write every emoji as a number, six bytes for one; only these carry a meaning in HTML.
    private static void Escape(ReadOnlySpan<char> text, StringBuilder html)
    {
        foreach (var c in text)
        {
            _ = c switch
            {
                '<' => html.Append("&lt;"),
                '>' => html.Append("&gt;"),
                '&' => html.Append("&amp;"),
                '"' => html.Append("&quot;"),
                '\'' => html.Append("&#39;"),
                '\n' => html.Append("<br>"),
                _ => html.Append(c),
            };
        }
    }

    // A full stop or a closing bracket after an address belongs to the sentence, unless the bracket was opened inside.
    private static int TrimLink(string text, int start, int end)
    {
        while (end > start)
        {
            var last = text[end - 1];
            var closes = last == ')' && text.AsSpan(start, end - start).Count('(') < text.AsSpan(start, end - start).Count(')');
            if (!closes && !".,;:!?'\"*_~…»]".Contains(last))
                break;
            end--;
        }
        return end;
    }

    // All three are linear in a text that is at most MaxLength long; the time limit is a net, not a plan.
    [GeneratedRegex(@"\bhttps?://[^\s<>""]{4,}", Options | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Links();

    // A mark opens at the edge of a word, closes at the edge of a word, and holds one line without that same mark.
    [GeneratedRegex(@"(?<![\p{L}\p{N}])(?<mark>[*_~])(?=\S)(?<inner>((?!\k<mark>)[^\n])+)(?<=\S)\k<mark>(?![\p{L}\p{N}])", Options, 1000)]
    private static partial Regex Marks();

    [GeneratedRegex(@"\s+", Options, 1000)]
    private static partial Regex WhiteSpace();

    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
}
