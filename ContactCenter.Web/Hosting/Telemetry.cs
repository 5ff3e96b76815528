using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ContactCenter;

/// <summary>Activities and meters, in the form OpenTelemetry collects (System.Diagnostics). No text of messages, no names.</summary>
public static class Telemetry
{
    public const string Name = "ContactCenter";

    public static readonly ActivitySource Source = new(Name);
    public static readonly Meter Meter = new(Name);

    /// <summary>Messages stored, by who wrote them.</summary>
    public static readonly Counter<long> Messages = Meter.CreateCounter<long>("contactcenter.messages", "{message}");

    /// <summary>How many messages were committed together; 1: it came alone.</summary>
    public static readonly Histogram<int> Batch = Meter.CreateHistogram("contactcenter.messages.batch", "{message}", null, null,
        new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64] });

    /// <summary>Conversations given to an agent.</summary>
    public static readonly Counter<long> Assignments = Meter.CreateCounter<long>("contactcenter.assignments", "{conversation}");

    /// <summary>How long those conversations had waited.</summary>
    public static readonly Histogram<double> Waited = Meter.CreateHistogram<double>("contactcenter.waited", "s");

    /// <summary>Open event streams, by side.</summary>
    public static readonly UpDownCounter<long> Streams = Meter.CreateUpDownCounter<long>("contactcenter.streams", "{stream}");

    /// <summary>Seconds from what made an assignment possible to its commit.</summary>
    public static readonly Histogram<double> AssignmentLatency = Meter.CreateHistogram("contactcenter.assignment.latency", "s", null, null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5] });

    public static readonly KeyValuePair<string, object?> FromContact = new("author", "contact");
    public static readonly KeyValuePair<string, object?> FromAgent = new("author", "agent");
    public static readonly KeyValuePair<string, object?> OfContact = new("side", "contact");
    public static readonly KeyValuePair<string, object?> OfStaff = new("side", "staff");

    /// <summary>Deliveries waiting in the outbox. <paramref name="pending"/> answers from a number it keeps: readers do not wait.</summary>
    public static void ObserveOutbox(Func<long> pending) => Meter.CreateObservableGauge("contactcenter.outbox", pending, "{delivery}");
}
