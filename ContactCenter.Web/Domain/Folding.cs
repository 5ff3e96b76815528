using System.Text;

namespace ContactCenter.Domain;

/// <summary>
/// Text as searches compare it: without case, accents and signs nobody sees. PostgreSQL (<c>fold</c>, migration 0018) and
/// <c>cc.fold</c> in the browser do the same in the same steps; a test holds the three together.
/// </summary>
public static class Folding
{
    // Nobody searches for more; what is typed beyond is not looked at.
    private const int LongestQuery = 200;

    // Letters that Unicode does not take apart; some are two.
    private static readonly Dictionary<char, string> Letters = new()
    {
        ['ı'] = "i",
        ['ø'] = "o",
        ['ł'] = "l",
        ['đ'] = "d",
        ['ħ'] = "h",
        ['ŧ'] = "t",
        ['ð'] = "d",
        ['ŋ'] = "n",
        ['ς'] = "σ",
        ['ß'] = "ss",
        ['æ'] = "ae",
        ['œ'] = "oe",
        ['þ'] = "th",
    };

    /// <summary>"Núñez", "NUÑEZ" and "nunez" are one; so are "Straße" and "strasse", "İzmir" and "izmir".</summary>
    public static string Fold(string text)
    {
        if (Ascii.IsValid(text)) return text.ToLowerInvariant();
        // Half a surrogate pair, which nothing could be made of, becomes a sign of its own.
        var whole = string.Concat(text.EnumerateRunes());
        var folded = new StringBuilder(whole.Length);
        foreach (var c in whole.Normalize(NormalizationForm.FormKD).ToLowerInvariant())
        {
            if (IsIgnored(c)) continue;
            if (Letters.TryGetValue(c, out var letters)) folded.Append(letters);
            else folded.Append(c);
        }
        return folded.ToString();
    }

    /// <summary>A pattern of <c>like</c> that finds the words anywhere in folded text, its own signs taken literally.</summary>
    public static string Pattern(string query)
    {
        var folded = Fold(query.Length > LongestQuery ? query[..LongestQuery] : query);
        return folded.Length == 0 ? "" : "%" + folded
            .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal)
            .Replace("_", "\\_", StringComparison.Ordinal) + "%";
    }

    // Accents and vowel points of the scripts that are written without them too, soft hyphens, and what joins or directs letters.
    private static bool IsIgnored(char c) => c
        is (>= '\u0300' and <= '\u036F') or (>= '\u0483' and <= '\u0487') or (>= '\u0591' and <= '\u05BD') or '\u05BF' or '\u05C1' or '\u05C2' or '\u05C4' or '\u05C5' or '\u05C7'
        or (>= '\u0610' and <= '\u061A') or (>= '\u064B' and <= '\u065F') or '\u0670' or (>= '\u1AB0' and <= '\u1AFF')
        or (>= '\u1DC0' and <= '\u1DFF') or (>= '\u20D0' and <= '\u20FF') or (>= '\uFE20' and <= '\uFE2F')
        or '\u00AD' or (>= '\u200B' and <= '\u200F') or '\u2060' or '\uFEFF';
}
