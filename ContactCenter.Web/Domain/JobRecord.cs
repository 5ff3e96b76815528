namespace ContactCenter.Domain;

/// <summary>What a recurring job of one node has done since the node started (D9).</summary>
public class JobRecord
{
    /// <summary>How many runs <see cref="Recent"/> holds.</summary>
    public const int Kept = 20;

    /// <summary>The node: machine and process.</summary>
    public required string Node { get; init; }
    public required string Name { get; init; }

    /// <summary>When the last run began.</summary>
    public DateTimeOffset StartedAt { get; set; }

    /// <summary>When the next one begins; null where none is planned.</summary>
    public DateTimeOffset? NextAt { get; set; }
    public long Runs { get; set; }
    public long Failures { get; set; }
    public DateTimeOffset? FailedAt { get; set; }

    /// <summary>What the last failure said.</summary>
    public string? Problem { get; set; }

    /// <summary>The last runs in milliseconds, newest first; a failed one is negative.</summary>
    public List<int> Recent { get; set; } = [];
}
