using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;

namespace ContactCenter.Hosting;

/// <param name="Binaries">Folder holding <c>bin/postgres</c>; null looks for the npm package in node_modules.</param>
/// <param name="Durable">False gives up safety against a crash of the machine for speed: only for data nobody keeps.</param>
/// <param name="MaxConnections">How many connections the server accepts.</param>
public sealed record EmbeddedPostgresOptions(string? Binaries = null, bool Durable = true, int MaxConnections = 200);

/// <summary>
/// A PostgreSQL server of this process's own, on a private data folder. <c>pg_ctl</c> gives the server its own
/// session, so that a terminal's Ctrl+C reaches the application first and the application stops the server. A server
/// that outlived a killed application is adopted when it answers with today's settings, and replaced otherwise.
/// </summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    public const string DefaultDatabase = "contactcenter";
    private const string Superuser = "contactcenter";
    // Crash recovery of a busy server may take minutes; pg_ctl notices at once when the server gives up.
    private const int StartSeconds = 600;
    private const int StopSeconds = 60;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly FolderLock folderLock;
    private readonly EmbeddedPostgresOptions options;
    private readonly PostgresTools tools;
    private readonly string folder;
    private readonly string stateFile;
    private Credentials credentials = new("", 0);
    private bool stopped;

    private EmbeddedPostgres(string dataDirectory, EmbeddedPostgresOptions options, PostgresTools tools, FolderLock folderLock)
    {
        DataDirectory = dataDirectory;
        folder = Path.Combine(dataDirectory, "postgres");
        stateFile = Path.Combine(dataDirectory, "postgres.json");
        this.options = options;
        this.tools = tools;
        this.folderLock = folderLock;
    }

    public string DataDirectory { get; }

    public int Port => credentials.Port;

    private string Cluster => Path.Combine(folder, "data");
    private string PidFile => Path.Combine(Cluster, "postmaster.pid");
    private string ConfigurationFile => Path.Combine(Cluster, "postgresql.conf");
    private string StartLog => Path.Combine(folder, "start.log");

    /// <summary>Starts or adopts the server of a data folder, creating what is missing.</summary>
    /// <exception cref="StartupException">The folder is in use, binaries are missing, or the server does not start.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(
        string dataDirectory, EmbeddedPostgresOptions? options = null, CancellationToken cancel = default)
    {
        options ??= new EmbeddedPostgresOptions();
        dataDirectory = Path.GetFullPath(dataDirectory);
        var taken = FolderLock.Take(dataDirectory);
        try
        {
            var programs = await PostgresTools.PrepareAsync(dataDirectory, options.Binaries, cancel);
            var server = new EmbeddedPostgres(dataDirectory, options, programs, taken);
            server.credentials = server.LoadCredentials();
            await server.InitialiseAsync(cancel);
            if (!await server.AdoptAsync(cancel)) await server.StartServerAsync(cancel);
            await server.EnsureDatabaseAsync(cancel);
            return server;
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    public string ConnectionString(string database = DefaultDatabase) => Describe(database).ConnectionString;

    /// <summary>Starts the server again, at its port, where it has ended and not by us; says whether it had.</summary>
    /// <exception cref="StartupException">It does not start; it may a moment later, when what it left behind has ended too.</exception>
    public async Task<bool> RestartAsync(CancellationToken cancel)
    {
        if (stopped || IsRunning()) return false;
        var result = await LaunchAsync(cancel);
        return result.ExitCode == 0 ? true : throw DidNotStart(result);
    }

    /// <summary>Stops the server cleanly: clients are disconnected, everything is written, then it ends.</summary>
    public async ValueTask DisposeAsync()
    {
        if (stopped) return;
        stopped = true;
        await StopServerAsync(CancellationToken.None);
        folderLock.Dispose();
    }

    private NpgsqlConnectionStringBuilder Describe(string database) => new()
    {
        Host = IPAddress.Loopback.ToString(),
        Port = credentials.Port,
        Username = Superuser,
        Password = credentials.Password,
        Database = database,
    };

    private Credentials LoadCredentials()
    {
        if (File.Exists(stateFile)) return JsonSerializer.Deserialize<Credentials>(File.ReadAllText(stateFile))!;
        if (Directory.Exists(Cluster))
        {
            throw new StartupException(
                $"{stateFile} holds the password of the database in {Cluster} and is missing. Put it back, or move the folder away to start empty.");
        }

        return Save(new Credentials(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)), 0));
    }

    private Credentials Save(Credentials value)
    {
        PrivateFile.Write(stateFile, JsonSerializer.Serialize(value, Indented));
        return credentials = value;
    }

    // Built beside its place and moved there, so that an interrupted initdb is never taken for a database.
    private async Task InitialiseAsync(CancellationToken cancel)
    {
        if (Directory.Exists(Cluster)) return;
        var unfinished = Path.Combine(folder, "data.new");
        var passwordFile = Path.Combine(folder, "password.new");
        if (Directory.Exists(unfinished)) Directory.Delete(unfinished, recursive: true);
        PrivateFile.Write(passwordFile, credentials.Password);
        await tools.GiveToServerUserAsync(passwordFile, cancel);
        string[] arguments =
        [
            "--pgdata", unfinished, "--username", Superuser, "--pwfile", passwordFile, "--auth", "scram-sha-256",
            "--encoding", "UTF8", "--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8",
            "--no-instructions", .. options.Durable ? Array.Empty<string>() : ["--no-sync"],
        ];
        var result = await tools.RunAsync("initdb", arguments, cancel);
        File.Delete(passwordFile);
        if (result.ExitCode != 0) throw new StartupException($"The database could not be created in {folder}: {result.Output}");
        Directory.Move(unfinished, Cluster);
    }

    private async Task<bool> AdoptAsync(CancellationToken cancel)
    {
        if (!File.Exists(PidFile)) return false;
        var lines = await File.ReadAllLinesAsync(PidFile, cancel);
        if (lines.Length == 0 || !int.TryParse(lines[0], out var pid) || !PostgresTools.IsServer(pid))
        {
            // The server would refuse to start when its old number now belongs to another program of the same user.
            File.Delete(PidFile);
            return false;
        }

        if (lines.Length > 3 && int.TryParse(lines[3], out var port)
            && await File.ReadAllTextAsync(ConfigurationFile, cancel) == Configuration(port)
            && await AnswersAsync(port, cancel))
        {
            return true;
        }

        await StopServerAsync(cancel);
        return false;
    }

    private async Task<bool> AnswersAsync(int port, CancellationToken cancel)
    {
        credentials = credentials with { Port = port };
        try
        {
            await using var connection = await ConnectAsync(cancel);
            await using var command = new NpgsqlCommand("show data_directory", connection);
            return await command.ExecuteScalarAsync(cancel) is string directory && directory == Cluster;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            return false;
        }
    }

    private async Task StartServerAsync(CancellationToken cancel)
    {
        const int attempts = 3;
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort(credentials.Port);
            await File.WriteAllTextAsync(ConfigurationFile, Configuration(port), cancel);
            PrivateFile.LetServerUserRead(ConfigurationFile);
            var result = await LaunchAsync(cancel);
            if (result.ExitCode == 0)
            {
                Save(credentials with { Port = port });
                return;
            }

            // Another program may have taken the port between looking and starting.
            if (attempt < attempts && Said().Contains("could not bind", StringComparison.Ordinal)) continue;
            throw DidNotStart(result);
        }
    }

    private Task<PostgresTools.Result> LaunchAsync(CancellationToken cancel)
    {
        File.Delete(StartLog);
        return tools.RunAsync(
            "pg_ctl", ["start", "--silent", "--wait", "--timeout", $"{StartSeconds}", "--pgdata", Cluster, "--log", StartLog], cancel);
    }

    private string Said() => File.Exists(StartLog) ? File.ReadAllText(StartLog) : "";

    private StartupException DidNotStart(PostgresTools.Result result) =>
        new($"The embedded PostgreSQL did not start. {result.Output}\n{Said()}\nIts data and logs are in {folder}.");

    private bool IsRunning() =>
        File.Exists(PidFile) && int.TryParse(File.ReadLines(PidFile).FirstOrDefault(), out var pid) && PostgresTools.IsServer(pid);

    private async Task StopServerAsync(CancellationToken cancel)
    {
        foreach (var mode in new[] { "fast", "immediate" })
        {
            var result = await tools.RunAsync(
                "pg_ctl", ["stop", "--silent", "--wait", "--timeout", $"{StopSeconds}", "--mode", mode, "--pgdata", Cluster], cancel);
            if (result.ExitCode == 0 || !File.Exists(PidFile)) return;
        }
    }

    private async Task EnsureDatabaseAsync(CancellationToken cancel)
    {
        await using var connection = await ConnectAsync(cancel);
        await using var exists = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection)
        {
            Parameters = { new() { Value = DefaultDatabase } },
        };
        if (await exists.ExecuteScalarAsync(cancel) is not null) return;
        await using var create = new NpgsqlCommand($"create database {DefaultDatabase}", connection);
        await create.ExecuteNonQueryAsync(cancel);
    }

    private async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancel)
    {
        var description = Describe("postgres");
        description.Pooling = false;
        description.Timeout = 5;
        var connection = new NpgsqlConnection(description.ConnectionString);
        await connection.OpenAsync(cancel);
        return connection;
    }

    /// <summary>The last port when it is free, so that a saved psql command line stays right; any free one otherwise.</summary>
    private static int FreePort(int preferred)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, preferred);
            probe.Start();
            return ((IPEndPoint)probe.LocalEndpoint).Port;
        }
        catch (SocketException) when (preferred != 0)
        {
            return FreePort(0);
        }
    }

    // Terse errors keep DETAIL out of the log: it quotes whole rows, and with them what people wrote.
    private string Configuration(int port) => $"""
        # Written by ContactCenter at every start. Your own settings: ALTER SYSTEM SET ... (postgresql.auto.conf).
        listen_addresses = '127.0.0.1'
        port = {port}
        unix_socket_directories = ''
        password_encryption = 'scram-sha-256'
        max_connections = {options.MaxConnections}
        shared_buffers = 128MB
        work_mem = 8MB
        maintenance_work_mem = 64MB
        random_page_cost = 1.1
        jit = off
        max_wal_size = 1GB
        checkpoint_completion_target = 0.9
        {(options.Durable ? "synchronous_commit = on" : "fsync = off\nfull_page_writes = off\nsynchronous_commit = off")}
        timezone = 'UTC'
        log_timezone = 'UTC'
        logging_collector = on
        log_directory = '../log'
        log_filename = 'postgres-%a.log'
        log_rotation_age = 1d
        log_rotation_size = 0
        log_truncate_on_rotation = on
        log_error_verbosity = terse

        """;

    private sealed record Credentials(string Password, int Port);
}
