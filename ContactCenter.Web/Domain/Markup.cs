using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ContactCenter.Domain;

/// <summary>What stands at a place of a text that is more than its characters.</summary>
public enum MarkupKind
{
    /// <summary>A mark that begins or ends bold, italic or struck text: one character, which is not shown.</summary>
    Mark,

    /// <summary>An address of the web with its scheme.</summary>
    Address,

    /// <summary>An address of the web without one: <c>www.shop.example</c>.</summary>
    Host,

    /// <summary>An e-mail address.</summary>
    Mail,
}

/// <summary>A mark or a link; what lies between two of them is plain text.</summary>
/// <param name="Start">Its first UTF-16 code unit.</param>
/// <param name="End">The one after its last.</param>
/// <param name="Opens">For a mark: whether it begins what another ends.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct MarkupToken(MarkupKind Kind, int Start, int End, bool Opens = false);

/// <summary>
/// Reads the marks and links of a message (S2): *bold*, _italic_, ~struck~, addresses. It looks at each character a fixed
/// number of times, whatever the text; a mark never lies in its own kind, so nothing is nested deeper than three.
/// <c>wwwroot/js/markup.js</c> reads them for the preview in the same steps; a test compares the two.
/// </summary>
public static class Markup
{
    private const int LongestHost = 253;
    private const string Marks = "*_~";

    // They end a sentence or a quotation more often than an address.
    private static readonly SearchValues<char> Trailing = SearchValues.Create(".,;:!?'*_~…([{&");

    // Neither part of an address nor to be swallowed by one: quotation marks, and the punctuation of scripts without spaces.
    private static readonly SearchValues<char> Foreign =
        SearchValues.Create("<>\"`|\\^“”„‟‘’‚‛«»‹›。，、！？；：（）【】「」『』《》〈〉");

    // What may stand before a mark that opens a sign, behind one that closes one, and what no marked text begins with.
    private static readonly SearchValues<char> BeforeMarks = SearchValues.Create("*_~([{\"'“‘«‹„¿¡—–");
    private static readonly SearchValues<char> BehindMarks = SearchValues.Create("*_~)]}\"'”’»›.,;:!?…—–");
    private static readonly SearchValues<char> AfterMarks = SearchValues.Create(")]},;");

    private static readonly SearchValues<char> First = SearchValues.Create("*_~hHwW@");

    /// <summary>The marks and links of a text in their order; they do not overlap.</summary>
    public static List<MarkupToken> Read(string text)
    {
        var tokens = new List<MarkupToken>();
        if (text.AsSpan().IndexOfAny(First) < 0) return tokens;
        var links = Links(text);
        var opened = new int[Marks.Length];
        var substanceBefore = new int[Marks.Length];
        opened.AsSpan().Fill(-1);
        var substance = 0;
        var next = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (next < links.Count && links[next].Start == at)
            {
                tokens.Add(links[next]);
                at = links[next++].End - 1;
                substance++;
                continue;
            }
            var c = text[at];
            if (c == '\n') opened.AsSpan().Fill(-1);
            else if (Marks.IndexOf(c, StringComparison.Ordinal) is >= 0 and var mark) ReadMark(mark, at);
            else if (IsSubstance(text, at)) substance++;
        }
        tokens.RemoveAll(token => token.End == token.Start);
        return tokens;

