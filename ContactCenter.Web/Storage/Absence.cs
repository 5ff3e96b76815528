using ContactCenter.Jobs;

namespace ContactCenter.Storage;

/// <summary>
/// Tells who of those who wait is away: their page has given no sign of life for a while, and their place is kept until they
/// come back. Nobody counts as away just after this node began to look or could not: then the server was away, not they.
/// </summary>
public sealed class Absence(TimeProvider clock)
{
    /// <summary>Signs are renewed every five seconds; a reload, a short tunnel and a node that was killed are no absence.</summary>
    public static readonly TimeSpan After = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Blind = TimeSpan.FromSeconds(5);
    private readonly Lock gate = new();
    private readonly Watch watch = new(After, clock);
    private bool judges;
    private long last;

    /// <summary>Notes that the database has just been looked at.</summary>
    public void Looked()
    {
        lock (gate) (judges, last) = (watch.Looked(), clock.GetTimestamp());
    }

    /// <summary>Whose last sign is older than this is away; null while nobody can be told to be.</summary>
    public DateTimeOffset? Since
    {
        get
        {
            lock (gate) return judges && clock.GetElapsedTime(last) < Blind ? clock.GetUtcNow() - After : null;
        }
    }

    /// <summary>The same for those of a campaign: one that keeps places for ever calls whoever is first, there or not.</summary>
    public DateTimeOffset? SinceIn(Domain.CampaignSettings campaign) => campaign.AbandonAfter > 0 ? Since : null;
}
