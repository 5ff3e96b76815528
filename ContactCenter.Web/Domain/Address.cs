using System.Globalization;
using System.Text;

namespace ContactCenter.Domain;

/// <summary>E-mail addresses and telephone numbers as people type them: one rule for every form, and how they become links.</summary>
public static class Address
{
    /// <summary>Longest e-mail address (RFC 5321, 4.5.3.1), in characters.</summary>
    public const int LongestMail = 254;
    private const int LongestLocalPart = 64;
    private const int LongestLabel = 63;
    private const string PhoneSigns = " ().-/";

    // RFC 5322's atext beside letters and digits, and the dot between atoms.
    private const string LocalSigns = "!#$%&'*+-/=?^_`{|}~.";

    /// <summary>
    /// Whether a text is one e-mail address and nothing else: an unquoted local part and a host with a dot. Stricter than
    /// RFC 5322 on purpose: no quotation, comment, list or space, so that it cannot become two addresses or another header.
    /// Letters of every script pass (RFC 6531). What a message shows as a link is held to it too, there by
    /// <c>wwwroot/js/markup.js</c> as well; no other rule says what an address is.
    /// </summary>
    public static bool IsMail(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > LongestMail) return false;
        var sign = text.IndexOf('@');
        return sign is > 0 and <= LongestLocalPart && IsLocalPart(text[..sign]) && IsHost(text[(sign + 1)..]);
    }

    /// <summary>Whether a text is a telephone number as people write them: digits with signs between them, perhaps a plus before.</summary>
    public static bool IsPhone(string? text)
    {
        if (text is null || text.Length is < 5 or > 30) return false;
        var digits = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (char.IsDigit(text[at])) digits++;
            else if (!(PhoneSigns.Contains(text[at], StringComparison.Ordinal) || (at == 0 && text[at] == '+'))) return false;
        }
        return digits >= 3;
    }

    /// <summary>
    /// The <c>mailto:</c> of an address (RFC 6068): everything that could begin a field, a second address or another scheme
    /// is encoded. Also of what was stored before <see cref="IsMail"/> was asked.
    /// </summary>
    public static string MailTo(string address)
    {
        var sign = address.LastIndexOf('@');
        return sign < 0
            ? "mailto:" + Uri.EscapeDataString(address)
            : $"mailto:{Uri.EscapeDataString(address[..sign])}@{Uri.EscapeDataString(address[(sign + 1)..])}";
    }

    /// <summary>
    /// The <c>tel:</c> of a number (RFC 3966): its digits and a leading plus. What people write behind a number, such as an
    /// extension, is not dialled. Null where there is no number.
    /// </summary>
    public static string? Tel(string number)
    {
        var tel = new StringBuilder("tel:");
        foreach (var c in number.Trim())
        {
            if (char.IsDigit(c)) tel.Append((char)('0' + (int)char.GetNumericValue(c)));
            else if (c == '+' && tel.Length == 4) tel.Append(c);
            else if (!PhoneSigns.Contains(c, StringComparison.Ordinal)) break;
        }
        return tel.Length < 7 ? null : tel.ToString();
    }

    private static bool IsLocalPart(ReadOnlySpan<char> local)
    {
        if (local[0] == '.' || local[^1] == '.' || local.Contains("..", StringComparison.Ordinal)) return false;
        foreach (var rune in local.EnumerateRunes())
            if (!IsLetterOrDigit(rune) && !(rune.IsAscii && LocalSigns.Contains((char)rune.Value, StringComparison.Ordinal))) return false;
        return true;
    }

    private static bool IsHost(ReadOnlySpan<char> host)
    {
        var labels = 0;
        foreach (var range in host.Split('.'))
        {
            var label = host[range];
            if (label.Length is 0 or > LongestLabel || label[0] == '-' || label[^1] == '-') return false;
            foreach (var rune in label.EnumerateRunes())
                if (!IsLetterOrDigit(rune) && rune.Value != '-') return false;
            labels++;
        }
        return labels > 1;
    }

    // With the marks that many scripts write their vowels with; half a surrogate pair is read as U+FFFD, which is none.
    private static bool IsLetterOrDigit(Rune rune) =>
        Rune.GetUnicodeCategory(rune) <= UnicodeCategory.OtherNumber;
}
