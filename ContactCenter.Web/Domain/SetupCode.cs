namespace ContactCenter.Domain;

/// <summary>What whoever makes the first administrator must know: only who runs the installation can read it.</summary>
public class SetupCode
{
    /// <summary>There is one for all nodes.</summary>
    public const int Only = 1;

    // No letter that is taken for a digit, or for another (Crockford's Base32).
    public const string Letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>Of five bits each.</summary>
    public const int Length = 16;

    public int Id { get; init; } = Only;

    /// <summary>The code, sealed with the keys that all nodes share.</summary>
    public required string Sealed { get; init; }
    public DateTimeOffset At { get; init; }

    /// <summary>As it is written for people: in groups of four.</summary>
    public static string Written(string code) => string.Join('-', code.Chunk(4).Select(group => new string(group)));

    /// <summary>What was typed, without what people put between, and with what they take for a digit as that digit.</summary>
    public static string Typed(string? text) => string.Concat((text ?? "").ToUpperInvariant().Where(char.IsAsciiLetterOrDigit))
        .Replace('O', '0').Replace('I', '1').Replace('L', '1');
}
