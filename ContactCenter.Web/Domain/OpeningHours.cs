using System.Runtime.InteropServices;

namespace ContactCenter.Domain;

/// <summary>When a campaign is attended (D1): weekly intervals in its own time zone, less its holidays.</summary>
public class OpeningHours
{
    /// <summary>IANA time zone of the intervals and holidays.</summary>
    public string TimeZone { get; set; } = "UTC";

    /// <summary>Weekly intervals. None at all means open around the clock, holidays excepted.</summary>
    public List<WeeklyInterval> Intervals { get; set; } = [];
    public List<Holiday> Holidays { get; set; } = [];
}

/// <summary>The same hours on some days of the week. <see cref="To"/> at or before <see cref="From"/> runs over midnight.</summary>
public class WeeklyInterval
{
    /// <summary>The days on which it begins.</summary>
    public List<DayOfWeek> Days { get; set; } = [];
    public TimeOnly From { get; set; }
    public TimeOnly To { get; set; }
}

/// <summary>A day on which the campaign is closed from midnight to midnight, also for what began the evening before.</summary>
public class Holiday
{
    public DateOnly Date { get; set; }
    public string Name { get; set; } = "";
}

/// <summary>Whether a campaign is open, and when that changes next.</summary>
/// <param name="NextChange">The instant at which it opens or closes; null where it never does within a year.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct OpenState(bool IsOpen, DateTimeOffset? NextChange);

/// <summary>When a closed campaign opens again, on its own clock.</summary>
/// <param name="At">The instant, with the offset that its zone then has.</param>
/// <param name="Days">How many midnights of that clock are between: 0 today, 1 tomorrow.</param>
/// <param name="Zone">The IANA zone.</param>
public sealed record Reopening(DateTimeOffset At, int Days, string Zone)
{
    /// <summary>How people call the zone: the city in its name.</summary>
    public string Place => Zone[(Zone.LastIndexOf('/') + 1)..].Replace('_', ' ');

    /// <summary>Null where it is open, and where it does not open within a year.</summary>
    public static Reopening? Of(OpeningHours hours, DateTimeOffset now)
    {
        if (Opening.At(hours, now) is not { IsOpen: false, NextChange: { } at }) return null;
        var zone = Opening.ZoneOf(hours);
        var local = TimeZoneInfo.ConvertTime(at, zone);
        var today = TimeZoneInfo.ConvertTime(now, zone);
        return new Reopening(local, DateOnly.FromDateTime(local.DateTime).DayNumber - DateOnly.FromDateTime(today.DateTime).DayNumber, zone.Id);
    }
}

/// <summary>Reads opening hours at an instant. Pure; daylight-saving changes follow the zone's rules.</summary>
public static class Opening
{
    private const int DaysAhead = 370;
    private static readonly TimeSpan Midnight = TimeSpan.Zero;

    public static OpenState At(OpeningHours hours, DateTimeOffset now)
    {
        if (hours.Intervals.Count == 0 && hours.Holidays.Count == 0) return new OpenState(true, null);
        var zone = ZoneOf(hours);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        var holidays = hours.Holidays.Select(holiday => holiday.Date).ToHashSet();
        DateTimeOffset? openUntil = null;
        // Yesterday's interval may run past midnight. Days are looked at in order and only as far as needed.
        for (var day = today.AddDays(-1); day < today.AddDays(DaysAhead); day = day.AddDays(1))
        {
            foreach (var (from, to) in Spans(hours, holidays, zone, day).OrderBy(span => span.From))
            {
                if (to <= (openUntil ?? now)) continue;
                if (from > (openUntil ?? now))
                    return openUntil is null ? new OpenState(false, from) : new OpenState(true, openUntil);
                openUntil = to;
            }
            // Nothing of a later day can begin before its own midnight.
            if (openUntil is { } end && end < Instant(zone, day.AddDays(1), Midnight, isEnd: false))
                return new OpenState(true, end);
        }
        return new OpenState(openUntil is not null, null);
    }

    /// <summary>When the campaign's current day began: "today" of its figures.</summary>
    public static DateTimeOffset StartOfDay(OpeningHours hours, DateTimeOffset now)
    {
        var zone = ZoneOf(hours);
        return Instant(zone, DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime), Midnight, isEnd: false);
    }

    internal static TimeZoneInfo ZoneOf(OpeningHours hours) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(hours.TimeZone, out var found) ? found : TimeZoneInfo.Utc;

    private static IEnumerable<(DateTimeOffset From, DateTimeOffset To)> Spans(
        OpeningHours hours, HashSet<DateOnly> holidays, TimeZoneInfo zone, DateOnly day)
    {
        if (holidays.Contains(day)) yield break;
        if (hours.Intervals.Count == 0)
            yield return Span(zone, day, Midnight, day.AddDays(1), Midnight);
        foreach (var interval in hours.Intervals.Where(interval => interval.Days.Contains(day.DayOfWeek)))
        {
            var next = day.AddDays(1);
            if (interval.To > interval.From)
                yield return Span(zone, day, interval.From.ToTimeSpan(), day, interval.To.ToTimeSpan());
            else if (holidays.Contains(next))
                yield return Span(zone, day, interval.From.ToTimeSpan(), next, Midnight);
            else
                yield return Span(zone, day, interval.From.ToTimeSpan(), next, interval.To.ToTimeSpan());
        }
    }

    private static (DateTimeOffset, DateTimeOffset) Span(
        TimeZoneInfo zone, DateOnly fromDay, TimeSpan from, DateOnly toDay, TimeSpan to) =>
        (Instant(zone, fromDay, from, isEnd: false), Instant(zone, toDay, to, isEnd: true));

    /// <summary>
    /// The instant of a wall-clock time. One that the clock skips is taken when the clock goes on; of one that it shows
    /// twice, an opening takes the first and a closing the second, so that nobody is sent away early.
    /// </summary>
    private static DateTimeOffset Instant(TimeZoneInfo zone, DateOnly day, TimeSpan time, bool isEnd)
    {
        var local = day.ToDateTime(TimeOnly.MinValue) + time;
        while (zone.IsInvalidTime(local)) local = local.AddMinutes(1);
        var offset = zone.IsAmbiguousTime(local)
            ? isEnd ? zone.GetAmbiguousTimeOffsets(local).Min() : zone.GetAmbiguousTimeOffsets(local).Max()
            : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset);
    }
}
