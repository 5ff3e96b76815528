using System.Diagnostics;
using System.Text.Json;
using ContactCenter.Tests.Support;

namespace ContactCenter.Tests.Load;

/// <summary>It freezes and kills processes and counts seconds: nothing else runs meanwhile.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>The short run of <c>bin/chaos</c>, as a process with nodes, database and balancer of its own.</summary>
[Collection(nameof(Alone))]
[Trait(Runs.Trait, Runs.Rehearsal)]
public sealed class ChaosTests
{
    [Fact]
    public async Task Nothing_is_lost_or_doubled_while_nodes_die_and_the_database_stops()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Path);
        var (code, report, said) = await Run(folder.Path, "--quick", "--seed", "20");

        Assert.True(report is not null, said);
        foreach (var happened in (string[])["nodes_killed", "nodes_frozen", "database_stopped", "connections_cut", "answers_lost", "requests_late", "requests_twice", "requests_delayed", "acknowledged"])
            Assert.True(report[happened] > 0, $"{happened} happened: {said}");
        Assert.Equal(20, report["seed"]);
        foreach (var broken in (string[])["lost", "doubled", "reordered", "unasked", "overfilled", "unassigned"])
            Assert.True(report[broken] == 0, $"{broken}: {said}");
        Assert.True(report["standstill_max_ms"] is > 0 and <= 5_000, $"standstill: {said}");
        Assert.True(code == 0, said);
    }

    private static async Task<(int Code, Dictionary<string, double>? Report, string Said)> Run(string folder, params string[] options)
    {
        var here = AppContext.BaseDirectory;
        var start = new ProcessStartInfo("dotnet", [Path.Combine(here, "ContactCenter.Load.dll"), "chaos", Path.Combine(here, "ContactCenter.Web.dll"), folder, .. options])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var chaos = Process.Start(start)!;
        var (output, errors) = (chaos.StandardOutput.ReadToEndAsync(), chaos.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        try
        {
            await chaos.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            chaos.Kill(entireProcessTree: true);
        }
        var last = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
        return (
            chaos.ExitCode,
            last?.StartsWith('{') == true ? JsonSerializer.Deserialize<Dictionary<string, double>>(last) : null,
            $"{await errors}\n{await output}");
    }
}
