namespace ContactCenter.Domain;

/// <summary>What the security log tells of. The numbers are stored.</summary>
public enum SecurityEventKind
{
    SignedIn = 1,
    SignInFailed = 2,

    /// <summary>So many wrong guesses that nobody unknown may try again for a while.</summary>
    SignInThrottled = 3,

    /// <summary>The password was right, the code was not.</summary>
    CodeFailed = 4,
    RecoveryCodeUsed = 5,
    PasswordChanged = 6,

    /// <summary>By the link of a mail: a recovery or an invitation.</summary>
    PasswordSet = 7,
    EmailChanged = 8,
    RolesChanged = 9,
    SecondFactorOn = 10,
    SecondFactorOff = 11,
    RecoveryCodesMade = 12,
    SessionEnded = 13,
    AccountMade = 14,
    Deactivated = 15,
    Activated = 16,

    /// <summary>Somebody in a session of the account did not know its password, or had no code.</summary>
    ProofFailed = 17,

    /// <summary>An administrator was shown a link to a new password.</summary>
    LinkShown = 18,
}

/// <summary>A line of the security log. Nothing in it lets anybody in.</summary>
public sealed class SecurityEvent
{
    /// <summary>How long lines are kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(365);

    public Guid Id { get; init; }
    public DateTimeOffset At { get; init; }
    public SecurityEventKind Kind { get; init; }

    /// <summary>Whose account; null: nobody's.</summary>
    public Guid? UserId { get; init; }

    /// <summary>Who did it; null: whoever was not signed in, or nobody.</summary>
    public Guid? ById { get; init; }
    public string Address { get; init; } = "";
    public string Browser { get; init; } = "";
    public string System { get; init; } = "";

    /// <summary>What it was and is, with an arrow between; or a word of ours.</summary>
    public string Detail { get; init; } = "";
}

/// <summary>Guesses at one password or code, from one place.</summary>
public sealed class Guessing
{
    public Guid Id { get; init; }
    public DateTimeOffset Since { get; init; }
    public int Count { get; init; }
    public DateTimeOffset? RestsUntil { get; init; }
}
