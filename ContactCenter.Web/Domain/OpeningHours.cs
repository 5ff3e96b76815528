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

/// <summary>
/// The same hours on some days of the week. <see cref="To"/> at or before <see cref="From"/> runs over midnight. An end at
/// a minute :59 is the last minute that is open: 00:00–23:59 is the whole day.
/// </summary>
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

/// <summary>A stretch of the week in which a campaign is open without a break.</summary>
/// <param name="Day">The day on which it begins.</param>
/// <param name="From">Minutes from that day's midnight.</param>
/// <param name="To">Minutes from the same midnight; more than 1440 is a later day, a whole week more than <paramref name="From"/> never closes.</param>
public readonly record struct OpenStretch(DayOfWeek Day, int From, int To);

/// <summary>Reads opening hours at an instant. Pure; daylight-saving changes follow the zone's rules.</summary>
public static class Opening
{
    private const int DaysAhead = 370;
    private const int DayMinutes = 1440;
    private const int WeekMinutes = 7 * DayMinutes;
    private static readonly TimeSpan Midnight = TimeSpan.Zero;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public static OpenState At(OpeningHours hours, DateTimeOffset now)
    {
        if (hours.Holidays.Count == 0 && NeverCloses(hours)) return new OpenState(true, null);
        var zone = ZoneOf(hours);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        var holidays = hours.Holidays.Select(holiday => holiday.Date).ToHashSet();
        DateTimeOffset? openUntil = null;
        // Yesterday's interval may run past midnight. Days are looked at in order and only as far as needed.
        for (var day = today.AddDays(-1); day < today.AddDays(DaysAhead); day = day.AddDays(1))
        {
            foreach (var (from, to) in Spans(hours, holidays, zone, day).OrderBy(span => span.From))
            {
                // What lies wholly in an hour that the clock skips is no time at all.
                if (to <= (openUntil ?? now) || to <= from) continue;
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

    /// <summary>
    /// The stretches of a week without holidays, from its <paramref name="first"/> day on. What touches or overlaps is
    /// one, also across midnight and across the end of the week. Nothing at all: it never opens.
    /// </summary>
    public static IReadOnlyList<OpenStretch> Week(OpeningHours hours, DayOfWeek first)
    {
        if (hours.Intervals.Count == 0) return [new OpenStretch(first, 0, WeekMinutes)];
        var spans = hours.Intervals
            .SelectMany(interval => interval.Days, (interval, day) =>
            {
                var midnight = (((int)day - (int)first + 7) % 7) * DayMinutes;
                var from = interval.From.ToTimeSpan();
                var to = from + Length(hours, interval, day);
                return (From: midnight + (int)Math.Ceiling(from.TotalMinutes), To: midnight + (int)Math.Floor(to.TotalMinutes));
            })
            .OrderBy(span => span.From);
        var joined = new List<(int From, int To)>();
        foreach (var span in spans)
        {
            if (joined.Count > 0 && span.From <= joined[^1].To)
                joined[^1] = (joined[^1].From, Math.Max(joined[^1].To, span.To));
            else
                joined.Add(span);
        }
        // The week is a ring: what runs over its end meets what it begins with.
        while (joined.Count > 1 && joined[^1].To >= joined[0].From + WeekMinutes)
        {
            joined[^1] = (joined[^1].From, Math.Max(joined[^1].To, joined[0].To + WeekMinutes));
            joined.RemoveAt(0);
        }
        if (joined.Count == 1 && joined[0].To - joined[0].From >= WeekMinutes) return [new OpenStretch(first, 0, WeekMinutes)];
        return
        [
            .. joined.Select(span =>
            {
                var day = span.From / DayMinutes;
                return new OpenStretch((DayOfWeek)(((int)first + day) % 7), span.From - (day * DayMinutes), span.To - (day * DayMinutes));
            }),
        ];
    }

    /// <summary>Whether its intervals leave no moment of the week out; holidays are not looked at.</summary>
    public static bool NeverCloses(OpeningHours hours) =>
        hours.Intervals.Count == 0 || Week(hours, DayOfWeek.Monday) is [{ From: 0, To: WeekMinutes }];

    /// <summary>When the campaign's current day began: "today" of its figures.</summary>
    public static DateTimeOffset StartOfDay(OpeningHours hours, DateTimeOffset now)
    {
        var zone = ZoneOf(hours);
        return Instant(zone, DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime), Midnight, isEnd: false);
    }

    internal static TimeZoneInfo ZoneOf(OpeningHours hours) => Zones.Of(hours.TimeZone);

    private static IEnumerable<(DateTimeOffset From, DateTimeOffset To)> Spans(
        OpeningHours hours, HashSet<DateOnly> holidays, TimeZoneInfo zone, DateOnly day)
    {
        if (holidays.Contains(day)) yield break;
        var next = day.AddDays(1);
        if (hours.Intervals.Count == 0)
            yield return Span(zone, day, Midnight, TimeSpan.FromDays(1));
        foreach (var interval in hours.Intervals.Where(interval => interval.Days.Contains(day.DayOfWeek)))
        {
            var from = interval.From.ToTimeSpan();
            var to = from + Length(hours, interval, day.DayOfWeek);
            // What runs over midnight ends there when the next day is a holiday.
            yield return Span(zone, day, from, to > TimeSpan.FromDays(1) && holidays.Contains(next) ? TimeSpan.FromDays(1) : to);
        }
    }

    /// <summary>
    /// How long an interval is on the wall. Who writes the last minute that is open instead of the first that is not
    /// means that minute too: an end at :59, and one that leaves a single minute before the next interval begins.
    /// </summary>
    private static TimeSpan Length(OpeningHours hours, WeeklyInterval interval, DayOfWeek day)
    {
        var to = interval.To.ToTimeSpan();
        var minute = TimeSpan.FromMinutes(Math.Floor(to.TotalMinutes));
        var isNextDay = interval.To <= interval.From;
        if (interval.To.Minute == 59 || BeginsAt(minute + Minute)) to = minute + Minute;
        return to - interval.From.ToTimeSpan() + (isNextDay ? TimeSpan.FromDays(1) : TimeSpan.Zero);

        bool BeginsAt(TimeSpan time)
        {
            var on = isNextDay ? (DayOfWeek)(((int)day + 1) % 7) : day;
            return hours.Intervals.Exists(other => other.From.ToTimeSpan() == time && other.Days.Contains(on));
        }
    }

    private static (DateTimeOffset, DateTimeOffset) Span(TimeZoneInfo zone, DateOnly day, TimeSpan from, TimeSpan to) =>
        (Instant(zone, day, from, isEnd: false), Instant(zone, day, to, isEnd: true));

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
