using System.Diagnostics;

namespace ContactCenter.Tests.Support;

/// <summary>What a command left behind.</summary>
public sealed record Outcome(int ExitCode, string Output, string Errors);

/// <summary>Commands as an operator gives them.</summary>
public static class Shell
{
    /// <summary>Runs a script with <c>bash</c>; it stops at the first failure.</summary>
    public static Task<Outcome> RunAsync(string script, string folder, IReadOnlyDictionary<string, string>? variables = null)
    {
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", script]) { WorkingDirectory = folder };
        foreach (var (name, value) in variables ?? new Dictionary<string, string>(StringComparer.Ordinal)) start.Environment[name] = value;
        return RunAsync(start);
    }

    public static async Task<Outcome> RunAsync(ProcessStartInfo start)
    {
        start.UseShellExecute = false;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException e)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{start.FileName} {string.Join(' ', start.ArgumentList)} does not end.", e);
        }

        return new Outcome(process.ExitCode, await output, await errors);
    }

    /// <summary>The folder of programs that need not be installed (see <c>bin/borrow</c>).</summary>
    public static async Task<string> BorrowAsync(string package, string version, params string[] programs)
    {
        var found = await RunAsync(new ProcessStartInfo(Path.Combine(Repository.Root, "bin", "borrow"), [package, version, .. programs]));
        Assert.True(found.ExitCode == 0, found.Errors);
        return found.Output.Trim();
    }
}
