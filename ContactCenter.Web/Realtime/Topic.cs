using System.Runtime.InteropServices;

namespace ContactCenter.Realtime;

/// <summary>What a topic is about. The numbers travel between nodes.</summary>
public enum TopicKind
{
    Conversation = 1,
    Agent = 2,
    Campaign = 3,

    /// <summary>One sign-in of somebody, until they sign out.</summary>
    Session = 4,
}

/// <summary>Something that views follow.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Topic(TopicKind Kind, Guid Id)
{
    public static Topic Conversation(Guid id) => new(TopicKind.Conversation, id);
    public static Topic Agent(Guid id) => new(TopicKind.Agent, id);
    public static Topic Campaign(Guid id) => new(TopicKind.Campaign, id);
    public static Topic Session(Guid id) => new(TopicKind.Session, id);
}

/// <summary>What is new about a topic. Signals say that something is to be read again, never what it says.</summary>
[Flags]
public enum Signals
{
    None = 0,

    /// <summary>The log of a conversation grew.</summary>
    Messages = 1,

    /// <summary>Delivered or read marks moved.</summary>
    Marks = 2,

    /// <summary>A conversation changed its state or its agent; a viewer's right may be gone.</summary>
    State = 4,

    /// <summary>Somebody is typing; the payload says who. Not stored.</summary>
    Typing = 8,

    /// <summary>Lists of staff changed.</summary>
    Inbox = 16,

    /// <summary>Places in a campaign's queue changed.</summary>
    Queue = 32,

    /// <summary>Time to show that the connection lives.</summary>
    Heartbeat = 64,

    /// <summary>The viewer is gone or the node stops.</summary>
    Closed = 128,

    /// <summary>An agent was given a conversation: their lists do not wait for their turn.</summary>
    Assigned = 256,

    /// <summary>A session has ended, or all of a user's may have: streams ask whether theirs holds, and so does every request.</summary>
    SignedOut = 512,

    /// <summary>Somebody of the staff wrote to this one, or read what they wrote.</summary>
    Direct = 1024,

    /// <summary>A user's campaigns or security groups changed: what they may see is another now.</summary>
    Reach = 2048,

    /// <summary>A time has passed that only boards show: a band, or the idle alert.</summary>
    Board = 4096,

    /// <summary>Who is connected changed, and with it the figures of a campaign; so they do when its queue does.</summary>
    Figures = 8192,

    /// <summary>Time to try again what the database did not answer.</summary>
    Again = 16384,

    /// <summary>The viewer has more streams open than it may, and this is the oldest: it is told so and closed.</summary>
    Displaced = 32768,

    /// <summary>Announcements may have been missed: read everything again.</summary>
    All = Messages | Marks | State | Inbox | Queue | Direct | Figures,
}

/// <summary>One topic's news, as told to this process and to the others.</summary>
/// <param name="Payload">Only for marks and typing: the JSON that viewers get.</param>
public sealed record Announcement(Topic Topic, Signals Signals, string? Payload = null);
