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

    /// <summary>Conversations given to an agent.</summary>
    public static readonly Counter<long> Assignments = Meter.CreateCounter<long>("contactcenter.assignments", "{conversation}");

    /// <summary>How long those conversations had waited.</summary>
    public static readonly Histogram<double> Waited = Meter.CreateHistogram<double>("contactcenter.waited", "s");

    /// <summary>Open event streams, by side.</summary>
    public static readonly UpDownCounter<long> Streams = Meter.CreateUpDownCounter<long>("contactcenter.streams", "{stream}");

    public static readonly KeyValuePair<string, object?> FromContact = new("author", "contact");
    public static readonly KeyValuePair<string, object?> FromAgent = new("author", "agent");
    public static readonly KeyValuePair<string, object?> OfContact = new("side", "contact");
    public static readonly KeyValuePair<string, object?> OfStaff = new("side", "staff");
}
