using System.Globalization;
using System.Text.Json;

namespace ContactCenter.Load;

/// <summary>What a figure must hold: the limits are those at the end of the architecture notes.</summary>
readonly record struct Limit(double Bound, bool AtLeast)
{
    public static Limit Min(double bound) => new(bound, AtLeast: true);

    public static Limit Max(double bound) => new(bound, AtLeast: false);

    public bool Holds(double value) => AtLeast ? value >= Bound : value <= Bound;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(AtLeast ? "≥" : "≤")} {Bound}");
}

/// <summary>The figures of one run: a table for people, and one line of JSON for machines as the very last line.</summary>
sealed class Report
{
    sealed record Figure(string Key, string What, double Value, string Unit, Limit? Limit);

    readonly List<Figure> figures = [];

    /// <summary>Every figure with a limit holds it.</summary>
    public bool Holds => figures.TrueForAll(figure => figure.Limit is not { } limit || limit.Holds(figure.Value));

    /// <summary>What the figures were taken on.</summary>
    public string Machine { get; set; } = "";

    public void Add(string key, string what, double value, string unit, Limit? limit = null) =>
        figures.Add(new(key, what, value, unit, limit));

    /// <summary>A line of progress; kept off standard output, which is the report.</summary>
    public static void Say(FormattableString line) =>
        Console.Error.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    public void Print()
    {
        var width = figures.Max(figure => figure.What.Length);
        Console.WriteLine(Machine);
        Console.WriteLine();
        Console.WriteLine($"{"what".PadRight(width)}  {"figure",10}  {"unit",-8}  {"limit",-8}  holds");
        foreach (var (_, what, value, unit, limit) in figures)
        {
            var verdict = limit is { } bound ? bound.Holds(value) ? "yes" : "NO" : "";
            Console.WriteLine($"{what.PadRight(width)}  {Show(value),10}  {unit,-8}  {limit?.ToString() ?? "",-8}  {verdict}");
        }
        Console.WriteLine();
        Console.WriteLine(JsonSerializer.Serialize(figures.ToDictionary(
            figure => figure.Key,
            figure => double.IsFinite(figure.Value) ? Math.Round(figure.Value, 3) : (double?)null,
            StringComparer.Ordinal)));
    }

    static string Show(double value) => value.ToString(
        Math.Abs(value) switch { >= 1000 => "N0", >= 100 => "F0", >= 10 => "F1", _ => "F2" }, CultureInfo.InvariantCulture);
}
