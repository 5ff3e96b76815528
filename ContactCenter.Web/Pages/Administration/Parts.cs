using ContactCenter.Storage;

namespace ContactCenter.Pages.Administration;

/// <summary>What <c>_Checks.cshtml</c> shows: several of a list can be chosen.</summary>
public sealed record Checks(string Name, string Legend, IReadOnlyList<Choice> Choices, IReadOnlyCollection<Guid> Chosen)
{
    public string? Hint { get; init; }
    public string? Error { get; init; }
    public string? Css { get; init; }
}

/// <summary>What <c>_Conflict.cshtml</c> shows.</summary>
/// <param name="Differences">Each field that differs, as it is saved now and as typed here.</param>
/// <param name="Back">Where theirs is.</param>
public sealed record Conflict(IReadOnlyList<(string Label, string Theirs, string Mine)> Differences, string Back)
{
    /// <summary>The lines in which the two differ; both in the same order.</summary>
    public static Conflict Of(IEnumerable<(string Label, string Text)> theirs, IEnumerable<(string Label, string Text)> mine, string back) =>
        new([.. theirs.Zip(mine, (saved, typed) => (saved.Label, saved.Text, typed.Text)).Where(line => line.Item2 != line.Item3)], back);
}

/// <summary>What <c>_Pager.cshtml</c> shows: the way through a table of several pages.</summary>
/// <param name="Page">From 1.</param>
/// <param name="Address">The address of a page.</param>
public sealed record Pager(int Page, bool More, Func<int, string> Address);

/// <summary>Reads what stands in an address.</summary>
public static class Addresses
{
    /// <summary>What was searched for; nonsense is nothing.</summary>
    public static string Query(string? typed) =>
        typed?.Trim() is { Length: <= 100 } text && !text.Contains('\0', StringComparison.Ordinal) ? text : "";

    /// <summary>An address with those of the parameters that say something.</summary>
    public static string With(string path, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var query = new List<string>();
        foreach (var (name, value) in parameters)
            if (!string.IsNullOrEmpty(value)) query.Add($"{name}={Uri.EscapeDataString(value)}");
        return query.Count == 0 ? path : $"{path}?{string.Join('&', query)}";
    }
}
