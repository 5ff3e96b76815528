using System.Diagnostics;

namespace ContactCenter.Load;

/// <summary>Durations in <see cref="Stopwatch"/> ticks; percentiles come from the sorted array, so they are exact.</summary>
sealed class Samples
{
    readonly List<long> ticks = [];
    readonly Lock gate = new();
    bool sorted;

    public void Add(long duration)
    {
        lock (gate)
        {
            ticks.Add(duration);
            sorted = false;
        }
    }

    public void Add(IEnumerable<long> durations)
    {
        lock (gate)
        {
            ticks.AddRange(durations);
            sorted = false;
        }
    }

    public void Clear()
    {
        lock (gate)
            ticks.Clear();
    }

    /// <summary>The duration in milliseconds below which the given share (0–1) of the samples lies; NaN without samples.</summary>
    public double Milliseconds(double share)
    {
        lock (gate)
        {
            if (ticks.Count == 0)
                return double.NaN;
            if (!sorted)
                ticks.Sort();
            sorted = true;
            var rank = (int)Math.Ceiling(share * ticks.Count) - 1;
            return ticks[Math.Max(rank, 0)] * 1000.0 / Stopwatch.Frequency;
        }
    }

    public static double Median(IEnumerable<double> values)
    {
        var ordered = values.Order().ToArray();
        return ordered.Length switch
        {
            0 => double.NaN,
            var n when n % 2 == 1 => ordered[n / 2],
            var n => (ordered[n / 2 - 1] + ordered[n / 2]) / 2,
        };
    }
}
