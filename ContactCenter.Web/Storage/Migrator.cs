using System.Diagnostics;
using System.Reflection;
using Hangfire.PostgreSql;
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
            // Its own scripts, each once and forward only as well; two nodes that ran them at once would break on each
            // other.
            PostgreSqlObjectsInstaller.Install(connection, JobConnections.Schema);
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
        var began = Stopwatch.GetTimestamp();
        if (migration.Alone)
        {
            LogMoving(migration.Name);
            await RefuseBesideOthersAsync(connection, migration, cancel);
        }
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await ExecuteAsync(connection, migration.Sql, cancel);
        await using var record = new NpgsqlCommand(
            "insert into schema_migrations (number, name) values ($1, $2)", connection, transaction)
        {
            Parameters = { new() { Value = migration.Number }, new() { Value = migration.Name } },
        };
        await record.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
        LogApplied(migration.Name, Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    // A node that runs listens for what the others announce, on a connection of its own; one that starts does so later.
    private static async Task RefuseBesideOthersAsync(
        NpgsqlConnection connection, Migration migration, CancellationToken cancel)
    {
        await using var running = new NpgsqlCommand("""
            select count(*) from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid() and query ilike 'listen %'
            """, connection);
        if ((long)(await running.ExecuteScalarAsync(cancel))! > 0) throw new OlderNodeException(migration.Name);
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

    [LoggerMessage(Level = LogLevel.Information, Message = "Migration {Name} applied in {Seconds:0.0} s")]
    private partial void LogApplied(string name, double seconds);

    [LoggerMessage(
        Level = LogLevel.Information, Message = "Migration {Name} moves what is stored; much of it takes a while")]
    private partial void LogMoving(string name);
}

/// <param name="Number">The order; a number is never used twice.</param>
public sealed record Migration(int Number, string Name, string Sql)
{
    /// <summary>Nodes of the version before cannot go on with it: its first line says <c>-- alone</c>.</summary>
    public bool Alone => Sql.StartsWith("-- alone", StringComparison.Ordinal);
}

/// <summary>A migration was refused, and nothing of it done, because a node of the version before is running.</summary>
public sealed class OlderNodeException(string migration) : Exception(
    $"Migration {migration} changes what an older version needs, and a node of it is running on this database. "
    + "Stop all nodes, then start this version.");
