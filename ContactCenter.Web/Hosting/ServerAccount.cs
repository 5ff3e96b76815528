namespace ContactCenter.Hosting;

/// <summary>The account that PostgreSQL runs as where ContactCenter is root: its own, for what is nobody's belongs to every
/// program that runs as nobody.</summary>
internal static class ServerAccount
{
    public const string Name = "contactcenter";
    private const int Attempts = 50;

    /// <summary>The numbers of the account and its group, as <c>998:998</c>; a system account without a login is made when
    /// there is none of that name.</summary>
    /// <exception cref="StartupException">It cannot be made, or is root.</exception>
    public static async Task<string> FindOrMakeAsync(string name, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await FindAsync(name, cancel) is { } found) return found;
            var hasGroup = (await PostgresTools.RunAsync(["getent", "group", name], cancel)).ExitCode == 0;
            string[] group = hasGroup ? ["--gid", name] : ["--user-group"];
            string[] noLogin = ["--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"];
            var made = await PostgresTools.RunAsync(["useradd", "--system", .. group, .. noLogin, name], cancel);
            // Another application starting now may have made it, or be about to: the list of accounts is locked then.
            var others = made.Output.Contains("already exists", StringComparison.Ordinal)
                || made.Output.Contains("cannot lock", StringComparison.Ordinal);
            if (attempt == Attempts || (made.ExitCode != 0 && !others)) throw Refusal(name, $"could not be made: {made.Output}");
            if (made.ExitCode != 0) await Task.Delay(100, cancel);
        }
    }

    private static async Task<string?> FindAsync(string name, CancellationToken cancel)
    {
        var asked = await PostgresTools.RunAsync(["id", "-u", name], cancel);
        if (asked.ExitCode != 0) return null;
        if (asked.Output == "0") throw Refusal(name, "is root too");
        return $"{asked.Output}:{(await PostgresTools.RunAsync(["id", "-g", name], cancel)).Output}";
    }

    private static StartupException Refusal(string name, string why) => new(
        $"PostgreSQL may not run as root, and the account {name}, which it runs as instead, {why}. "
        + $"Make it with \"useradd --system --user-group {name}\", start ContactCenter as an ordinary user, "
        + "or name a PostgreSQL server in ConnectionStrings__Postgres.");
}
