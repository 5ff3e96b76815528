using Npgsql;

namespace ContactCenter.Tests.Support;

/// <summary>What is stored, table by table: how many rows, and a digest of all of them.</summary>
public sealed class Snapshot
{
    // Signs of life, counters of wrong passwords and the records of jobs change by themselves.
    private const string Fleeting = "array['seen_at', 'access_failed_count', 'lockout_end', 'concurrency_stamp', 'last_assigned_at']";
    // What is refused is counted and told of on purpose.
    private static readonly string[] Ignored = ["job_records", "data_protection_keys", "migrations", "guesses", "security_events"];

    private readonly SortedDictionary<string, string> tables = new(StringComparer.Ordinal);

    public static async Task<Snapshot> TakeAsync(App app)
    {
        await using var connection = new NpgsqlConnection(app.ConnectionString);
        await connection.OpenAsync();
        var names = new List<string>();
        await using (var list = new NpgsqlCommand("select tablename from pg_tables where schemaname = 'public' order by 1", connection))
        await using (var reader = await list.ExecuteReaderAsync())
            while (await reader.ReadAsync()) names.Add(reader.GetString(0));
        names.RemoveAll(name => Ignored.Contains(name, StringComparer.Ordinal));
        var each = names.Select(name => $"""
            select '{name}', count(*) || ' rows ' || coalesce(md5(string_agg(line, '' order by line)), '')
            from (select (to_jsonb(t) - {Fleeting})::text line from "{name}" t) rows
            """);
        var snapshot = new Snapshot();
        await using var digest = new NpgsqlCommand(string.Join(" union all ", each), connection);
        await using var lines = await digest.ExecuteReaderAsync();
        while (await lines.ReadAsync()) snapshot.tables[lines.GetString(0)] = lines.GetString(1);
        Assert.NotEmpty(snapshot.tables);
        return snapshot;
    }

    /// <summary>The tables that are not as they were.</summary>
    public IReadOnlyList<string> Since(Snapshot before) =>
        [.. tables.Where(table => before.tables.GetValueOrDefault(table.Key) != table.Value).Select(table => table.Key)];
}
