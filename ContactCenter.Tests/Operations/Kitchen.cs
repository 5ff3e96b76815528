using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using ContactCenter.Tests.Support;

namespace ContactCenter.Tests.Operations;

/// <summary>
/// Follows a Dockerfile without Docker. Each stage is a folder in which its absolute paths lie; the tools of its base image
/// are this machine's; its user is that of the base image when root does this, and whoever runs the tests otherwise.
/// </summary>
sealed partial class Kitchen(string folder, string context)
{
    // The user of Microsoft's images, by its number.
    private const int ImagesUser = 1654;
    private static readonly string[] Own = ["src", "app", "data"];

    private readonly Dictionary<string, string> stages = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> variables = new(StringComparer.Ordinal)
    {
        // Docker names the machine it builds for.
        ["TARGETARCH"] = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64",
        ["APP_UID"] = Environment.IsPrivilegedProcess ? $"{ImagesUser}" : UserId(),
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["DOTNET_NOLOGO"] = "1",
        // No server of the build stays behind.
        ["MSBUILDDISABLENODEREUSE"] = "1",
        ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
        ["UseSharedCompilation"] = "false",
    };

    private string root = "";
    private string place = "/";

    /// <summary>The user that the image's program runs as; root until the Dockerfile says otherwise.</summary>
    public string User { get; private set; } = "0";

    /// <summary>What <c>ENV</c> set, with paths as they are here.</summary>
    public Dictionary<string, string> Set { get; } = new(StringComparer.Ordinal);

    /// <summary>Where the last stage works.</summary>
    public string Place => Here(place);

    public async Task FollowAsync(Recipe recipe)
    {
        foreach (var step in recipe.Steps)
        {
            switch (step.Word)
            {
                case "FROM": Begin(step.Words); break;
                case "ARG": Assert.Contains(step.Rest, variables.Keys, StringComparer.Ordinal); break;
                case "WORKDIR": Directory.CreateDirectory(Here(place = step.Rest)); break;
                case "COPY": Copy(step.Words); break;
                case "RUN": await RunAsync(step.Rest); break;
                case "ENV": Remember(step.Words); break;
                case "USER": User = variables[step.Rest.TrimStart('$')]; break;
            }
        }
    }

    /// <summary>Paths of the image's own in a command, as they are here.</summary>
    public string Here(string text) => Absolute().Replace(text, match =>
        Own.Contains(match.Groups["top"].Value, StringComparer.Ordinal) ? $"{match.Groups["before"].Value}{root}/{match.Groups["top"].Value}" : match.Value);

    /// <summary>A command as the image's user, in its folder, with nothing of this environment but where programs are.</summary>
    public ProcessStartInfo AsUser(params string[] command)
    {
        string[] whole = Environment.IsPrivilegedProcess ? ["setpriv", $"--reuid={User}", $"--regid={User}", "--clear-groups", "--", .. command] : command;
        var start = new ProcessStartInfo(whole[0], whole[1..]) { WorkingDirectory = Place };
        start.Environment.Clear();
        foreach (var name in (string[])["PATH", "DOTNET_ROOT"])
            if (Environment.GetEnvironmentVariable(name) is { } value) start.Environment[name] = value;
        foreach (var (name, value) in Set) start.Environment[name] = value;
        return start;
    }

    private void Begin(string[] words)
    {
        root = Path.Combine(folder, words is [_, "AS", var name] ? name : "final");
        if (words is [_, "AS", var stage]) stages[stage] = root;
        Directory.CreateDirectory(root);
        (place, User) = ("/", "0");
        Set.Clear();
    }

    private void Copy(string[] words)
    {
        var from = words[0].StartsWith("--from=", StringComparison.Ordinal) ? stages[words[0]["--from=".Length..]] : context;
        var sources = words.Where(word => !word.StartsWith("--", StringComparison.Ordinal)).ToList();
        var target = sources[^1];
        sources.RemoveAt(sources.Count - 1);
        var into = Path.Combine(target.StartsWith('/') ? root : Place, target.TrimStart('/'));
        var found = sources.Select(source => Path.Combine(from, source.TrimStart('/')))
            .SelectMany(source => source.Contains('*') ? Directory.GetFiles(Path.GetDirectoryName(source)!, Path.GetFileName(source)) : [source]).ToList();
        foreach (var source in found)
        {
            if (Directory.Exists(source)) CopyFolder(source, into);
            else CopyFile(source, target.EndsWith('/') || found.Count > 1 ? Path.Combine(into, Path.GetFileName(source)) : into);
        }
    }

    private async Task RunAsync(string command)
    {
        var start = new ProcessStartInfo("sh", ["-c", Here(command)]) { WorkingDirectory = Place };
        foreach (var (name, value) in variables) start.Environment[name] = value;
        var done = await Shell.RunAsync(start);
        Assert.True(done.ExitCode == 0, $"RUN {command}\n{done.Output}\n{done.Errors}");
    }

    private void Remember(string[] words)
    {
        foreach (var word in words) Set[word[..word.IndexOf('=')]] = Here(word[(word.IndexOf('=') + 1)..]);
    }

    private static void CopyFolder(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories)) CopyFile(file, Path.Combine(to, Path.GetRelativePath(from, file)));
    }

    private static void CopyFile(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Copy(from, to, overwrite: true);
    }

    private static string UserId()
    {
        using var id = Process.Start(new ProcessStartInfo("id", ["-u"]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        return int.Parse(id.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("(?<before>^|[\\s=\"'])/(?<top>\\w+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Absolute();
}
