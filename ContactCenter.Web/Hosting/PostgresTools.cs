using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace ContactCenter.Hosting;

/// <summary>
/// The programs of the embedded PostgreSQL: finds them, makes them usable where npm left out install scripts, and
/// runs them, for root under an account of their own because PostgreSQL refuses to be root.
/// </summary>
internal sealed class PostgresTools
{
    private const string Root = "0";
    // Linux's user for what should own nothing.
    private const string Nobody = "65534";
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(60);
    private static readonly string[] Platforms = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64", "windows-x64"];

    private readonly string? serverUser;
    private string native;

    private PostgresTools(string native, string? serverUser)
    {
        this.native = native;
        this.serverUser = serverUser;
    }

    private static string Platform => (OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux")
        + "-" + RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();

    private static string ServerProgram => OperatingSystem.IsWindows() ? "postgres.exe" : "postgres";

    /// <summary>Finds the programs and makes the folder <c>postgres</c> in the data folder, owned by the server's user.</summary>
    public static async Task<PostgresTools> PrepareAsync(string dataDirectory, string? binaries, CancellationToken cancel)
    {
        var found = Find(binaries);
        var folder = Path.Combine(dataDirectory, "postgres");
        var user = Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows() ? await ServerUserAsync(folder, cancel) : null;
        var tools = new PostgresTools(found, user);
        PrivateFile.CreateFolder(folder);
        if (user is not null && await MustBeGivenAsync(folder, user, cancel)) await tools.GiveToServerUserAsync(folder, cancel);
        PrivateFile.CloseFolder(folder);

        if (user is not null) await LetPassAsync(dataDirectory, user, cancel);
        await tools.RequireReachableAsync(folder, cancel);
        if (!TryCompleteLinks(found) || !await tools.CanUseAsync(Path.Combine(found, "bin", ServerProgram), cancel))
        {
            tools.native = await CopyIntoAsync(folder, found, path => tools.GiveToServerUserAsync(path, cancel));
        }

        return tools;
    }

    /// <summary>Whether a process number belongs to a running PostgreSQL.</summary>
    public static bool IsServer(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return process.ProcessName.StartsWith("postgres", StringComparison.Ordinal) && !HasEnded(pid);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException)
        {
            // It ended while it was looked at.
            return false;
        }
    }

    // A server killed with its application keeps its number until the parent it was left to asks for it.
    private static bool HasEnded(int pid) =>
        OperatingSystem.IsLinux() && File.ReadAllText($"/proc/{pid}/stat") is var state && state[(state.LastIndexOf(')') + 2)..].StartsWith('Z');

    /// <summary>Runs <c>initdb</c> or <c>pg_ctl</c> and gives back what it printed.</summary>
    public Task<Result> RunAsync(string program, string[] arguments, CancellationToken cancel) =>
        RunAsUserAsync(Path.Combine(native, "bin", program), arguments, cancel);

    public async Task GiveToServerUserAsync(string path, CancellationToken cancel)
    {
        if (serverUser is null) return;
        var result = await RunAsync(["chown", "--recursive", serverUser, path], cancel);
        if (result.ExitCode != 0) throw new StartupException($"{path} could not be given to user {serverUser}: {result.Output}");
    }

    private static string Find(string? binaries)
    {
        if (binaries is not null)
        {
            if (File.Exists(Path.Combine(binaries, "bin", ServerProgram))) return Path.GetFullPath(binaries);
            throw new StartupException($"ContactCenter__PostgresBinaries is {binaries}, which has no bin/{ServerProgram}.");
        }

        var package = $"@embedded-postgres/{Platform}";
        foreach (var start in new[] { AppContext.BaseDirectory, Directory.GetCurrentDirectory() })
        {
            for (var at = new DirectoryInfo(start); at is not null; at = at.Parent)
            {
                var candidate = Path.Combine(at.FullName, "node_modules", package, "native");
                if (File.Exists(Path.Combine(candidate, "bin", ServerProgram))) return candidate;
            }
        }

        const string otherwise = "or name a PostgreSQL server in ConnectionStrings__Postgres.";
        if (!Platforms.Contains(Platform)) throw new StartupException($"There is no embedded PostgreSQL for {Platform}: name a PostgreSQL server in ConnectionStrings__Postgres.");
        throw new StartupException(HasNode()
            ? $"The embedded PostgreSQL (npm package {package}) is not installed. Run \"npm ci\" in the folder with package.json, {otherwise}"
            : $"The embedded PostgreSQL (npm package {package}) is not installed, and Node.js, which fetches it, was not found. Install Node.js 20 or newer with npm and run \"npm ci\" in the folder with package.json, {otherwise}");
    }

