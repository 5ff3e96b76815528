using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ContactCenter.Tests.Operations;

/// <summary>A new version started on a company's data as the version before left it.</summary>
[Trait(Runs.Trait, Runs.Rehearsal)]
public sealed class UpgradeTests
{
    [Fact]
    public async Task What_the_version_before_stored_is_there_after_the_upgrade()
    {
        var server = await PostgresServer.SharedAsync();
        using var folder = new TemporaryFolder();
        await using var today = await server.CreateDatabaseAsync();
        await using var company = await Company.FoundAsync(new(StringComparer.Ordinal)
        {
            ["ConnectionStrings__Postgres"] = today.ConnectionString,
            ["ContactCenter__DataDirectory"] = folder.Path,
        });
        await company.WorkAsync();
        await company.StopAsync();

        // The day before the last migration, with all of the data that had a place then.
        await using var before = await server.CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(before.ConnectionString);
        await MigrateToTheOneBeforeAsync(source);
        await using var from = NpgsqlDataSource.Create(today.ConnectionString);
        await CopyAsync(from, source);
        var columns = await ColumnsAsync(source);
        // What the migration does away with is looked for no more.
        foreach (var (table, kept) in await ColumnsAsync(from, 'r', 'v'))
            if (columns.TryGetValue(table, out var there)) there.RemoveAll(column => !kept.Contains(column, StringComparer.Ordinal));
        var rows = await ReadAsync(source, columns);
        Assert.True(rows["messages"].Count > 5 && rows["users"].Count >= 5, "there is something to upgrade");
        Assert.Same(Migrator.All[^1], Assert.Single(await new Migrator(source, NullLogger<Migrator>.Instance).PendingAsync()));

        await company.StartAsync(("ConnectionStrings__Postgres", before.ConnectionString));

        Assert.Empty(await new Migrator(source, NullLogger<Migrator>.Instance).PendingAsync());
        // What a running application goes on writing by itself is compared by what people did instead.
        foreach (var table in columns.Keys.Except(["schema_migrations", "job_records", "outbox", "agents"], StringComparer.Ordinal))
            Assert.Equal(rows[table], (await ReadAsync(source, new(StringComparer.Ordinal) { [table] = columns[table] }))[table], StringComparer.Ordinal);
        await company.PeopleFindEverythingAsync();
        await company.WorkGoesOnAsync();
    }

    private static async Task MigrateToTheOneBeforeAsync(NpgsqlDataSource source)
    {
        await using var ledger = source.CreateCommand("create table schema_migrations (number integer primary key, name text not null, applied_at timestamptz not null default now())");
        await ledger.ExecuteNonQueryAsync();
        foreach (var migration in Migrator.All.SkipLast(1))
        {
            await using var apply = source.CreateCommand(migration.Sql);
            await apply.ExecuteNonQueryAsync();
            await using var record = source.CreateCommand($"insert into schema_migrations (number, name) values ({migration.Number}, '{migration.Name}')");
            await record.ExecuteNonQueryAsync();
        }
    }

    // As a superuser's copy is made: what refers to another may come before it.
    private static async Task CopyAsync(NpgsqlDataSource from, NpgsqlDataSource to)
    {
        await using var reading = await from.OpenConnectionAsync();
        await using var writing = await to.OpenConnectionAsync();
        await using (var trusting = new NpgsqlCommand("set session_replication_role = replica", writing)) await trusting.ExecuteNonQueryAsync();
        // What is a table in one version may be a view of the same name in the next.
        var there = await ColumnsAsync(from, 'r', 'v');
        foreach (var (table, columns) in await ColumnsAsync(to))
        {
            if (table == "schema_migrations" || !there.TryGetValue(table, out var known)) continue;
            foreach (var gone in columns.Except(known, StringComparer.Ordinal))
            {
                await using var empty = new NpgsqlCommand($"alter table {table} alter column \"{gone}\" drop not null", writing);
                await empty.ExecuteNonQueryAsync();
            }
            var list = string.Join(", ", columns.Intersect(known, StringComparer.Ordinal).Select(column => $"\"{column}\""));
            await using var source = await reading.BeginRawBinaryCopyAsync($"copy (select {list} from {table}) to stdout (format binary)");
            await using var target = await writing.BeginRawBinaryCopyAsync($"copy {table} ({list}) from stdin (format binary)");
            await source.CopyToAsync(target);
        }

        foreach (var sequence in await Rows.ListAsync(to, ['S']))
        {
            await using var last = from.CreateCommand($"select coalesce((select last_value from pg_sequences where sequencename = '{sequence}'), 1)");
            await using var set = to.CreateCommand($"select setval('{sequence}', {await last.ExecuteScalarAsync()})");
            await set.ExecuteScalarAsync();
        }
    }

    private static async Task<SortedDictionary<string, List<string>>> ReadAsync(NpgsqlDataSource source, SortedDictionary<string, List<string>> columns)
    {
        var rows = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var (table, names) in columns)
            rows[table] = await ListAsync(source, $"select row({string.Join(", ", names.Select(name => $"\"{name}\""))})::text from {table} order by 1");
        return rows;
    }

    private static async Task<SortedDictionary<string, List<string>>> ColumnsAsync(
        NpgsqlDataSource source, params char[] kinds)
    {
        var columns = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var table in await Rows.ListAsync(source, kinds is [] ? ['r'] : kinds))
            columns[table] = await ListAsync(source, $"""
                select attname::text from pg_attribute
                where attrelid = '{table}'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
                order by attnum
                """);
        return columns;
    }

    private static async Task<List<string>> ListAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var list = new List<string>();
        while (await reader.ReadAsync()) list.Add(reader.GetString(0));
        return list;
    }
}
