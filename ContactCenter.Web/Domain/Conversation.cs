namespace ContactCenter.Domain;

/// <summary>Q9. The numbers are stored.</summary>
public enum ConversationState
{
    Waiting = 1,
    Attending = 2,
    Paused = 3,
    OutOfHours = 4,
    Finished = 5,
}

/// <summary>How a finished conversation ended (Q9).</summary>
public enum Ending
{
    Completed = 1,
    Abandoned = 2,
    Inactive = 3,
}

/// <summary>Who began a conversation (S4). The numbers are stored.</summary>
public enum Direction
{
    Incoming = 1,
    Outgoing = 2,
}

/// <summary>One exchange with a contact. A pause or a return to the queue keeps it and its ticket number.</summary>
public class Conversation
{
    public Guid Id { get; init; }
    public long Ticket { get; private set; }

    /// <summary>The campaign it is in now; a skill or a transfer may change it.</summary>
    public Guid CampaignId { get; set; }

    /// <summary>The campaign by whose door the contact came, where they were led to another; else null.</summary>
    public Guid? CameBy { get; set; }
    public Campaign Campaign { get; init; } = null!;
    public Guid ContactId { get; init; }
    public Contact Contact { get; init; } = null!;

    /// <summary>A hash of what the visitor's page sent to begin, so that sending it again finds this one: until <see cref="StartUntil"/>.</summary>
    public Guid? StartKey { get; set; }
    public DateTimeOffset? StartUntil { get; set; }

    /// <summary>The language the contact reads: <c>es</c>, <c>en</c> or <c>pt</c>.</summary>
    public required string Language { get; init; }
    public Direction Direction { get; init; } = Direction.Incoming;
    public ConversationState State { get; set; } = ConversationState.Waiting;
    public Ending? Ending { get; set; }
    public Guid? AgentId { get; set; }

    /// <summary>The place in the queue. A return to the queue keeps it (Q8).</summary>
    public DateTimeOffset QueuedAt { get; set; }

    /// <summary>When the campaign last opened with this one among what was kept out of hours (J2): its wait is counted from then.</summary>
    public DateTimeOffset? OfferedAt { get; set; }

    /// <summary>While waiting: the last sign of the contact's browser (J1).</summary>
    public DateTimeOffset? SeenAt { get; set; }
    public DateTimeOffset? AssignedAt { get; set; }

    /// <summary>When an agent was first given it, where it has come back to the queue since: the day it counts as attended.</summary>
    public DateTimeOffset? FirstAssignedAt { get; set; }

    /// <summary>Whether it has waited in the queue: a message left out of hours has not, until the campaign opens.</summary>
    public bool WasQueued { get; set; } = true;

    /// <summary>How long the contact waited until first assigned, in milliseconds (A5, A1).</summary>
    public long? WaitedMs { get; set; }

    /// <summary>When the current agent opened it; null shows the green dot (A4).</summary>
    public DateTimeOffset? OpenedAt { get; set; }

    /// <summary>From when the time for the first answer runs, where that is later than <see cref="AssignedAt"/>.</summary>
    public DateTimeOffset? AnswerFrom { get; set; }

    /// <summary>Who had it and let the time for the first answer pass without a word.</summary>
    public List<Guid> SilentAgents { get; set; } = [];

    /// <summary>When it last went back to its place in the queue.</summary>
    public DateTimeOffset? ReturnedAt { get; set; }

    /// <summary>When the current agent first answered.</summary>
    public DateTimeOffset? AnsweredAt { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>The agent's closing note (A12).</summary>
    public string? Note { get; set; }

    /// <summary>The last place in the log; entries are ordered by it and by nothing else.</summary>
    public int Seq { get; set; }

    /// <summary>The last place at which the contact wrote.</summary>
    public int LastContactSeq { get; set; }

    /// <summary>The last words, for lists: at most 120 characters.</summary>
    public string LastText { get; set; } = "";
    public Author LastAuthor { get; set; } = Author.Event;
    public DateTimeOffset LastAt { get; set; }

    /// <summary>Messages of the contact the agent has not read.</summary>
    public int Unread { get; set; }
    public int ContactDelivered { get; set; }
    public int ContactRead { get; set; }
    public int StaffDelivered { get; set; }
    public int StaffRead { get; set; }

    /// <summary>While a menu bot leads (Q10): up to which place it has read; else null.</summary>
    public int? BotRead { get; set; }

    /// <summary>Answers a menu bot did not understand (Q10).</summary>
    public int BotMisses { get; set; }
    public uint Version { get; private set; }

    public Marks Marks => new(ContactDelivered, ContactRead, StaffDelivered, StaffRead);
}

/// <summary>How far each side has received and read, as seq (A9). Marks only grow.</summary>
public readonly record struct Marks(int ContactDelivered, int ContactRead, int StaffDelivered, int StaffRead);

/// <summary>Who an entry of the log is from. The numbers are stored.</summary>
public enum Author
{
    Contact = 1,
    Agent = 2,

    /// <summary>The campaign speaks: welcome, greeting, closing.</summary>
    Campaign = 3,

    /// <summary>A change of the conversation: the timeline (A13).</summary>
    Event = 4,
}

/// <summary>One entry of a conversation's log: a message or an event of its timeline.</summary>
public class Message
{
    public Guid ConversationId { get; init; }

    /// <summary>Its place, from 1, without gaps.</summary>
    public int Seq { get; init; }

    /// <summary>The id its writer's browser made; a repeated send finds the first.</summary>
    public Guid ClientId { get; init; }
    public DateTimeOffset At { get; init; }
    public Author Author { get; init; }

    /// <summary>The agent who wrote or acted; null for the contact and the system.</summary>
    public Guid? AuthorId { get; init; }
    public string AuthorName { get; init; } = "";

    /// <summary>What was written; for an event its optional note.</summary>
    public string Text { get; init; } = "";
    public EventKind? Event { get; init; }

    /// <summary>Why an assignment chose this agent (Q8).</summary>
    public Because? Because { get; init; }
}

/// <summary>What can happen to a conversation (A13). The numbers are stored.</summary>
public enum EventKind
{
    Queued = 1,
    Assigned = 2,
    Paused = 3,
    Resumed = 4,
    Finished = 5,
    Abandoned = 6,
    ReturnedDisconnected = 7,
    ReturnedUnanswered = 8,
    LeftByContact = 9,

    /// <summary>Its agent is no member of its campaign any more.</summary>
    ReturnedRemoved = 10,

    /// <summary>The campaign closed while the contact waited (J2).</summary>
    Closed = 20,

    /// <summary>A message was left while the campaign was closed (W4).</summary>
    LeftOutOfHours = 21,

    /// <summary>The campaign opened and what was kept is in the queue again (J2).</summary>
    Offered = 22,

    /// <summary>The waiting contact's browser was gone for too long (J1).</summary>
    Vanished = 23,

    /// <summary>A menu bot has greeted the contact (Q10).</summary>
    BotGreeted = 30,

    /// <summary>The bot led the contact to a campaign, by the option in the note.</summary>
    HandedOver = 31,

    /// <summary>The contact asked the bot for a person.</summary>
    PersonAsked = 32,

    /// <summary>The bot did not understand twice, and called a person.</summary>
    NotUnderstood = 33,
}
