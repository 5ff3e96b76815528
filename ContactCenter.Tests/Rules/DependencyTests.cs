using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace ContactCenter.Tests.Rules;

/// <summary>The sources, for rules about them.</summary>
static class Sources
{
    public static string Root([CallerFilePath] string file = "") => Path.GetFullPath("../../", Path.GetDirectoryName(file)!);

    public static string Web => Path.Combine(Root(), "ContactCenter.Web");

    public static IEnumerable<string> Files(string folder, params string[] patterns) =>
        patterns.SelectMany(pattern => Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
                && !file.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal));
}

public sealed class DependencyTests
{
    private static readonly string[] Banned = ["Microsoft.AspNetCore", "Microsoft.EntityFrameworkCore", "Microsoft.Extensions", "Npgsql", "Hangfire", "System.Net", "System.IO"];

    [Fact]
    public void Domain_knows_no_other_room_no_web_and_no_database()
    {
        var files = Sources.Files(Path.Combine(Sources.Web, "Domain"), "*.cs").ToList();
        Assert.NotEmpty(files);
        var others = Directory.GetDirectories(Sources.Web).Select(Path.GetFileName)
            .Where(room => room is not ("Domain" or "bin" or "obj")).Select(room => "ContactCenter." + room);
        string[] banned = [.. Banned, .. others];
        var found = files.SelectMany(file => Regex
            .Matches(File.ReadAllText(file), @"\b(Microsoft|Npgsql|Hangfire|System|ContactCenter)(\.\w+)+", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)
            .Where(name => banned.Any(each => name.Value.StartsWith(each, StringComparison.Ordinal)))
            .Select(name => $"{Path.GetFileName(file)}: {name.Value}"));
        Assert.Empty(found);
    }

    [Fact]
    public void Sql_is_written_in_Storage_only()
    {
        var found = Sources.Files(Sources.Web, "*.cs")
            .Where(file => !file.Contains("/Storage/", StringComparison.Ordinal))
            .Where(file => Regex.IsMatch(
                File.ReadAllText(file), @"NpgsqlCommand|ExecuteSql|FromSql|SqlQuery", RegexOptions.NonBacktracking))
            .Select(file => Path.GetRelativePath(Sources.Web, file));
        // Not about documents: the embedded server makes its database, the bridge listens and notifies.
        Assert.Empty(found.Except(["Hosting/EmbeddedPostgres.cs", "Realtime/Bridge.cs"], StringComparer.Ordinal));
    }
}
