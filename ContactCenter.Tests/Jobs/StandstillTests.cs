using System.Diagnostics;
using ContactCenter.Hosting;
using ContactCenter.Jobs;
using ContactCenter.Load.Chaos;
using ContactCenter.Tests.Load;
using ContactCenter.Tests.Support;
using Npgsql;
using Xunit.Abstractions;

namespace ContactCenter.Tests.Jobs;

/// <summary>Two nodes as they are delivered on a PostgreSQL of their own: no job stands still for more than five
/// seconds.</summary>
[Collection(nameof(Alone))]
public sealed class StandstillTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, TimeSpan> Every =
        JobDefinition.All.Where(job => job.Shared)
            .ToDictionary(job => job.Name, job => job.Every, StringComparer.Ordinal);

    /// <summary>What a node leaves behind that dies while it schedules: its locks are rows.</summary>
    private const string Held = """
        insert into hangfire.lock (resource, updatecount, acquired)
        select 'hangfire:' || name, 0, now() at time zone 'utc'
        from unnest(array[
            'recurring-jobs:lock', 'locks:schedulepoller', 'recurring-job:AbandonmentJob', 'recurring-job:OpeningJob'
        ]) name
        on conflict (resource) do update set acquired = excluded.acquired
        """;

    [Fact, Trait(Runs.Trait, Runs.Process)]
    public async Task A_node_that_is_killed_and_a_database_that_is_restarted_hold_up_no_job()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Path);
        var data = Path.Combine(folder.Path, "database");
        var postgres = await EmbeddedPostgres.StartAsync(data);
        try
        {
            Dictionary<string, string> Settings(string node) => new(StringComparer.Ordinal)
            {
                ["ConnectionStrings__Postgres"] = postgres.ConnectionString(),
                ["ContactCenter__DataDirectory"] = Path.Combine(folder.Path, node),
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
            };
            await using var one = await AppProcess.StartAsync(Settings("one"));
            await using var other = await AppProcess.StartAsync(Settings("other"));
            await RunAsync(postgres, TimeProvider.System.GetUtcNow());
            var begin = TimeProvider.System.GetUtcNow();

            await one.KillAsync();
            await ExecuteAsync(postgres, Held);
            await RunAsync(postgres, TimeProvider.System.GetUtcNow());

            await ExecuteAsync(postgres, Held);
            var from = TimeProvider.System.GetUtcNow();
            var port = postgres.Port;
            await StopAsync(postgres, data);
            postgres = await EmbeddedPostgres.StartAsync(data);
            Assert.Equal(port, postgres.Port);
            var until = TimeProvider.System.GetUtcNow();
            await RunAsync(postgres, until);

            var end = TimeProvider.System.GetUtcNow();
            var runs = await Records.JobRuns(postgres.ConnectionString());
            var still = Standstills.Of(runs, Every, [new Span(from, until)], begin, end);
            output.WriteLine(string.Join("; ", still));
            Assert.True(runs.Count > 20, $"only {runs.Count} runs");
            Assert.True(still.All(each => each.Length <= TimeSpan.FromSeconds(5)), string.Join("; ", still));
            Assert.Equal(4, still.Count);
            // What failed meanwhile is told, but not once for each try.
            Assert.InRange(other.Output.Split('\n').Length, 1, 150);
        }
        finally
        {
            await postgres.DisposeAsync();
        }
    }

    /// <summary>Until every job has done its work since then, and those of every second some times.</summary>
    private static Task RunAsync(EmbeddedPostgres postgres, DateTimeOffset since) =>
        Eventually.Holds("every job runs", async () =>
    {
        var runs = (await Records.JobRuns(postgres.ConnectionString())).Where(run => run.At > since)
            .ToLookup(run => run.Job, StringComparer.Ordinal);
        return Every.All(job => runs[job.Key].Count() >= (job.Value.TotalSeconds > 1 ? 1 : 5));
    }, seconds: 60);

    private static async Task ExecuteAsync(EmbeddedPostgres postgres, string sql)
    {
        await using var source = NpgsqlDataSource.Create(postgres.ConnectionString() + ";Pooling=false");
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    // At once, as a machine that loses its power does.
    private static async Task StopAsync(EmbeddedPostgres postgres, string data)
    {
        var pidFile = Path.Combine(data, "postgres", "data", "postmaster.pid");
        var process = (await File.ReadAllLinesAsync(pidFile))[0];
        using (var kill = Process.Start("kill", ["-QUIT", process])) await kill.WaitForExitAsync();
        await Eventually.Holds("PostgreSQL has ended", () => !File.Exists(pidFile));
        await postgres.DisposeAsync();
    }

    [Fact]
    public void A_job_stands_still_from_when_it_was_due_or_the_database_was_back()
    {
        var nine = new DateTimeOffset(2026, 11, 30, 9, 0, 0, TimeSpan.Zero);
        DateTimeOffset At(double second) => nine.AddSeconds(second);
        var second = new Dictionary<string, TimeSpan>(StringComparer.Ordinal) { ["a"] = TimeSpan.FromSeconds(1) };
        JobRun[] runs = [new("a", At(1)), new("a", At(2)), new("a", At(10)), new("a", At(11)), new("b", At(5))];

        var plain = Assert.Single(Standstills.Of(runs, second, [], nine, At(12)));
        Assert.Equal(("a", At(3), TimeSpan.FromSeconds(7)), (plain.Job, plain.From, plain.Length));
        Assert.Equal(TimeSpan.FromSeconds(2),
            Standstills.Of(runs, second, [new Span(At(2.5), At(8))], nine, At(12))[0].Length);
        // One that never ran stood still all the time, and so did one that stopped.
        Assert.Equal(TimeSpan.FromSeconds(11), Standstills.Of([], second, [], nine, At(12))[0].Length);
        Assert.Equal(TimeSpan.FromSeconds(18), Standstills.Of(runs, second, [], nine, At(30))[0].Length);
    }
}
