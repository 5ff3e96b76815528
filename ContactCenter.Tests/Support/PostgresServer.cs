using System.Diagnostics;
using ContactCenter.Hosting;
using Npgsql;

namespace ContactCenter.Tests.Support;

/// <summary>
/// The one PostgreSQL server of a test process, started by the first test that needs it. A shell waits for the test
/// process to end, however it ends, then stops the server and removes its folder.
/// </summary>
public sealed class PostgresServer
{
    // One at a time: the first start, and copies of a template, which refuse each other.
    private static readonly SemaphoreSlim Turn = new(1);
    private static PostgresServer? shared;
    // Held for as long as the process lives: collecting it would close its input, which is the signal to clean up.
    private static Process? cleaner;

    private readonly EmbeddedPostgres server;
    private readonly HashSet<string> templates = new(StringComparer.Ordinal);
    private int databases;

    private PostgresServer(EmbeddedPostgres server) => this.server = server;

    public static async Task<PostgresServer> SharedAsync()
    {
        await Turn.WaitAsync();
        try
        {
            return shared ??= await StartAsync();
        }
        finally
        {
            Turn.Release();
        }
    }

    public string ConnectionString(string database) => server.ConnectionString(database);

    /// <summary>
    /// Makes a database that others are copied from, once a process for each name: <paramref name="fill"/> gets its
    /// connection string.
    /// </summary>
    public async Task PrepareTemplateAsync(string name, Func<string, Task> fill)
    {
        await Turn.WaitAsync();
        try
        {
            if (templates.Contains(name)) return;
            await ExecuteAsync($"drop database if exists {name}");
            await ExecuteAsync($"create database {name} template template0");
            await fill(ConnectionString(name));
            await using (var pool = new NpgsqlConnection(ConnectionString(name))) NpgsqlConnection.ClearPool(pool);
            await ExecuteAsync($"alter database {name} with allow_connections false");
            await ExecuteAsync($"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'");
            templates.Add(name);
        }
        finally
        {
            Turn.Release();
        }
    }

    /// <summary>A database of its own for a test class: empty, or a copy of a prepared template. Dropped when disposed.</summary>
    public async Task<TestDatabase> CreateDatabaseAsync(string? template = null)
    {
        var name = $"test_{Interlocked.Increment(ref databases)}";
        await Turn.WaitAsync();
        try
        {
            await ExecuteAsync($"create database {name} template {template ?? "template0"}");
        }
        finally
        {
            Turn.Release();
        }

        return new TestDatabase(this, name);
    }

    internal async Task DropAsync(string name)
    {
        await using (var pool = new NpgsqlConnection(ConnectionString(name))) NpgsqlConnection.ClearPool(pool);
        await ExecuteAsync($"drop database if exists {name} with (force)");
    }

    private static async Task<PostgresServer> StartAsync()
    {
        var folder = Path.Combine(TemporaryRoot(), $"contactcenter-tests-{Environment.ProcessId}");
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        RemoveWhenThisProcessEnds(folder);
        return new PostgresServer(await EmbeddedPostgres.StartAsync(folder, new EmbeddedPostgresOptions(Durable: false, MaxConnections: 500)));
    }

    // In memory where there is room for it: tests measure behaviour, not disks.
    private static string TemporaryRoot()
    {
        const string memory = "/dev/shm";
        const long room = 2L << 30;
        return Directory.Exists(memory) && new DriveInfo(memory).AvailableFreeSpace > room ? memory : Path.GetTempPath();
    }

    private static void RemoveWhenThisProcessEnds(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        const string script = """
            trap '' INT TERM HUP
            cat > /dev/null
            pidfile=$1/postgres/data/postmaster.pid
            kill -QUIT "$(head -n 1 "$pidfile")" 2> /dev/null
            tries=0
            while [ -e "$pidfile" ] && [ $tries -lt 200 ]; do sleep 0.05; tries=$((tries + 1)); done
            rm -rf "$1"
            """;
        // The write end of its input lives in this process alone and closes with it.
        var start = new ProcessStartInfo("sh", ["-c", script, "sh", folder])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        cleaner = Process.Start(start);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}

/// <summary>One test class's own database.</summary>
public sealed class TestDatabase(PostgresServer server, string name) : IAsyncDisposable
{
    public string Name { get; } = name;

    public string ConnectionString { get; } = server.ConnectionString(name);

    public async ValueTask DisposeAsync() => await server.DropAsync(Name);
}
