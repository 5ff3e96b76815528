namespace ContactCenter.Channels.WebChat;

/// <summary>How long somebody in the queue still waits, told only when there is something to tell it from (W6).</summary>
public static class WaitEstimate
{
    /// <summary>How far back assignments are looked at, and how many at most: the pace of today, not of last week.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(30);

    public const int Sample = 20;

    /// <param name="place">The place in the queue, from 1.</param>
    /// <param name="assigned">When the last conversations of the queue were assigned, newest first, within the window.</param>
    /// <param name="isReceived">Whether anybody takes new conversations of the queue now.</param>
    /// <returns>Whole minutes, 0 for less than one; null when the pace is not known, or is nobody's any more.</returns>
    public static int? Minutes(int place, IReadOnlyList<DateTimeOffset> assigned, bool isReceived, DateTimeOffset now)
    {
        // One assignment is no pace, and a queue that has stood still for longer than its pace says moves no faster.
        if (!isReceived || assigned.Count < 2)
            return null;
        var pace = (now - assigned[^1]) / assigned.Count;
        var minutes = (place * pace).TotalMinutes;
        return minutes < 1 ? 0 : (int)Math.Ceiling(minutes);
    }
}
