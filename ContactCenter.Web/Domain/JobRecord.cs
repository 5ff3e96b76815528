namespace ContactCenter.Domain;

/// <summary>What a recurring job of one node has done since the node started (D9).</summary>
public class JobRecord
{
    /// <summary>How many runs <see cref="Recent"/> holds.</summary>
    public const int Kept = 20;

    /// <summary>A pause between two good runs that is longer is a gap.</summary>
    public static readonly TimeSpan Gap = TimeSpan.FromSeconds(10);

    /// <summary>How long after it was due a run may be unheard of.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>The node: machine and process.</summary>
    public required string Node { get; init; }
    public required string Name { get; init; }

    /// <summary>When the last run began.</summary>
    public DateTimeOffset StartedAt { get; set; }

    /// <summary>Since when it has run well without a <see cref="Gap"/>.</summary>
    public DateTimeOffset? SteadySince { get; set; }

    /// <summary>When the next one begins; null where the node does not know, as of a job that any node may
    /// run.</summary>
    public DateTimeOffset? NextAt { get; set; }
    public long Runs { get; set; }
    public long Failures { get; set; }
    public DateTimeOffset? FailedAt { get; set; }

    /// <summary>What the last failure said.</summary>
    public string? Problem { get; set; }

    /// <summary>Whether its node has said nothing of a run for a minute after it was due: it ended, or cannot reach the database.</summary>
    public bool IsSilent(DateTimeOffset now) => NextAt is { } due && now - due > Patience;

    /// <summary>The last runs in milliseconds, newest first; a failed one is negative.</summary>
    public List<int> Recent { get; set; } = [];
}
