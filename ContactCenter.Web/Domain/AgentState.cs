using System.Text.Json.Serialization;

namespace ContactCenter.Domain;

/// <summary>What an agent is doing (S1). The numbers are stored.</summary>
public enum AgentState
{
    Disconnected = 1,
    Free = 2,
    Busy = 3,
    FreeOnBreak = 4,
    BusyOnBreak = 5,
}

/// <summary>Why an agent takes no new conversations, such as lunch or training (A2, D7).</summary>
public class BreakReason : ICatalogued
{
    public Guid Id { get; init; }
    public required string Name { get; set; }

    /// <summary>The name of an icon of the sprite.</summary>
    public required string Icon { get; set; }

    /// <summary>An inactive reason is offered to nobody; what was recorded with it stays.</summary>
    public bool Active { get; set; } = true;

    [JsonIgnore]
    public long Version { get; set; }
}

/// <summary>What changed an agent's state. The numbers are stored.</summary>
public enum LedgerCause
{
    /// <summary>The agent's own switch or break menu.</summary>
    Agent = 1,

    /// <summary>A supervisor's Pause or Log out (S5).</summary>
    Supervisor = 2,

    /// <summary>A connection came or went.</summary>
    Connection = 3,

    /// <summary>A conversation was given or ended.</summary>
    Conversation = 4,
}

/// <summary>One line of the append-only record of agents' time (S8): from then on the agent was in that state.</summary>
public class LedgerEntry
{
    public Guid Id { get; init; }
    public Guid UserId { get; init; }
    public DateTimeOffset At { get; init; }
    public AgentState State { get; init; }

    /// <summary>The reason's name as it was then.</summary>
    public string? BreakReason { get; init; }
    public LedgerCause Cause { get; init; }

    /// <summary>Who changed it; null for the system.</summary>
    public Guid? ByUserId { get; init; }
    public string ByName { get; init; } = "";
}
