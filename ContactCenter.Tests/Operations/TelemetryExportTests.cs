using System.Text.RegularExpressions;
using ContactCenter.Tests.Support;

namespace ContactCenter.Tests.Operations;

[Trait(Runs.Trait, Runs.Rehearsal)]
public sealed partial class TelemetryExportTests
{
    [Fact]
    public async Task A_collector_is_sent_what_the_handbook_tells_to_watch_and_nothing_anybody_wrote()
    {
        var watched = Instrument().Matches(Handbook.Chapter("What to watch")).Select(match => match.Groups["name"].Value).Distinct(StringComparer.Ordinal).ToList();
        Assert.Contains("contactcenter.outbox", watched, StringComparer.Ordinal);
        Assert.Contains("http.server.request.duration", watched, StringComparer.Ordinal);
        var server = await PostgresServer.SharedAsync();
        using var folder = new TemporaryFolder();
        await using var collector = await Collector.StartAsync();
        await using var database = await server.CreateDatabaseAsync();
        await using var company = await Company.FoundAsync(new(StringComparer.Ordinal)
        {
            ["ConnectionStrings__Postgres"] = database.ConnectionString,
            ["ContactCenter__DataDirectory"] = folder.Path,
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "500",
            ["OTEL_SERVICE_NAME"] = "our-contact-centre",
        });

        await company.WorkAsync();
        await company.Lili.GetAsync("/password/reset?token=in-the-query");
        // What is left is sent when it stops.
        await company.StopAsync();

        var metrics = collector.Of("metrics");
        Assert.Equal([], watched.Where(name => !metrics.Contains(name, StringComparison.Ordinal)), StringComparer.Ordinal);
        Assert.Contains("our-contact-centre", metrics, StringComparison.Ordinal);
        var traces = collector.Of("traces");
        Assert.Contains("message.accept", traces, StringComparison.Ordinal);
        foreach (var secret in (string[])[Company.Question, Company.Reply, "He only greeted", Cast.Marta.Email, Cast.Lili.Email, company.Marta.Token!, Person.Password, "in-the-query"])
            Assert.DoesNotContain(secret, metrics + traces, StringComparison.Ordinal);
    }

    [GeneratedRegex("`(?<name>(contactcenter|http|kestrel|aspnetcore|db|dotnet)\\.[a-z_.]+)`", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Instrument();
}
