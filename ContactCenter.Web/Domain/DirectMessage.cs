namespace ContactCenter.Domain;

/// <summary>A message between two of the staff (S5, Chat with agent): no contact ever sees it.</summary>
public sealed class DirectMessage
{
    /// <summary>Made by the sender's browser: a repeat with it is stored once.</summary>
    public required Guid Id { get; init; }

    public required Guid FromId { get; init; }

    public required Guid ToId { get; init; }

    /// <summary>When it was stored, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>As <see cref="MessageText.Clean"/> leaves it.</summary>
    public required string Text { get; init; }

    /// <summary>When the other had it on the screen, UTC; null until then.</summary>
    public DateTimeOffset? ReadAt { get; init; }
}
