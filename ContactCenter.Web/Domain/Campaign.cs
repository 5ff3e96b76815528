using System.Text.Json.Serialization;

namespace ContactCenter.Domain;

/// <summary>What administrators name and put other things into (D7).</summary>
public interface ICatalogued
{
    Guid Id { get; }
    string Name { get; set; }

    /// <summary>An inactive one is offered to nobody; what is in it stays.</summary>
    bool Active { get; set; }

    /// <summary>Grows with each change; 0 until it is stored. Kept beside the document.</summary>
    long Version { get; set; }
}

/// <summary>The company we answer for (D7).</summary>
public class Client : ICatalogued
{
    public const int UsualHistory = 20;

    public Guid Id { get; init; }
    public required string Name { get; set; }
    public bool Active { get; set; } = true;

    /// <summary>How many of the contact's earlier conversations agents see (A14), 0 to 200.</summary>
    public int HistoryCount { get; set; } = UsualHistory;

    /// <summary>The service level promised to the client (SLA), in percent, 0 to 100; null: none was.</summary>
    public int? ServiceLevelTarget { get; set; }

    /// <summary>Within how many seconds, 1 to a day; null where <see cref="ServiceLevelTarget"/> is.</summary>
    public int? ServiceLevelSeconds { get; set; }

    [JsonIgnore]
    public long Version { get; set; }
}

/// <summary>A project of a client; campaigns belong to both (D7).</summary>
public class Project : ICatalogued
{
    public Guid Id { get; init; }
    public Guid ClientId { get; set; }

    [JsonIgnore]
    public Client Client { get; init; } = null!;
    public required string Name { get; set; }
    public bool Active { get; set; } = true;

    [JsonIgnore]
    public long Version { get; set; }
}

/// <summary>A named group of campaigns and agents (D7).</summary>
public class Department : ICatalogued
{
    public Guid Id { get; init; }
    public required string Name { get; set; }
    public bool Active { get; set; } = true;

    [JsonIgnore]
    public long Version { get; set; }
}

/// <summary>Where the contact writes from (P1 and later channels).</summary>
public enum Channel
{
    WebChat = 1,
}

/// <summary>A queue with its channel, members and messages (D1, D2).</summary>
public class Campaign
{
    public Guid Id { get; init; }

    /// <summary>The public name in the widget's script tag: letters, digits and hyphens, unique.</summary>
    public required string Key { get; init; }
    public required string Name { get; set; }
    public Guid ProjectId { get; set; }
    public Project Project { get; init; } = null!;
    public Guid DepartmentId { get; set; }
    public Department Department { get; init; } = null!;
    public Channel Channel { get; init; } = Channel.WebChat;
    public bool Enabled { get; set; } = true;
    public CampaignSettings Settings { get; set; } = new();
    public uint Version { get; private set; }
}

/// <summary>What an administrator sets of a campaign, kept as one document.</summary>
public class CampaignSettings
{
    public Eligibility Eligibility { get; set; } = Eligibility.NoCall;
    public Distribution Distribution { get; set; } = Distribution.LeastActive;

    /// <summary>Conversations of this campaign an agent may hold at once (Q1, Q3), 1 to 100.</summary>
    public int MaximumPerAgent { get; set; } = 6;

    /// <summary>Seconds within which a contact should be assigned (S4), 1 to 86,400.</summary>
    public int ServiceLevelSeconds { get; set; } = 20;

    /// <summary>Percent of conversations that should be within <see cref="ServiceLevelSeconds"/>; below it the board warns.</summary>
    public int ServiceLevelTarget { get; set; } = 80;

    /// <summary>Percent of contacts who may leave before an agent comes; above it the board warns.</summary>
    public int AbandonmentTarget { get; set; } = 5;

    /// <summary>T1: seconds up to which an open conversation is green on the board (S2).</summary>
    public int ChatTimeYellow { get; set; } = 300;

    /// <summary>T2: seconds from which it is red; between both it is yellow (S2).</summary>
    public int ChatTimeRed { get; set; } = 900;

    /// <summary>T3: seconds after which an agent without a conversation gets an alert (S2).</summary>
    public int IdleAfter { get; set; } = 600;

    /// <summary>Contacts who may wait at once (ACD maximum, Q6); 0: no limit.</summary>
    public int MaximumWaiting { get; set; }

    /// <summary>
    /// Seconds a waiting contact whose browser is gone keeps their place; then they have abandoned (J1). Meanwhile nobody is
    /// assigned to them. 0: they keep it for ever and are assigned as if they were there; below 15: 15.
    /// </summary>
    public int AbandonAfter { get; set; } = 900;

