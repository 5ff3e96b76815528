using System.Diagnostics;
using ContactCenter.Hosting;
using ContactCenter.Tests.Support;
using Npgsql;

namespace ContactCenter.Tests.Hosting;

[Trait(Runs.Trait, Runs.Process)]
public sealed class EmbeddedPostgresTests
{
    private static readonly EmbeddedPostgresOptions Quick = new(Durable: false);

    [Theory]
    [InlineData("data")]
    [InlineData("a folder with spaces & 'quotes'")]
    public async Task What_was_written_is_there_after_a_restart(string name)
    {
        using var folder = new TemporaryFolder(name);
        await using (var first = await EmbeddedPostgres.StartAsync(folder.Path, Quick))
        {
            await Execute(first, "create table kept as select 42 as answer");
        }

        Assert.False(File.Exists(PidFile(folder.Path)), "the first server has ended");
        await using var second = await EmbeddedPostgres.StartAsync(folder.Path, Quick);
        Assert.Equal(42, await Execute(second, "select answer from kept"));
    }

    [Fact]
    public async Task The_database_speaks_unicode_and_is_version_18()
    {
        using var folder = new TemporaryFolder();
        await using var server = await EmbeddedPostgres.StartAsync(folder.Path, Quick);
        Assert.Equal("UTF8", await Execute(server, "select current_setting('server_encoding')"));
        Assert.Equal("ÑANDÚ", await Execute(server, "select upper('ñandú')"));
        Assert.Equal("18", await Execute(server, "select split_part(current_setting('server_version'), '.', 1)"));
        Assert.Equal("on", await Execute(server, "select current_setting('data_checksums')"));
    }

    [Fact]
    public async Task A_second_start_on_the_same_folder_says_who_holds_it()
    {
        using var folder = new TemporaryFolder();
        await using var server = await EmbeddedPostgres.StartAsync(folder.Path, Quick);
        var refusal = await Assert.ThrowsAsync<StartupException>(() => EmbeddedPostgres.StartAsync(folder.Path, Quick));
        Assert.Contains($"already using the data folder {folder.Path} (process {Environment.ProcessId})", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(1, await Execute(server, "select 1"));
    }

    [Fact]
    public async Task The_database_of_a_killed_application_is_adopted()
    {
        using var folder = new TemporaryFolder();
        await using var app = await AppProcess.StartAsync(Settings(folder.Path));
        await app.KillAsync();
        var left = ServerId(folder.Path);
        Assert.True(IsRunning(left), "the server outlived the application");

        await using var server = await EmbeddedPostgres.StartAsync(folder.Path);
        Assert.Equal(left, ServerId(folder.Path));
        Assert.Equal(1, await Execute(server, "select 1"));
    }

    [Fact]
    public async Task A_left_over_server_with_other_settings_is_replaced()
    {
        using var folder = new TemporaryFolder();
        await using var app = await AppProcess.StartAsync(Settings(folder.Path));
        await app.KillAsync();
        var left = ServerId(folder.Path);

        await using var server = await EmbeddedPostgres.StartAsync(folder.Path, new EmbeddedPostgresOptions(MaxConnections: 50));
        Assert.NotEqual(left, ServerId(folder.Path));
        Assert.Equal("50", await Execute(server, "show max_connections"));
    }

    [Fact]
    public async Task What_was_committed_survives_the_death_of_application_and_server()
    {
        using var folder = new TemporaryFolder();
        await using (var first = await EmbeddedPostgres.StartAsync(folder.Path)) await Execute(first, "create table kept (answer int)");
        await using var app = await AppProcess.StartAsync(Settings(folder.Path));
        await app.KillAsync();
        await using (var adopted = await EmbeddedPostgres.StartAsync(folder.Path))
        {
            await Execute(adopted, "insert into kept values (42)");
            using var kill = Process.Start("kill", ["-KILL", $"{ServerId(folder.Path)}"]);
            await kill.WaitForExitAsync();
            await Eventually.Holds("the server is dead", () => !IsRunning(ServerId(folder.Path)));
        }

        Assert.True(File.Exists(PidFile(folder.Path)), "its pid file is left behind");
        await using var server = await EmbeddedPostgres.StartAsync(folder.Path);
        Assert.Equal(42, await Execute(server, "select answer from kept"));
    }

    [Fact]
    public async Task A_database_that_somebody_kills_is_started_again_and_the_application_goes_on()
    {
        using var folder = new TemporaryFolder();
        await using var app = await AppProcess.StartAsync(Settings(folder.Path));
        using var http = new HttpClient { BaseAddress = await app.Address() };
        // It listens before it has started wholly.
        await Eventually.Holds("the start is over", () => app.Output.Contains("First step", StringComparison.Ordinal));
        var killed = ServerId(folder.Path);
        using var kill = Process.Start("kill", ["-KILL", $"{killed}"]);
        await kill.WaitForExitAsync();
        await Eventually.Holds("the server is dead", () => !IsRunning(killed));
        await Eventually.Holds("the application has its database again", async () => (await http.GetAsync("/health/ready")).IsSuccessStatusCode);
        Assert.NotEqual(killed, ServerId(folder.Path));
        // The database answers before its keeper has said so.
        await Eventually.Holds("it is told", () => app.Output.Contains("was started again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pid_file_naming_another_program_does_not_stop_the_start()
    {
        using var folder = new TemporaryFolder();
        await using (await EmbeddedPostgres.StartAsync(folder.Path, Quick))
        {
        }

        await File.WriteAllTextAsync(PidFile(folder.Path), $"{Environment.ProcessId}\n");
        await using var server = await EmbeddedPostgres.StartAsync(folder.Path, Quick);
        Assert.Equal(1, await Execute(server, "select 1"));
    }

    [Fact]
    public async Task An_interrupted_first_start_is_begun_again()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "postgres", "data.new", "base"));
        await using var server = await EmbeddedPostgres.StartAsync(folder.Path, Quick);
        Assert.Equal(1, await Execute(server, "select 1"));
    }

    [Fact]
    public async Task Missing_programs_are_named()
    {
        using var folder = new TemporaryFolder();
        var options = Quick with { Binaries = Path.Combine(folder.Path, "nowhere") };
        var refusal = await Assert.ThrowsAsync<StartupException>(() => EmbeddedPostgres.StartAsync(folder.Path, options));
        Assert.Contains("ContactCenter__PostgresBinaries", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_password_is_for_the_owner_only()
    {
        if (OperatingSystem.IsWindows()) return;
        using var folder = new TemporaryFolder();
        await using var server = await EmbeddedPostgres.StartAsync(folder.Path, Quick);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder.Path, "postgres.json")));
        var guess = new NpgsqlConnectionStringBuilder(server.ConnectionString()) { Password = "guess", Pooling = false };
        await using var connection = new NpgsqlConnection(guess.ConnectionString);
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync());
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refusal.SqlState);
    }

    private static Dictionary<string, string> Settings(string folder) => new(StringComparer.Ordinal)
    {
        ["ContactCenter__DataDirectory"] = folder,
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
    };

    private static string PidFile(string folder) => Path.Combine(folder, "postgres", "data", "postmaster.pid");

    private static int ServerId(string folder) => int.Parse(File.ReadLines(PidFile(folder)).First());

    private static bool IsRunning(int pid) => PostgresTools.IsServer(pid);

    private static async Task<object?> Execute(EmbeddedPostgres server, string sql)
    {
        var settings = new NpgsqlConnectionStringBuilder(server.ConnectionString()) { Pooling = false };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