    private static bool HasNode() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? "node.exe" : "node")));

    private static async Task<string> ServerUserAsync(string folder, CancellationToken cancel)
    {
        if (!OperatingSystem.IsLinux()) throw new StartupException("PostgreSQL may not run as root: start ContactCenter as an ordinary user.");
        if (!Directory.Exists(folder)) return await ServerAccount.FindOrMakeAsync(ServerAccount.Name, cancel);
        var owner = await OwnerAsync(folder, cancel);
        // Of another ordinary user: it stays theirs.
        if (!IsOf(owner, Root) && !IsOf(owner, Nobody)) return owner;
        // Earlier versions ran it as nobody, and it may still run.
        if (IsOf(owner, Nobody)) await EndServerAsync(Path.Combine(folder, "data"), cancel);
        return await ServerAccount.FindOrMakeAsync(ServerAccount.Name, cancel);
    }

    // Each time where a part is root's: somebody has put it back from a backup.
    private static async Task<bool> MustBeGivenAsync(string folder, string user, CancellationToken cancel)
    {
        var cluster = Path.Combine(folder, "data");
        return await OwnerAsync(folder, cancel) != user || (Directory.Exists(cluster) && await OwnerAsync(cluster, cancel) != user);
    }

    private static bool IsOf(string owner, string user) => owner.StartsWith(user + ":", StringComparison.Ordinal);

    // The server's user must pass through the data folder, and nobody else: by its group, where the folder is root's and closed.
    private static async Task LetPassAsync(string dataDirectory, string user, CancellationToken cancel)
    {
        var group = user[(user.IndexOf(':') + 1)..];
        var asked = await RunAsync(["stat", "--format", "%u %g %a", dataDirectory], cancel);
        // Earlier versions let everybody pass.
        if (asked.Output is not ("0 0 700" or "0 0 711")) return;
        await RunAsync(["chgrp", group, dataDirectory], cancel);
        await RunAsync(["chmod", "0710", dataDirectory], cancel);
    }

    // A clean stop of a server that another application left behind; its folder is its own, a number alone may be anybody's.
    private static async Task EndServerAsync(string cluster, CancellationToken cancel)
    {
        var file = Path.Combine(cluster, "postmaster.pid");
        if (!File.Exists(file) || !int.TryParse(File.ReadLines(file).FirstOrDefault(), out var pid) || !IsServer(pid)) return;
        if (new DirectoryInfo($"/proc/{pid}/cwd").ResolveLinkTarget(returnFinalTarget: true)?.FullName != cluster) return;
        await RunAsync(["kill", "-INT", $"{pid}"], cancel);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(EndWithin);
        try
        {
            while (IsServer(pid)) await Task.Delay(50, limit.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new StartupException(
                $"PostgreSQL (process {pid}) in {cluster} runs as nobody and does not stop. Stop it, then start ContactCenter again.");
        }
    }

    private static async Task<string> OwnerAsync(string folder, CancellationToken cancel)
    {
        var owner = await RunAsync(["stat", "--format", "%u:%g", folder], cancel);
        return owner.ExitCode == 0 ? owner.Output : throw new StartupException($"The owner of {folder} cannot be read: {owner.Output}");
    }

    private async Task RequireReachableAsync(string folder, CancellationToken cancel)
    {
        if (serverUser is null || await CanUseAsync(folder, cancel)) return;
        throw new StartupException(
            $"PostgreSQL may not run as root, and user {serverUser}, which it runs as instead, cannot reach {folder}. "
            + "Set ContactCenter__DataDirectory to a folder that every user can pass through, such as /var/lib/contactcenter, or start ContactCenter as an ordinary user.");
    }

    private async Task<bool> CanUseAsync(string path, CancellationToken cancel) =>
        serverUser is null || (await RunAsUserAsync("test", ["-x", path], cancel)).ExitCode == 0;

    private async Task<Result> RunAsUserAsync(string program, string[] arguments, CancellationToken cancel)
    {
        if (serverUser is null) return await RunAsync([program, .. arguments], cancel);
        var ids = serverUser.Split(':');
        return await RunAsync(["setpriv", $"--reuid={ids[0]}", $"--regid={ids[1]}", "--clear-groups", "--", program, .. arguments], cancel);
    }

    internal static async Task<Result> RunAsync(string[] command, CancellationToken cancel)
    {
        // On Windows the server would inherit the pipe and keep it open for as long as it runs.
        var capture = !OperatingSystem.IsWindows();
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardOutput = capture,
            RedirectStandardError = capture,
            // The caller's own folder may be closed to the server's user.
            WorkingDirectory = Path.GetPathRoot(Environment.CurrentDirectory),
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        start.Environment["LC_ALL"] = "C";
        try
        {
            using var process = Process.Start(start)!;
            var output = capture ? process.StandardOutput.ReadToEndAsync(cancel) : Task.FromResult("");
            var errors = capture ? process.StandardError.ReadToEndAsync(cancel) : Task.FromResult("");
            await process.WaitForExitAsync(cancel);
            return new Result(process.ExitCode, $"{await output}{await errors}".Trim());
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new StartupException($"{command[0]} could not be run: {e.Message}. As root, ContactCenter needs setpriv (package util-linux) and useradd (package passwd) to start PostgreSQL as an ordinary user.", e);
        }
    }

    // The package carries its library links as a list, for npm cannot pack links and its install script may be off.
    private static bool TryCompleteLinks(string native)
    {
        var list = Path.Combine(native, "pg-symlinks.json");
        if (!File.Exists(list)) return true;
        try
        {
            foreach (var link in JsonSerializer.Deserialize<List<Link>>(File.ReadAllText(list), JsonSerializerOptions.Web)!)
            {
                var target = Path.Combine(native, "..", link.Target);
                if (!File.Exists(target)) CreateLink(target, Path.GetFileName(link.Source));
            }

            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static void CreateLink(string path, string target)
    {
        try
        {
            File.CreateSymbolicLink(path, target);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process starting now made it first.
        }
    }

    // For programs inside a folder that the server's user cannot enter or that cannot be written to.
    private static async Task<string> CopyIntoAsync(string folder, string native, Func<string, Task> give)
    {
        var copy = Path.Combine(folder, $"programs{PackageVersion(native)}");
        var result = Path.Combine(copy, "native");
        if (Directory.Exists(copy)) return result;
        var unfinished = copy + ".new";
        if (Directory.Exists(unfinished)) Directory.Delete(unfinished, recursive: true);
        foreach (var file in Directory.EnumerateFiles(native, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(unfinished, "native", Path.GetRelativePath(native, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }

        TryCompleteLinks(Path.Combine(unfinished, "native"));
        await give(unfinished);
        Directory.Move(unfinished, copy);
        return result;
    }

    private static string PackageVersion(string native)
    {
        var package = Path.Combine(native, "..", "package.json");
        if (!File.Exists(package)) return "";
        using var json = JsonDocument.Parse(File.ReadAllText(package));
        return "-" + json.RootElement.GetProperty("version").GetString();
    }

    internal sealed record Result(int ExitCode, string Output);

    private sealed record Link(string Source, string Target);
}
