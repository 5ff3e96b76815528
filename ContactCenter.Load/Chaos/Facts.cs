using System.Runtime.InteropServices;
using ContactCenter.Domain;

namespace ContactCenter.Load.Chaos;

/// <summary>What a writer was told about one message of theirs: accepted (by a 2xx, or because their own log shows it) or not.</summary>
/// <param name="Place">The place it was said to have.</param>
sealed record ToldMessage(Guid Conversation, Guid Id, string Writer, string Text, bool Accepted, int? Place);

/// <summary>One entry of a log as the database has it.</summary>
sealed record StoredEntry(Guid Conversation, int Place, Guid Id, Author Author, string Text, DateTimeOffset At)
{
    public EventKind? Event { get; init; }

    /// <summary>The agent of an assignment.</summary>
    public Guid? Agent { get; init; }

    public bool IsMessage => Author != Author.Event;
}

/// <summary>One entry as it stood on a screen, and since when. Events have no id.</summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct Sight(int Place, Guid? Id, string Text, DateTimeOffset At);

/// <summary>The log on one screen at the end of the run, or when it was closed.</summary>
/// <param name="From">The first place it had to show.</param>
/// <param name="Until">The last; null: to the end of what is stored.</param>
/// <param name="Disorder">Each time the stream went back, or another entry was put at a place.</param>
sealed record ShownLog(
    string Whose, Guid Conversation, DateTimeOffset OpenedAt, int From, int? Until, IReadOnlyList<Sight> Sights, IReadOnlyList<string> Disorder);

/// <summary>Something other than a message that a view had to show: an inbox its new conversation, a pane its stage.</summary>
/// <param name="Until">From then on it did not matter any more.</param>
sealed record Due(string What, DateTimeOffset Happened, DateTimeOffset? Shown, DateTimeOffset Until);

/// <summary>A fault that happened. Where another node carried on all the time, it was over as soon as it began.</summary>
sealed record Outage(Fault Fault, DateTimeOffset From, DateTimeOffset Until);

/// <summary>While an agent took conversations: connected and available, as the ledger has it.</summary>
sealed record Shift(Guid Agent, DateTimeOffset From, DateTimeOffset Until);

/// <summary>Everything that the verdict is about.</summary>
/// <param name="Told">In the order each writer was told.</param>
/// <param name="Limit">How many conversations an agent may hold.</param>
/// <param name="Begin">When everybody was at work: before that, waits and delays are those of programs that have just been started.</param>
/// <param name="End">When the run ended.</param>
sealed record Facts(
    IReadOnlyList<ToldMessage> Told, IReadOnlyList<StoredEntry> Stored, IReadOnlyList<ShownLog> Shown, IReadOnlyList<Due> Dues,
    IReadOnlyList<Shift> Shifts, IReadOnlyList<Outage> Outages, int Limit, DateTimeOffset Begin, DateTimeOffset End)
{
    /// <summary>How long each job stood still at most.</summary>
    public IReadOnlyList<Standstill> Standstills { get; init; } = [];
}
