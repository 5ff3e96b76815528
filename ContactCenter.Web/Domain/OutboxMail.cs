namespace ContactCenter.Domain;

/// <summary>What a mail is about. The numbers are stored.</summary>
public enum MailKind
{
    /// <summary>A link to choose a new password.</summary>
    Recovery = 1,

    /// <summary>A link to choose the first password of an account that somebody made.</summary>
    Invitation = 2,

    /// <summary>To the former address: mails of the account go to another one from now on.</summary>
    AddressChanged = 3,

    /// <summary>To an account's owner: somebody who knows its password tries codes of its second step.</summary>
    CodesGuessed = 4,
}

/// <summary>
/// A mail that must leave (D9): whom it is for and why, never the letter. A letter's link is a secret, so it is written
/// anew for each attempt and stored nowhere.
/// </summary>
public class OutboxMail
{
    /// <summary>After so many attempts it is a dead letter, until somebody asks for another try.</summary>
    public const int MaxAttempts = 8;

    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2),
        TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30), TimeSpan.FromHours(1),
    ];

    public Guid Id { get; init; }
    public MailKind Kind { get; init; }
    public required string Address { get; init; }

    /// <summary>Whom it is about, where the address is not theirs any more.</summary>
    public Guid? UserId { get; init; }

    /// <summary>Scheme and host its links begin with; empty: it has none.</summary>
    public required string Site { get; init; }

    /// <summary>The language it was asked for in; the account's own comes first.</summary>
    public required string Language { get; init; }

    /// <summary>Who asked for it; empty: whoever gets it.</summary>
    public string ByName { get; init; } = "";

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Attempts that were begun.</summary>
    public int Attempts { get; set; }

    /// <summary>When it may be tried next; null once it is sent or dead.</summary>
    public DateTimeOffset? NextAt { get; set; }

    /// <summary>What the last failed attempt said.</summary>
    public string? Problem { get; set; }
    public DateTimeOffset? SentAt { get; set; }
    public DateTimeOffset? DeadAt { get; set; }

    /// <summary>How long to wait after the last of so many failed attempts; null: not any more.</summary>
    public static TimeSpan? PauseAfter(int attempts) => attempts >= MaxAttempts ? null : Pauses[Math.Clamp(attempts, 1, Pauses.Length) - 1];
}
