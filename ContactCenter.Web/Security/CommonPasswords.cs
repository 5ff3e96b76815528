using System.Collections.Frozen;

namespace ContactCenter.Security;

/// <summary>
/// The ten thousand passwords that people choose most, from the frequency list of zxcvbn (MIT), which the build fetches. A
/// password that is one of them with capitals, digits and signs around it, with digits in place of letters, or twice, is tried
/// among the first by whoever guesses.
/// </summary>
sealed class CommonPasswords
{
    private const string List = "ContactCenter.Security.common-passwords.txt";

    // Shorter words are parts of too much.
    private const int ShortestWord = 4;

    private readonly Lazy<FrozenSet<string>> words = new(() =>
    {
        using var stream = typeof(CommonPasswords).Assembly.GetManifestResourceStream(List)
            ?? throw new InvalidOperationException($"{List} is not in this build.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
    });

    public int Count => words.Value.Count;

    /// <summary>In time proportional to its length.</summary>
    public bool Contains(string password)
    {
        var typed = password.ToLowerInvariant();
        return IsCommon(typed) || IsCommon(Letters(typed)) || IsCommon(Letters(typed.Trim(Around)));
    }

    private bool IsCommon(string text)
    {
        if (words.Value.Contains(text)) return true;
        var word = text.Trim(Around);
        if (word.Length < ShortestWord) return false;
        if (words.Value.Contains(word)) return true;
        var half = word[..(word.Length / 2)];
        return half.Length >= ShortestWord && word == half + half && words.Value.Contains(half);
    }

    private static readonly char[] Around = [.. "0123456789!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~¡¿ "];

    // As people disguise letters.
    private static string Letters(string text) => string.Create(text.Length, text, (letters, typed) =>
    {
        for (var at = 0; at < typed.Length; at++)
        {
            letters[at] = typed[at] switch
            {
                '0' => 'o',
                '1' or '!' => 'i',
                '3' => 'e',
                '4' or '@' => 'a',
                '5' or '$' => 's',
                '7' => 't',
                var letter => letter,
            };
        }
    });
}
