using System.Buffers.Text;
using System.Security.Cryptography;

namespace ContactCenter.Channels.WebChat;

/// <summary>
/// What a start form carries beside its id, so that sending it again after a lost answer leads to the same conversation: a
/// secret that only the page with the form has. It is stored nowhere; of both together only a hash is.
/// </summary>
public static class StartProof
{
    private const int Bytes = 32;

    /// <summary>43 letters, digits, hyphens and underscores.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>The proof a form posted, or none where it is none of ours.</summary>
    public static string? Read(string posted)
    {
        Span<byte> secret = stackalloc byte[Bytes];
        return posted.Length == Base64Url.GetEncodedLength(Bytes)
            && Base64Url.TryDecodeFromChars(posted, secret, out var length)
            && length == Bytes
            && Base64Url.EncodeToString(secret) == posted
                ? posted
                : null;
    }

    /// <summary>What is stored of a start: nobody finds id or proof by it. Null without a proof, and then every start is another.</summary>
    public static Guid? KeyOf(Guid id, string? proof)
    {
        if (proof is null) return null;
        Span<byte> plain = stackalloc byte[16 + Bytes];
        id.TryWriteBytes(plain);
        Base64Url.DecodeFromChars(proof, plain[16..]);
        return new Guid(SHA256.HashData(plain).AsSpan(0, 16));
    }
}
