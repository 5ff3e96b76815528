namespace ContactCenter.Domain;

/// <summary>
/// The time an agent has for the first answer before the conversation goes back to its place (Q8), pure. It runs from the
/// assignment, anew from a resumption, and anew whenever the agent says that they are still here.
/// </summary>
public static class AnswerTime
{
    /// <summary>The longest time for which it is said beforehand; of a short time the second half.</summary>
    private static readonly TimeSpan Warning = TimeSpan.FromSeconds(60);

    /// <summary>From when the time runs; null where nobody has the conversation.</summary>
    public static DateTimeOffset? From(Conversation conversation) =>
        conversation.AnswerFrom > conversation.AssignedAt ? conversation.AnswerFrom : conversation.AssignedAt;

    /// <summary>When the warning begins.</summary>
    /// <param name="due">When the conversation goes back.</param>
    /// <param name="within">Seconds, the campaign's <see cref="CampaignSettings.AnswerWithinSeconds"/>.</param>
    public static DateTimeOffset WarnsAt(DateTimeOffset due, int within) => due - TimeSpan.FromSeconds(Math.Min(Warning.TotalSeconds, within / 2.0));

    /// <summary>When it goes back, where that is to be said now; else null.</summary>
    public static DateTimeOffset? Said(DateTimeOffset? due, int within, DateTimeOffset now) =>
        due is { } at && now >= WarnsAt(at, within) ? at : null;
}
