using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Weasel.Postgresql;
using Migrator = ContactCenter.Storage.Migrator;
using SchemaMigration = Weasel.Core.SchemaMigration;
using SchemaPatchDifference = Weasel.Core.SchemaPatchDifference;

namespace ContactCenter.Tests.Storage;

public sealed class SchemaTests
{
    /// <summary>table.column type null|not null, for everything a migrated database has.</summary>
    private const string SchemaSql = """
        select c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
               || case when a.attnotnull then ' not null' else '' end
        from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'public' and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
          and c.relname <> 'schema_migrations'
        """;

    [Fact]
    public async Task The_model_and_the_migrated_schema_agree_column_by_column()
    {
        await using var database = await Template.DatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        var schema = await LinesAsync(source, SchemaSql);

        var options = new DbContextOptionsBuilder<Database>().UseNpgsql(source).Options;
        await using var context = new Database(options);
        var model = context.Model.GetRelationalModel().Tables
            .SelectMany(table => table.Columns.Where(column => column.Name != "xmin"), Describe)
            .ToHashSet(StringComparer.Ordinal);

        Assert.True(schema.Count > 100, "The schema was read.");
        Assert.Empty(model.Except(schema, StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Assert.Empty(schema.Except(model, StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_documents_are_stored_as_they_are_configured()
    {
        await using var database = await Template.DatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        using var store = Documents.Open(source);
        await using var connection = await source.OpenConnectionAsync();
        foreach (var document in Documents.All)
        {
            var objects = store.Options.Storage.FindFeature(document).Objects;
            Assert.NotEmpty(objects);
            var migration = await SchemaMigration.DetermineAsync(connection, default, objects);
            Assert.True(
                migration.Difference == SchemaPatchDifference.None,
                $"{document.Name}: {string.Join('\n', migration.Deltas)}");
        }
        // Nothing is there that is no document, and each is read by its former name.
        var tables = await LinesAsync(source, """
            select relname from pg_class c join pg_namespace n on n.oid = relnamespace
            where nspname = 'docs' and relkind = 'r'
            """);
        var names = Documents.All.Select(type => $"mt_doc_{type.Name.ToLowerInvariant()}");
        Assert.Equal(names.ToHashSet(StringComparer.Ordinal), tables);
    }

    [Fact]
    public async Task What_would_break_a_running_node_of_the_version_before_is_refused_and_changes_nothing()
    {
        var server = await PostgresServer.SharedAsync();
        await using var database = await server.CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await using var older = await source.OpenConnectionAsync();
        await using (var listen = new NpgsqlCommand("listen announcements", older)) await listen.ExecuteNonQueryAsync();
        var migrator = new Migrator(source, NullLogger<Migrator>.Instance);

        var refused = await Assert.ThrowsAsync<OlderNodeException>(() => migrator.ApplyAsync());
        Assert.Contains("Stop all nodes", refused.Message);
        Assert.Equal(Migrator.All.First(migration => migration.Alone), (await migrator.PendingAsync())[0]);

        await older.CloseAsync();
        NpgsqlConnection.ClearPool(older);
        await Eventually.Holds("the older node is gone", async () =>
            (await LinesAsync(source, """
                select pid::text from pg_stat_activity
                where datname = current_database() and query ilike 'listen %' and pid <> pg_backend_pid()
                """)).Count == 0);
        await migrator.ApplyAsync();
        Assert.Empty(await migrator.PendingAsync());
    }

    [Fact]
    public async Task Nodes_that_start_together_migrate_once()
    {
        var server = await PostgresServer.SharedAsync();
        await using var database = await server.CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ =>
            new Migrator(source, NullLogger<Migrator>.Instance).ApplyAsync()));

        var applied = await LinesAsync(source, "select number::text from schema_migrations");
        Assert.Equal(Migrator.All.Count, applied.Count);
        Assert.Contains("job",
            await LinesAsync(source, "select tablename from pg_tables where schemaname = 'hangfire'"));
        Assert.Empty(await new Migrator(source, NullLogger<Migrator>.Instance).PendingAsync());
    }

    [Fact]
    public void Migrations_are_numbered_in_their_order_each_number_once()
    {
        var numbers = Migrator.All.Select(migration => migration.Number).ToList();
        Assert.Equal(1, numbers[0]);
        Assert.Equal(numbers.Distinct().Order(), numbers);
    }

    private static string Describe(ITable table, IColumn column) =>
        $"{table.Name}.{column.Name} {column.StoreType}{(column.IsNullable ? "" : " not null")}";

    private static async Task<HashSet<string>> LinesAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync()) lines.Add(reader.GetString(0));
        return lines;
    }
}
