using System.Reflection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ContactCenter.Hosting;

/// <summary>
/// Sends meters and activities to a collector by OTLP when the standard <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names one; the
/// other variables of the OpenTelemetry specification hold too. Where none is named nothing is collected, and costs nothing.
/// </summary>
public static class TelemetryExport
{
    // Of the framework and the driver only what tells how this application is: requests, connections, pool, runtime.
    private static readonly string[] Meters =
    [
        Telemetry.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting",
        "Npgsql", "System.Runtime",
    ];

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is not { Length: > 0 }) return;
        var version = typeof(TelemetryExport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        builder.Services.AddOpenTelemetry()
            // The variables come last: who sets OTEL_SERVICE_NAME means it.
            .ConfigureResource(resource => resource.AddService("contactcenter", serviceVersion: version).AddEnvironmentVariableDetector())
            .WithMetrics(metrics => metrics.AddMeter(Meters).AddOtlpExporter())
            // The request's own activity is the parent of ours and bears no address, whose query may hold a secret.
            .WithTracing(traces => traces.AddSource(Telemetry.Name, "Microsoft.AspNetCore").AddOtlpExporter());
    }
}
