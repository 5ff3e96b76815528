using System.Globalization;
using ContactCenter.Domain;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages.Administration.Campaigns;

/// <summary>Opening hours as the campaign will keep them, in words: what was joined and what runs over midnight is seen.</summary>
static class HoursInWords
{
    private const int DayMinutes = 1440;

    /// <param name="hours">Null: they are not complete.</param>
    public static string Of(OpeningHours? hours, IStringLocalizer<Text> T)
    {
        if (hours is null) return T["Not complete yet: each row needs a day and two times."];
        if (Opening.NeverCloses(hours)) return T["Open all day, every day, except on holidays."];
        var first = CultureInfo.CurrentUICulture.DateTimeFormat.FirstDayOfWeek;
        var days = Opening.Week(hours, first).SelectMany(Days)
            .GroupBy(stretch => stretch.Day, (day, stretches) => (Day: day, Times: stretches.Select(stretch => (stretch.From, stretch.To)).ToList()));
        var groups = days.GroupBy(day => string.Join(' ', day.Times), StringComparer.Ordinal)
            .Select(same => same.ToList())
            .Select(same => $"{Names(same.ConvertAll(each => each.Day), first, T)} {Times(same[0].Day, same[0].Times, same.Count > 1, T)}");
        return T["Open {0}.", string.Join("; ", groups)];
    }

    // Whole days count one by one: Saturday and Sunday, not Saturday 00:00 to Monday 00:00.
    private static IEnumerable<OpenStretch> Days(OpenStretch stretch)
    {
        if (stretch.From > 0 || stretch.To % DayMinutes > 0) return [stretch];
        return Enumerable.Range(0, stretch.To / DayMinutes).Select(day => new OpenStretch(After(stretch.Day, day), 0, DayMinutes));
    }

    private static string Times(DayOfWeek day, List<(int From, int To)> times, bool isShared, IStringLocalizer<Text> T) =>
        string.Join(", ", times.Select(time => time switch
        {
            (0, DayMinutes) => T["all day"].Value,
            { To: <= DayMinutes } => $"{Clock(time.From)}–{Clock(time.To)}",
            { To: < 2 * DayMinutes } when isShared => T["{0} to {1} of the next day", Clock(time.From), Clock(time.To % DayMinutes)].Value,
            _ => T["{0} to {1} {2}", Clock(time.From), NameOf(After(day, time.To / DayMinutes)), Clock(time.To % DayMinutes)].Value,
        }));

    // Three and more in a row are a range.
    private static string Names(List<DayOfWeek> days, DayOfWeek first, IStringLocalizer<Text> T)
    {
        if (days.Count == 7) return T["every day"];
        var runs = new List<List<DayOfWeek>>();
        foreach (var day in days.OrderBy(day => ((int)day - (int)first + 7) % 7))
        {
            if (runs.Count > 0 && After(runs[^1][^1], 1) == day) runs[^1].Add(day);
            else runs.Add([day]);
        }
        return string.Join(", ", runs.Select(run => run.Count > 2
            ? T["{0} to {1}", NameOf(run[0]), NameOf(run[^1])].Value
            : string.Join(", ", run.Select(NameOf))));
    }

    private static DayOfWeek After(DayOfWeek day, int days) => (DayOfWeek)(((int)day + days) % 7);

    private static string NameOf(DayOfWeek day) => CultureInfo.CurrentUICulture.DateTimeFormat.GetDayName(day);

    // 24:00 is the end of the day that was spoken of.
    private static string Clock(int minutes) => string.Create(CultureInfo.InvariantCulture, $"{minutes / 60:00}:{minutes % 60:00}");
}
