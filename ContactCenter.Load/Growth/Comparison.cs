using System.Diagnostics;
using ContactCenter.Hosting;
using Npgsql;

namespace ContactCenter.Load.Growth;

/// <summary>
/// The same questions to an installation a few days old and to one of years, whose work of today is the same: how much
/// longer they take there, and whether PostgreSQL walked through a whole table to answer. Both are asked in turn, each time
/// about somebody else, so that a drift of the machine falls on both and the pages asked for are not yet in memory.
/// </summary>
static class Comparison
{
    /// <param name="folder">Where the databases may be, for as long as it takes.</param>
    /// <param name="start">Starts the app on a database.</param>
    public static async Task Measure(string folder, Func<string, Task<Server>> start, Uri address, bool quick, Report report)
    {
        var (small, big) = quick
            ? (new Size(1_000, 100, 200), new Size(100_000, 100, 200))
            : (new Size(10_000, 1_000, 2_000), new Size(1_000_000, 1_000, 2_000));
        // Nothing in there is worth a disk's patience.
        await using var postgres = await EmbeddedPostgres.StartAsync(folder, new EmbeddedPostgresOptions(Durable: false));
        var smallDatabase = await Fill("small", small);
        var bigDatabase = await Fill("big", big);

        // What the small one may well be walked through for is not large in the big one.
        var large = big.Conversations / 5;
        var walks = await Compare(smallDatabase, bigDatabase, large, quick, report);
        walks += await Round.Walk(bigDatabase, () => start(bigDatabase), address, large);
        report.Add("growth_seq_scans", $"growth: walks through large tables, {big.Conversations:N0} conversations", walks, "", Limit.Max(0));

        async Task<string> Fill(string name, Size size)
        {
            var started = Stopwatch.GetTimestamp();
            var made = await Archive.Make(postgres, name, size);
            Report.Say($"growth: {size.Conversations:N0} conversations, {await Messages(made):N0} messages made in {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s");
            return made;
        }
    }

    static async Task<long> Compare(string smallDatabase, string bigDatabase, long large, bool quick, Report report)
    {
        await using var small = await Desk.Open(smallDatabase);
        await using var big = await Desk.Open(bigDatabase);
        var worst = new Dictionary<string, (double Ratio, double Milliseconds)>(StringComparer.Ordinal);
        var walks = 0L;
        foreach (var question in Question.All)
        {
            var (inSmall, inBig) = (new Samples(), new Samples());
            var rows = 0;
            // What is prepared after a few times has its final plan by then.
            for (var n = 0; n < 20; n++)
            {
                await Ask(small, n, new());
                await Ask(big, n, new());
            }
            var (smallBefore, before) = (await small.Reads(0), await big.Reads(large));
            var rounds = quick ? 60 : 150;
            for (var n = 20; n < 20 + rounds; n++)
            {
                if (n % 2 == 0) await Ask(small, n, inSmall);
                rows += await Ask(big, n, inBig);
                if (n % 2 != 0) await Ask(small, n, inSmall);
            }
            var (smallAfter, after) = (await small.Reads(0), await big.Reads(large));
            if (rows == 0) throw new InvalidOperationException($"“{question.What}” found nothing to measure.");

            var (fast, slow) = (inSmall.Milliseconds(0.5), inBig.Milliseconds(0.5));
            if (slow / fast > worst.GetValueOrDefault(question.Key).Ratio) worst[question.Key] = (slow / fast, slow);
            var walked = after.WalksSince(before);
            walks += walked.Values.Sum();
            Report.Say($"growth {question.Key}: {question.What}: {fast:F2} ms, {slow:F2} ms, ratio {slow / fast:F2}; rows by index {(smallAfter.Fetched - smallBefore.Fetched) / rounds}, {(after.Fetched - before.Fetched) / rounds}{Named(walked)}");

            async Task<int> Ask(Desk desk, int n, Samples samples)
            {
                var asked = Stopwatch.GetTimestamp();
                var found = await question.Ask(desk, n);
                samples.Add(Stopwatch.GetTimestamp() - asked);
                return found;
            }
        }
        foreach (var (key, (ratio, milliseconds)) in worst)
        {
            report.Add($"growth_{key}_ms", $"growth: {key}, what grew most, with all the conversations", milliseconds, "ms");
            report.Add($"growth_{key}", $"growth: {key}, a hundred times the conversations ÷ few", ratio, "×", Limit.Max(1.5));
        }
        return walks;
    }

    /// <summary>How often which tables were walked through, for a line of progress.</summary>
    public static string Named(IReadOnlyDictionary<string, long> walked) =>
        walked.Count == 0 ? "" : $"; walked through {string.Join(", ", walked.Select(table => $"{table.Key} {table.Value}×"))}";

    static async Task<long> Messages(string database)
    {
        await using var connection = new NpgsqlConnection($"{database};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select reltuples::bigint from pg_class where relname = 'messages'", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
