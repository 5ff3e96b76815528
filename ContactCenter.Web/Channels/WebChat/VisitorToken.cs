using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using ContactCenter.Domain;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Caching.Memory;

namespace ContactCenter.Channels.WebChat;

/// <summary>
/// Who writes in a widget: the contact, the campaign the token is good for, the conversation it was last given for and
/// the language they chose. With the conversation in it a message needs no look-up before it is stored.
/// </summary>
public sealed record Visitor(Guid ContactId, Guid CampaignId, Guid ConversationId, string Language, DateTimeOffset IssuedAt)
{
    /// <summary>
    /// Whether a request that names a conversation (<c>?c=</c>, the one its page shows) names this one. Meanwhile another tab
    /// may have begun the next one; and what was sent in the last one can arrive late.
    /// </summary>
    public bool IsIn(IQueryCollection query) =>
        query["c"] is not { Count: > 0 } named || (Guid.TryParse(named, out var conversation) && conversation == ConversationId);
}

/// <summary>
/// The visitor's identity (W1): sealed by this server, kept by the widget's own frame, sent as the header
/// <c>X-Visitor</c>. It is no cookie, so another site's page cannot make a browser send it.
/// </summary>
public sealed class VisitorToken(IDataProtectionProvider protection, TimeProvider clock) : IDisposable
{
    public const string Header = "X-Visitor";

    /// <summary>How long a token is good for after it was issued.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>A token older than this is answered with a new one, so that who comes back keeps their conversation.</summary>
    public static readonly TimeSpan RenewAfter = TimeSpan.FromDays(1);

    // Contact, campaign, conversation, seconds since 1970, language. The protector adds key id, initial vector and HMAC.
    private const int Length = 16 + 16 + 16 + 8 + 2;

    // Unsealing takes about 10 µs, more than all else a message costs this process: who is writing is remembered.
    private readonly MemoryCache _read = new(new MemoryCacheOptions { SizeLimit = 10_000 });
    private readonly IDataProtector _protector = protection.CreateProtector("visitor");

    public string Issue(Guid contactId, Guid campaignId, Guid conversationId, string language)
    {
        var plain = new byte[Length];
        contactId.TryWriteBytes(plain);
        campaignId.TryWriteBytes(plain.AsSpan(16));
        conversationId.TryWriteBytes(plain.AsSpan(32));
        BinaryPrimitives.WriteInt64BigEndian(plain.AsSpan(48), clock.GetUtcNow().ToUnixTimeSeconds());
        plain[56] = (byte)language[0];
        plain[57] = (byte)language[1];
        return Base64Url.EncodeToString(_protector.Protect(plain));
    }

    /// <summary>A fresh token for the same visitor once theirs is <see cref="RenewAfter"/> old; otherwise null.</summary>
    public string? Renew(Visitor visitor) =>
        clock.GetUtcNow() - visitor.IssuedAt < RenewAfter
            ? null
            : Issue(visitor.ContactId, visitor.CampaignId, visitor.ConversationId, visitor.Language);

    /// <summary>
    /// Whose token it is, whatever campaign it is used at and however old it is; null where it is none of ours. One visitor
    /// has one name, by which they are also counted: a token spelled in any other way than it was issued is none.
    /// </summary>
    public Visitor? Name(string? token)
    {
        if (token is not { Length: > 0 and < 512 })
            return null;
        if (!_read.TryGetValue(token, out Visitor? visitor))
        {
            visitor = Unseal(token);
            if (visitor is not null)
                _read.Set(token, visitor, new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = TimeSpan.FromMinutes(2) });
        }
        return visitor;
    }

    /// <summary>The visitor, or null when the token is absent, forged, damaged, expired or made for another campaign.</summary>
    public Visitor? Read(string? token, Guid campaignId)
    {
        var visitor = Name(token);
        return visitor is not null && visitor.CampaignId == campaignId && clock.GetUtcNow() - visitor.IssuedAt < Lifetime ? visitor : null;
    }

    private Visitor? Unseal(string token)
    {
        if (!Base64Url.IsValid(token))
            return null;
        var sealedBytes = Base64Url.DecodeFromChars(token);
        // The decoder also takes white space, padding and bits that stand for nothing.
        if (Base64Url.EncodeToString(sealedBytes) != token)
            return null;
        byte[] plain;
        try
        {
            plain = _protector.Unprotect(sealedBytes);
        }
        catch (CryptographicException)
        {
            return null;
        }
        if (plain.Length != Length)
            return null;
        return new Visitor(
            new Guid(plain.AsSpan(0, 16)),
            new Guid(plain.AsSpan(16, 16)),
            new Guid(plain.AsSpan(32, 16)),
            Languages.Match($"{(char)plain[56]}{(char)plain[57]}") ?? Languages.Default,
            DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(plain.AsSpan(48))));
    }

    public void Dispose() => _read.Dispose();
}
