using System.Globalization;

namespace ContactCenter.Load.Chaos;

/// <summary>A run of a job that any node may take, when it had gone well.</summary>
sealed record JobRun(string Job, DateTimeOffset At);

/// <summary>A job that did not run though it was due.</summary>
/// <param name="Length">From when it was due, or from when the database was back.</param>
sealed record Standstill(string Job, DateTimeOffset From, TimeSpan Length)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Job} stood still for {Length.TotalSeconds:F1} s from {From:HH:mm:ss.fff}");
}

/// <summary>Finds how long jobs stood still. Pure: the same runs, the same answer.</summary>
static class Standstills
{
    /// <summary>The longest of each job, from <paramref name="begin"/> to <paramref name="end"/>.</summary>
    /// <param name="every">The jobs, each with the time from one run to the next.</param>
    /// <param name="away">While there was no database: what is due then is due when it is back.</param>
    public static IReadOnlyList<Standstill> Of(
        IEnumerable<JobRun> runs, IReadOnlyDictionary<string, TimeSpan> every, IReadOnlyList<Span> away,
        DateTimeOffset begin, DateTimeOffset end)
    {
        var known = runs.ToLookup(run => run.Job, run => run.At, StringComparer.Ordinal);
        return [.. every.Select(job => Longest(
            job.Key, job.Value, [.. known[job.Key].Where(at => at > begin && at < end).Order(), end], away, begin))];
    }

    // A second after a run the next one of a job that runs every second is in time: from then on it stands still.
    private static Standstill Longest(
        string job, TimeSpan every, IReadOnlyList<DateTimeOffset> moments, IReadOnlyList<Span> away,
        DateTimeOffset begin)
    {
        var longest = new Standstill(job, begin, TimeSpan.Zero);
        var last = begin;
        foreach (var moment in moments)
        {
            var from = last + every;
            foreach (var outage in away)
                if (outage.From <= moment && outage.Until >= from && outage.Until > from) from = outage.Until;
            if (moment - from > longest.Length) longest = new Standstill(job, from, moment - from);
            last = moment;
        }
        return longest;
    }
}
