using ContactCenter.Hosting;
using Npgsql;

namespace ContactCenter.Load.Growth;

/// <summary>How much an installation has behind it, and the work of its day, which does not grow with it.</summary>
sealed record Size(int Conversations, int Open, int Day);

/// <summary>Makes databases that look as if people had worked with them for days, or for years.</summary>
static class Archive
{
    static readonly string[] Filled = ["contacts", "annotations", "conversations", "messages", "ledger"];

    /// <summary>A database of that size; returns how to reach it.</summary>
    public static async Task<string> Make(EmbeddedPostgres server, string name, Size size)
    {
        await using (var postgres = await Open(server.ConnectionString("postgres")))
            await Do(postgres, $"create database {name}");
        var connectionString = server.ConnectionString(name);
        await House.Furnish(connectionString);

        await using var connection = await Open(connectionString);
        var indexes = await Indexes(connection);
        // Nobody else looks: references hold by the way the rows are made, and an index is built in one go at the end.
        await Do(connection, "set session_replication_role = replica; set maintenance_work_mem = '1GB'");
        foreach (var (index, _) in indexes) await Do(connection, $"drop index {index}");
        await Do(connection, Sql("archive", ("total", size.Conversations), ("open", size.Open), ("day", size.Day)));
        // The most by far: both cores at once.
        var first = (int)await One(connection, "select min(ticket) - 1 from conversations");
        await Task.WhenAll(Enumerable.Range(0, 2).Select(async half =>
        {
            await using var second = await Open(connectionString);
            await Do(second, "set session_replication_role = replica");
            await Do(second, Sql("messages", ("after", first + size.Conversations / 2 * half), ("until", first + size.Conversations / 2 * (half + 1))));
        }));
        foreach (var (_, definition) in indexes) await Do(connection, definition);
        // As autovacuum would have left it, and nothing more for it to do meanwhile.
        await Do(connection, "vacuum (freeze, analyze)");
        await Do(connection, "checkpoint");
        return connectionString;
    }

    static async Task<NpgsqlConnection> Open(string connectionString)
    {
        var connection = new NpgsqlConnection($"{connectionString};Pooling=false;Command Timeout=1800");
        await connection.OpenAsync();
        return connection;
    }

    static async Task Do(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    static async Task<long> One(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    // Keys stay: rows come in their order.
    static async Task<List<(string Name, string Definition)>> Indexes(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("""
            select indexname, indexdef from pg_indexes
            where schemaname = 'public' and tablename = any($1) and not exists (select from pg_constraint where conname = indexname)
            """, connection);
        command.Parameters.Add(new() { Value = Filled });
        await using var reader = await command.ExecuteReaderAsync();
        var indexes = new List<(string, string)>();
        while (await reader.ReadAsync()) indexes.Add((reader.GetString(0), reader.GetString(1)));
        return indexes;
    }

    static string Sql(string name, params (string Name, int Value)[] values)
    {
        using var reader = new StreamReader(typeof(Archive).Assembly.GetManifestResourceStream($"ContactCenter.Load.Growth.{name}.sql")!);
        return values.Aggregate(reader.ReadToEnd(), (sql, value) => sql.Replace($":{value.Name}", $"{value.Value}", StringComparison.Ordinal));
    }
}
