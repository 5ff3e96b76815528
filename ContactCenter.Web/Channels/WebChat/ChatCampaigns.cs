using ContactCenter.Domain;
using ContactCenter.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;

namespace ContactCenter.Channels.WebChat;

/// <summary>
/// Campaigns by the key in their address. Every message names one and they hardly ever change, so they are remembered
/// for a second: what an administrator saves holds on every node in the next one; a key nobody has is remembered too, in a bounded memory.
/// </summary>
public sealed class ChatCampaigns(IDbContextFactory<Database> databases) : IDisposable
{
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(1);

    private readonly MemoryCache _known = new(new MemoryCacheOptions { SizeLimit = 5_000 });

    /// <summary>The campaign, not to be changed, or null where there is none of this channel.</summary>
    public async ValueTask<Campaign?> FindAsync(string key, CancellationToken cancel)
    {
        if (key.Length > 64)
            return null;
        if (_known.TryGetValue(key, out Campaign? campaign))
            return campaign;
        await using var database = await databases.CreateDbContextAsync(cancel);
        campaign = await database.Campaigns.AsNoTracking()
            .Include(c => c.Department)
            .SingleOrDefaultAsync(c => c.Key == key && c.Channel == Channel.WebChat, cancel);
        return _known.Set(key, campaign, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Remembered });
    }

    public void Dispose() => _known.Dispose();
}
