using System.Runtime.InteropServices;

namespace ContactCenter.Load.Chaos;

[StructLayout(LayoutKind.Auto)]
readonly record struct Span(DateTimeOffset From, DateTimeOffset Until)
{
    public TimeSpan Length => Until - From;
}

/// <summary>Sets of moments: spans in order that do not touch.</summary>
static class Times
{
    /// <summary>When at least one of them is.</summary>
    public static IReadOnlyList<Span> Union(IEnumerable<Span> spans)
    {
        var union = new List<Span>();
        foreach (var span in spans.Where(span => span.Length > TimeSpan.Zero).OrderBy(span => span.From))
            if (union.Count > 0 && span.From <= union[^1].Until)
                union[^1] = union[^1] with { Until = span.Until > union[^1].Until ? span.Until : union[^1].Until };
            else
                union.Add(span);
        return union;
    }

    /// <summary>When <paramref name="span"/> and one of <paramref name="set"/> are.</summary>
    public static IEnumerable<Span> Within(this IReadOnlyList<Span> set, Span span) =>
        from each in set
        let common = new Span(each.From > span.From ? each.From : span.From, each.Until < span.Until ? each.Until : span.Until)
        where common.Length > TimeSpan.Zero
        select common;

    /// <summary>What is left of <paramref name="span"/> when none of <paramref name="set"/> is.</summary>
    public static IEnumerable<Span> Without(this Span span, IReadOnlyList<Span> set)
    {
        var from = span.From;
        foreach (var hole in set.Within(span))
        {
            if (hole.From > from) yield return new(from, hole.From);
            from = hole.Until;
        }
        if (span.Until > from) yield return new(from, span.Until);
    }
}
