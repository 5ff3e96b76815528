using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace ContactCenter.Tests.Support;

/// <summary>An authenticator application: TOTP (RFC 6238) with SHA-1, steps of 30 s and six digits, as they all do by default.</summary>
public sealed partial class Authenticator
{
    private readonly byte[] secret;

    private Authenticator(byte[] secret) => this.secret = secret;

    /// <summary>Takes the secret from the page that shows it.</summary>
    public static Authenticator Scan(string page)
    {
        var text = Secret().Match(page).Groups["secret"].Value.Replace(" ", "", StringComparison.Ordinal);
        Assert.NotEmpty(text);
        return new Authenticator(Base32(text));
    }

    /// <param name="steps">So many steps of 30 s from now.</param>
    public string Code(int steps = 0)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 30 + steps);
        Span<byte> hash = stackalloc byte[20];
#pragma warning disable CA5350 // The algorithm of the standard, and of the applications.
        HMACSHA1.HashData(secret, counter, hash);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash[(hash[19] & 0xF)..]) & int.MaxValue;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    private static byte[] Base32(string text)
    {
        var bytes = new List<byte>();
        var (value, bits) = (0, 0);
        foreach (var letter in text)
        {
            (value, bits) = ((value << 5) | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(letter, StringComparison.Ordinal), bits + 5);
            if (bits < 8) continue;
            bits -= 8;
            bytes.Add((byte)(value >> bits));
            value &= (1 << bits) - 1;
        }
        return [.. bytes];
    }

    [GeneratedRegex("class=\"secret\">(?<secret>[A-Z2-7 ]+)<", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Secret();
}
