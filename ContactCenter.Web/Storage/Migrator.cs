using System.Reflection;
using Npgsql;

namespace ContactCenter.Storage;

/// <summary>
/// Applies the numbered SQL files in <c>Migrations/</c>, each once and forward only. A session lock makes nodes that
/// start together take turns.
/// </summary>
public sealed partial class Migrator(NpgsqlDataSource source, ILogger<Migrator> log)
{
    // Any fixed number, the same on every node.
    private const long Lock = 5_014_201_811;

    /// <summary>Every migration of this build, in order.</summary>
    public static IReadOnlyList<Migration> All { get; } = Load();

    public async Task ApplyAsync(CancellationToken cancel = default)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await ExecuteAsync(connection, $"select pg_advisory_lock({Lock})", cancel);
        try
        {
            await ExecuteAsync(connection, """
                create table if not exists schema_migrations (
                    number integer primary key, name text not null, applied_at timestamptz not null default now())
                """, cancel);
            foreach (var migration in await PendingAsync(connection, cancel)) await ApplyAsync(connection, migration, cancel);
        }
        finally
        {
            await ExecuteAsync(connection, $"select pg_advisory_unlock({Lock})", CancellationToken.None);
        }
    }

    /// <summary>What this build brings and the database has not applied yet.</summary>
    public async Task<IReadOnlyList<Migration>> PendingAsync(CancellationToken cancel = default)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        return await PendingAsync(connection, cancel);
    }

    private static async Task<IReadOnlyList<Migration>> PendingAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select number from schema_migrations", connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var applied = new HashSet<int>();
        while (await reader.ReadAsync(cancel)) applied.Add(reader.GetInt32(0));
        return [.. All.Where(migration => !applied.Contains(migration.Number))];
    }

    private async Task ApplyAsync(NpgsqlConnection connection, Migration migration, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await ExecuteAsync(connection, migration.Sql, cancel);
        await using var record = new NpgsqlCommand(
            "insert into schema_migrations (number, name) values ($1, $2)", connection, transaction)
        {
            Parameters = { new() { Value = migration.Number }, new() { Value = migration.Name } },
        };
        await record.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
        LogApplied(migration.Name);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static List<Migration> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        const string prefix = "ContactCenter.Storage.Migrations.";
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
                .Select(name => Read(assembly, name, name[prefix.Length..^".sql".Length]))
                .OrderBy(migration => migration.Number),
        ];
    }

    private static Migration Read(Assembly assembly, string resource, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return new Migration(int.Parse(name.Split('_')[0]), name, reader.ReadToEnd());
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Migration {Name} applied")]
    private partial void LogApplied(string name);
}

/// <param name="Number">The order; a number is never used twice.</param>
public sealed record Migration(int Number, string Name, string Sql);