    /// <summary>Minutes a conversation waits for the contact's exclusive agent before anyone may get it (Q5); 0: does not wait.</summary>
    public int ExclusiveWaitMinutes { get; set; } = 10;

    /// <summary>Keywords by which a bot or a provider chooses this campaign (Q4).</summary>
    public List<string> Skills { get; set; } = [];

    public OpeningHours Hours { get; set; } = new();

    /// <summary>Whether a visitor may leave a message while the campaign is closed (W4).</summary>
    public bool OfflineMessages { get; set; }

    /// <summary>Seconds an assigned agent has for the first answer before the conversation goes back to its place (Q8); 0: no limit.</summary>
    public int AnswerWithinSeconds { get; set; } = 300;

    /// <summary>Hours of the contact's earlier messages shown when a conversation opens (A6); 0: the last 20 messages.</summary>
    public int HistoryHours { get; set; }

    /// <summary>Origins whose pages may embed the widget (W1), as <c>https://shop.example</c>; a port may be <c>*</c>.</summary>
    public List<string> AllowedOrigins { get; set; } = [];

    /// <summary>Said when the conversation starts (W3).</summary>
    public LocalText Welcome { get; set; } = new();

    /// <summary>Said in the agent's name when one is assigned (W7). Variables: {agent}, {contact}, {campaign}, {department}, {ticket}.</summary>
    public LocalText AgentGreeting { get; set; } = new();

    /// <summary>Shown at the end (W9).</summary>
    public LocalText Closing { get; set; } = new();

    /// <summary>Shown while the campaign is closed (W4).</summary>
    public LocalText OutOfHours { get; set; } = new();

    /// <summary>Shown when more wait than may (W5).</summary>
    public LocalText NotAvailable { get; set; } = new();

    /// <summary>The menu that greets contacts before the queue (Q10).</summary>
    public MenuBot Bot { get; set; } = new();
}

/// <summary>A bot that offers numbered options; each leads to a skill and so to a campaign (Q4, Q10).</summary>
public class MenuBot
{
    public bool Enabled { get; set; }

    /// <summary>The name it speaks under.</summary>
    public string Name { get; set; } = "";
    public LocalText Welcome { get; set; } = new();

    /// <summary>Said when an answer is none of the options; after the second miss a person is called.</summary>
    public LocalText Fallback { get; set; } = new();
    public List<MenuOption> Options { get; set; } = [];
}

/// <summary>One option of a menu bot.</summary>
public class MenuOption
{
    public LocalText Label { get; set; } = new();

    /// <summary>The skill it leads to; empty: a person of this campaign.</summary>
    public string Skill { get; set; } = "";
}

/// <summary>An agent's membership of a campaign (D4).</summary>
public class Member
{
    public Guid CampaignId { get; init; }
    public Guid UserId { get; init; }

    /// <summary>Weight for later strategies, 0 to 100.</summary>
    public int Penalty { get; set; }

    /// <summary>Order for later strategies.</summary>
    public int Position { get; set; }
}

/// <summary>What routing needs to know of an agent: one row each, locked while a conversation is given to them.</summary>
public class Agent
{
    public Guid UserId { get; init; }

    /// <summary>The switch "accept new conversations" (A2).</summary>
    public bool Accepting { get; set; }

    /// <summary>When <see cref="Accepting"/> last changed.</summary>
    public DateTimeOffset Since { get; set; }

    /// <summary>Conversations this agent may hold at once over all campaigns (Q1, Q3), 1 to 100.</summary>
    public int Capacity { get; set; } = 6;

    /// <summary>Breaks ties: who has gone longest without a new conversation comes first.</summary>
    public DateTimeOffset? LastAssignedAt { get; set; }

    /// <summary>Why the agent is on a break; null while accepting, or where no reason was given.</summary>
    public Guid? BreakReasonId { get; set; }

    /// <summary>Whether a supervisor may ask to see this agent's screen (S5, V2).</summary>
    public bool Monitored { get; set; }

    /// <summary>A bot: always connected, never on a break (Q10).</summary>
    public bool Bot { get; set; }

    /// <summary>The last sign of a live connection; older than the presence grace means disconnected (Q8).</summary>
    public DateTimeOffset? SeenAt { get; set; }

    /// <summary>
    /// When they said goodbye, by signing out or by closing a page: nothing new comes to them from then on. Null again as soon as
    /// they are there.
    /// </summary>
    public DateTimeOffset? LeavingAt { get; set; }
}
