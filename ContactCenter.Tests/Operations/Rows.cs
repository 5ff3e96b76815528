using Npgsql;

namespace ContactCenter.Tests.Operations;

/// <summary>Everything a database holds, as one line for each table and sequence: how many rows, and their digest.</summary>
static class Rows
{
    private const string Names = """
        select case n.nspname when 'public' then '' else quote_ident(n.nspname) || '.' end || quote_ident(c.relname)
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ('public', 'docs') and c.relkind = any($1) order by 1
        """;

    public static async Task<SortedDictionary<string, string>> ReadAsync(string connectionString)
    {
        var rows = new SortedDictionary<string, string>(StringComparer.Ordinal);
        // Without a pool: the server may be stopped next.
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false });
        foreach (var table in await ListAsync(source, ['r']))
            rows[table] = await OneAsync(source, $"""select count(*) || ' ' || coalesce(md5(string_agg(t::text, E'\n' order by t::text collate "C")), '') from {table} t""");
        foreach (var sequence in await ListAsync(source, ['S'])) rows[sequence] = await OneAsync(source, $"""select last_value || ' ' || is_called from {sequence}""");
        return rows;
    }

    /// <summary>How many rows that line says there are.</summary>
    public static int Count(string line) => int.Parse(line.Split(' ')[0]);

    /// <summary>Names as SQL writes them, of documents with their schema.</summary>
    public static async Task<IReadOnlyList<string>> ListAsync(NpgsqlDataSource source, char[] kinds)
    {
        await using var command = source.CreateCommand(Names);
        command.Parameters.AddWithValue(NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.InternalChar, kinds);
        await using var reader = await command.ExecuteReaderAsync();
        var names = new List<string>();
        while (await reader.ReadAsync()) names.Add(reader.GetString(0));
        return names;
    }

    private static async Task<string> OneAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
