namespace ContactCenter.Domain;

/// <summary>One sign-in of a user, from there until it ends; then the row is gone.</summary>
public sealed class UserSession
{
    /// <summary>How long a session lasts at most without a request.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromHours(12);

    /// <summary>How long a session lasts at most, however much it is used.</summary>
    public static readonly TimeSpan Whole = TimeSpan.FromDays(7);

    /// <summary>A digest of the key in the cookie: it names the session and does not open it.</summary>
    public Guid Id { get; init; }
    public Guid UserId { get; init; }
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>The last request, to about a minute.</summary>
    public DateTimeOffset SeenAt { get; init; }

    /// <summary>When its user last proved who they are again; null: never.</summary>
    public DateTimeOffset? ProvedAt { get; init; }

    /// <summary>Where the last request came from.</summary>
    public string Address { get; init; } = "";

    /// <summary>The browser's name as <c>Devices</c> knows it; empty: unknown.</summary>
    public string Browser { get; init; } = "";

    /// <summary>The operating system's name; empty: unknown.</summary>
    public string System { get; init; } = "";
}
