using System.Globalization;
using System.Text;

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
public static class MessageText
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
        var line = text.AsSpan().IndexOfAny('\n', '\t') < 0 ? text : OneLine(text, []);
        return line.Length > maxLength ? null : line;
    }

    /// <summary>
    /// The text as HTML: everything escaped, *bold* _italic_ ~strike~ as in S2, addresses of the web as links that
    /// say nothing about us and gain nothing from us. It is one line: an event stream ends a datum at a line break.
    /// </summary>
    public static string ToHtml(string text)
    {
        // Most messages have none of it.
        if (text.AsSpan().IndexOfAny(Special) < 0 && !text.Contains("www.", StringComparison.OrdinalIgnoreCase))
            return text;
        var html = new StringBuilder(text.Length + 64);
        var tags = new Stack<string>(3);
        var at = 0;
        foreach (var token in Markup.Read(text))
        {
            Escape(text.AsSpan(at, token.Start - at), html);
            at = token.End;
            if (token.Kind != MarkupKind.Mark)
                Link(token.Kind, text.AsSpan(token.Start, token.End - token.Start), html);
            else if (token.Opens)
                html.Append('<').Append(Push(tags, text[token.Start] switch { '*' => "b", '_' => "i", _ => "s" })).Append('>');
            else
                html.Append("</").Append(tags.Pop()).Append('>');
        }
        Escape(text.AsSpan(at), html);
        return html.ToString();
    }

    /// <summary>The text without its marks, on one line: for lists, titles and notifications.</summary>
    public static string ToPlain(string text, int maxLength)
    {
        var line = OneLine(text, Markup.Read(text));
        if (line.Length <= maxLength)
            return line;
        var end = maxLength - 1;
        return string.Concat(line.AsSpan(0, char.IsHighSurrogate(line[end - 1]) ? end - 1 : end), "…");
    }

    private static readonly System.Buffers.SearchValues<char> Special = System.Buffers.SearchValues.Create("*_~:@<>&\"'\n");

    private static CleanText Refused(MessageTextProblem problem) => new(null, problem);

    private static bool IsReordering(char c) => c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    private static string Push(Stack<string> tags, string tag)
    {
        tags.Push(tag);
        return tag;
    }

    // A stranger's link learns nothing of us and gains nothing from us; whoever follows it keeps this page.
    private static void Link(MarkupKind kind, ReadOnlySpan<char> text, StringBuilder html)
    {
        html.Append("<a href=\"");
        if (kind == MarkupKind.Mail)
        {
            Escape(Address.MailTo(text.ToString()), html);
            html.Append("\" rel=\"");
        }
        else
        {
            if (kind == MarkupKind.Host) html.Append("https://");
            Escape(text, html);
            html.Append("\" target=\"_blank\" rel=\"");
        }
        Escape(text, html.Append(LinkRelations).Append("\">"));
        html.Append("</a>");
    }

    private const string LinkRelations = "noopener noreferrer nofollow ugc";

    // White space of any kind and length becomes one space; marks go.
    private static string OneLine(string text, List<MarkupToken> tokens)
    {
        var line = new StringBuilder(text.Length);
        var next = 0;
        for (var at = 0; at < text.Length; at++)
        {
            while (next < tokens.Count && tokens[next].Start < at) next++;
            if (next < tokens.Count && tokens[next].Start == at && tokens[next].Kind == MarkupKind.Mark) continue;
            if (!char.IsWhiteSpace(text[at])) line.Append(text[at]);
            else if (line.Length == 0 || line[^1] != ' ') line.Append(' ');
        }
        return line.ToString();
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
}
