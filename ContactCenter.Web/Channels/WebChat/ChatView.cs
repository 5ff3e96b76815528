using ContactCenter.Domain;
using ContactCenter.Realtime;

namespace ContactCenter.Channels.WebChat;

/// <summary>
/// What the visitor sees: the start form, the queue, the conversation, its end; while the campaign is closed the form for
/// a message, what was left or kept, or that there is no chat.
/// </summary>
public enum ChatStage
{
    Start,
    Waiting,
    Attending,
    Ended,
    Closed,
    Offline,
    Kept,
}

/// <summary>The whole pane, as <c>Pages/Chat/_Pane.cshtml</c> renders it.</summary>
public sealed record ChatView
{
    public required string Key { get; init; }
    public required string Name { get; init; }
    public required string Language { get; init; }
    public required ChatStage Stage { get; init; }

    /// <summary>A new id for the form on the pane: sending it twice stores it once.</summary>
    public required Guid NewId { get; init; }

    public Guid? Conversation { get; init; }
    public string? Agent { get; init; }

    /// <summary>The place in the queue from 1, and whole minutes until its end where they can be told.</summary>
    public int Place { get; init; }
    public int? Minutes { get; init; }

    /// <summary>While waiting: for how many minutes the place is kept when the page is closed; 0 where that is not to be told.</summary>
    public int KeptMinutes { get; init; }

    public IReadOnlyList<MessageView> Messages { get; init; } = [];

    /// <summary>Whether the log goes on before the first of <see cref="Messages"/>.</summary>
    public bool HasOlder { get; init; }

    /// <summary>The first and the last place that was read for this pane; the stream goes on after the last.</summary>
    public int First { get; init; }
    public int Last { get; init; }

    public Marks Marks { get; init; }

    /// <summary>Messages of the other side this visitor has not read.</summary>
    public int Unread { get; init; }

    public StartForm Form { get; init; } = new();

    /// <summary>What the campaign says while nobody may enter its queue: closed or full (W4, W5).</summary>
    public string? Notice { get; init; }

    /// <summary>When a campaign that is closed by its hours opens again.</summary>
    public Reopening? Opens { get; init; }

    /// <summary>Seconds until its hours open or close it, while no conversation is shown.</summary>
    public int? Turns { get; init; }

    /// <summary>Whether the form has what is known of somebody who was here before.</summary>
    public bool Known { get; init; }

    /// <summary>What went wrong with a message sent by a plain form, and the text that was not taken.</summary>
    public string? Problem { get; init; }
    public string? Draft { get; init; }

    /// <summary>Set when the pane belongs to plain forms, without JavaScript: the token travels in them.</summary>
    public string? PlainToken { get; init; }
    public bool Plain { get; init; }

    /// <summary>Whether the log on the page may stay as it is: it shows this conversation and its stream fills it.</summary>
    public bool KeepsLog { get; init; }
}

/// <summary>The start form (W2): what was typed, and what is wrong with it, by field.</summary>
public sealed record StartForm
{
    public const int MaxName = 80;
    public const int MaxEmail = Address.LongestMail;
    public const int MaxPhone = 30;

    public Guid Id { get; init; }

    /// <summary>See <see cref="StartProof"/>.</summary>
    public string Proof { get; init; } = StartProof.New();
    public string Name { get; init; } = "";
    public string Email { get; init; } = "";
    public string Phone { get; init; } = "";
    public string? Language { get; init; }
    public string Text { get; init; } = "";

    public IReadOnlyDictionary<string, string> Errors { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