        void ReadMark(int mark, int at)
        {
            var c = text[at];
            var before = at == 0 ? ' ' : text[at - 1];
            var after = at + 1 == text.Length ? ' ' : text[at + 1];
            // Several of one kind are no mark: **, ___; nor is one between two of another: *_*.
            if (before == c || after == c || (before == after && Marks.Contains(before, StringComparison.Ordinal))) return;
            if (opened[mark] >= 0 && Closes(text, at, before, after))
            {
                var opening = opened[mark];
                opened[mark] = -1;
                if (substance == substanceBefore[mark]) return;
                tokens[opening] = tokens[opening] with { End = tokens[opening].Start + 1 };
                tokens.Add(new MarkupToken(MarkupKind.Mark, at, at + 1));
                // What began inside and did not end there is text.
                for (var other = 0; other < opened.Length; other++)
                    if (opened[other] > opening) opened[other] = -1;
            }
            else if (Opens(text, at, before, after))
            {
                // Until its end is found it is an empty token, which is none. One that began before is text.
                opened[mark] = tokens.Count;
                substanceBefore[mark] = substance;
                tokens.Add(new MarkupToken(MarkupKind.Mark, at, at, Opens: true));
            }
        }
    }

    // As in CommonMark a mark leans on what it marks: beside a sign it needs room on its other side. ^_^ opens nothing.
    private static bool Opens(string text, int at, char before, char after) =>
        !IsSpace(after) && !AfterMarks.Contains(after) && IsEdge(text, at, isBefore: true)
        && (!IsSign(text, at + 1) || IsSpace(before) || BeforeMarks.Contains(before));

    private static bool Closes(string text, int at, char before, char after) =>
        !IsSpace(before) && before is not ('(' or '[' or '{') && IsEdge(text, at + 1, isBefore: false)
        && (!IsSign(text, at - 1) || IsSpace(after) || BehindMarks.Contains(after));

    private static List<MarkupToken> Links(string text)
    {
        var links = new List<MarkupToken>();
        var free = 0;
        for (var at = 0; at < text.Length;)
        {
            var c = text[at];
            if (c is 'h' or 'H' && Scheme(text, at) is > 0 and var scheme && !IsAsciiWord(text, at - 1))
            {
                Add(MarkupKind.Address, at, AddressEnd(text, at + scheme, leastDots: 0, out var seen), seen);
            }
            else if (c is 'w' or 'W' && StartsWith(text, at, "www.") && !IsAsciiWord(text, at - 1) && !Follows(text, at, ".@/-"))
            {
                Add(MarkupKind.Host, at, AddressEnd(text, at, leastDots: 2, out var seen), seen);
            }
            else if (c == '@')
            {
                var end = MailEnd(text, at);
                var start = end < 0 ? -1 : MailStart(text, at, free);
                Add(MarkupKind.Mail, start, start < 0 || !Address.IsMail(text.AsSpan(start, end - start)) ? -1 : end, at);
            }
            else
            {
                at++;
            }

            void Add(MarkupKind kind, int start, int end, int seen)
            {
                if (end > 0)
                {
                    links.Add(new MarkupToken(kind, start, end));
                    at = free = end;
                }
                else
                {
                    // What was looked at in vain is not looked at again.
                    at = Math.Max(seen, at + 1);
                }
            }
        }
        return links;
    }

    private static int Scheme(string text, int at) =>
        StartsWith(text, at, "https://") ? 8 : StartsWith(text, at, "http://") ? 7 : 0;

    /// <summary>Where an address ends whose host begins at <paramref name="host"/>; -1 where it is none.</summary>
    /// <param name="seen">How far was looked where it is none.</param>
    private static int AddressEnd(string text, int host, int leastDots, out int seen)
    {
        var end = HostEnd(text, host, out var dots, out seen);
        if (leastDots > 0)
        {
            // Not what stands before the @ of an e-mail address.
            if (seen < text.Length && text[seen] == '@') return -1;
        }
        else
        {
            // Before an @ stands who signs in, not the host: such an address shows another place than it leads to.
            var sign = seen;
            while (sign < text.Length && text[sign] is not ('/' or '?' or '#' or '@') && !EndsAddress(text, sign)) sign++;
            if (sign < text.Length && text[sign] == '@')
            {
                seen = sign + 1;
                return -1;
            }
        }
        if (end < 0 || dots < leastDots) return -1;
        if (end < seen) return dots > 0 ? end : -1;
        var port = PortEnd(text, end);
        if (port < text.Length && text[port] is '/' or '?' or '#') return BodyEnd(text, port);
        var isAlone = port > end || port == text.Length || IsSpace(text[port]) || char.IsAscii(text[port]) || Foreign.Contains(text[port]);
        return dots > 0 || isAlone ? port : -1;
    }

    private static int HostEnd(string text, int start, out int dots, out int seen)
    {
        dots = 0;
        var at = start;
        if (at < text.Length && text[at] == '[')
        {
            at++;
            while (at < text.Length && (char.IsAsciiHexDigit(text[at]) || text[at] is ':' or '.')) at++;
            seen = at;
            if (at >= text.Length || text[at] != ']' || at < start + 3) return -1;
            return seen = at + 1;
        }
        while (true)
        {
            var label = at;
            while (at < text.Length && (text[at] is '-' or '_' || IsLetterOrDigit(text, at))) at += Width(text, at);
            if (at == label) break;
            if (at + 1 >= text.Length || text[at] != '.' || !IsLetterOrDigit(text, at + 1)) break;
            dots++;
            at++;
        }
        seen = at;
        while (at > start && text[at - 1] is '-' or '_') at--;
        return at == start || at - start > LongestHost || !IsLetterOrDigit(text, start) ? -1 : at;
    }

    private static int PortEnd(string text, int at)
    {
        var end = at + 1;
        if (at >= text.Length || text[at] != ':') return at;
        while (end < text.Length && end - at <= 6 && char.IsAsciiDigit(text[end])) end++;
        return int.TryParse(text.AsSpan(at + 1, end - at - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and <= 65535 ? end : at;
    }

    // Path, query and fragment: to a space, a quotation mark or a bracket that was opened outside; less what ends the sentence.
    private static int BodyEnd(string text, int start)
    {
        var (round, square, curly) = (0, 0, 0);
        var at = start;
        for (; at < text.Length && !EndsAddress(text, at); at++)
        {
            var isOutside = text[at] switch
            {
                '(' => ++round < 0,
                '[' => ++square < 0,
                '{' => ++curly < 0,
                ')' => --round < 0,
                ']' => --square < 0,
                '}' => --curly < 0,
                _ => false,
            };
            if (isOutside) break;
        }
        while (at > start && Trailing.Contains(text[at - 1])) at--;
        return at;
    }

    private static int MailStart(string text, int sign, int from)
    {
        var at = sign;
        while (at > from && IsLocal(text, at - 1)) at--;
        while (at < sign && !IsLetterOrDigit(text, at)) at += Width(text, at);
        return at == sign || (at > 0 && text[at - 1] == '@') ? -1 : at;
    }

    private static int MailEnd(string text, int sign)
    {
        var at = sign + 1;
        var dots = 0;
        var last = at;
        while (true)
        {
            var label = at;
            while (at < text.Length && (text[at] == '-' || IsLetterOrDigit(text, at))) at += Width(text, at);
            if (at == label) break;
            last = label;
            if (at + 1 >= text.Length || text[at] != '.' || !IsLetterOrDigit(text, at + 1)) break;
            dots++;
            at++;
        }
        var seen = at;
        while (at > last && text[at - 1] == '-') at--;
        var isName = dots > 0 && at - last >= 2 && IsLetter(text, last);
        return !isName || (seen < text.Length && text[seen] == '@') ? -1 : at;
    }

    private static bool IsLocal(string text, int at) =>
        text[at] is '.' or '_' or '%' or '+' or '-' or '\''
        || (char.IsLowSurrogate(text[at]) && at > 0 ? IsLetterOrDigit(text, at - 1) : char.IsHighSurrogate(text[at]) || IsLetterOrDigit(text, at));

    private static bool EndsAddress(string text, int at) =>
        IsSpace(text[at]) || Foreign.Contains(text[at]) || CategoryAt(text, at) is UnicodeCategory.Format or UnicodeCategory.Control;

    /// <summary>
    /// Whether a mark may stand beside what is there: not inside a word, nor beside a slash of either kind: ¯\_(ツ)_/¯.
    /// </summary>
    /// <param name="at">The mark's own place for what is before it, the place after it for what follows.</param>
    private static bool IsEdge(string text, int at, bool isBefore)
    {
        if (isBefore)
        {
            if (at == 0) return true;
            at -= at > 1 && char.IsLowSurrogate(text[at - 1]) ? 2 : 1;
        }
        if (at >= text.Length) return true;
        if (text[at] is '\\' or '/') return false;
        // What makes an emoji of a sign is no letter's accent.
        return text[at] is (>= '\uFE00' and <= '\uFE0F') or '\u20E3' || !IsLetterOrDigit(text, at);
    }

    // Something to emphasise: a letter, a digit, a picture. Not of signs alone: (*_*).
    private static bool IsSubstance(string text, int at) =>
        char.IsSurrogate(text[at]) || text[at] is >= '\u2600' and <= '\u27BF' || IsLetterOrDigit(text, at);

    private static bool IsSign(string text, int at) =>
        !IsSpace(text[at]) && !IsSubstance(text, at) && !Marks.Contains(text[at], StringComparison.Ordinal);

    private static bool IsLetter(string text, int at) => CategoryAt(text, at) <= UnicodeCategory.OtherLetter;

    /// <summary>Letters with their combining marks, and numbers, of any script.</summary>
    private static bool IsLetterOrDigit(string text, int at) => char.IsAscii(text[at])
        ? char.IsAsciiLetterOrDigit(text[at])
        : CategoryAt(text, at) <= UnicodeCategory.OtherNumber;

    private static UnicodeCategory CategoryAt(string text, int at) => CharUnicodeInfo.GetUnicodeCategory(text, at);

    private static int Width(string text, int at) =>
        char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]) ? 2 : 1;

    private static bool IsSpace(char c) => char.IsWhiteSpace(c);

    private static bool IsAsciiWord(string text, int at) => at >= 0 && char.IsAsciiLetterOrDigit(text[at]);

    private static bool Follows(string text, int at, string signs) => at > 0 && signs.Contains(text[at - 1], StringComparison.Ordinal);

    private static bool StartsWith(string text, int at, string word) =>
        text.AsSpan(at).StartsWith(word, StringComparison.OrdinalIgnoreCase);
}
