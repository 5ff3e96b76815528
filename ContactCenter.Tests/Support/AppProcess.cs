using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ContactCenter.Tests.Support;

/// <summary>The application as a process of its own, on a free port, as a person would start it.</summary>
public sealed partial class AppProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly ConcurrentQueue<string> lines = new();
    private readonly TaskCompletionSource<Uri> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private const string FreePort = "http://127.0.0.1:0";

    private AppProcess(ProcessStartInfo start)
    {
        start.UseShellExecute = false;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, e) => Read(e.Data);
        process.ErrorDataReceived += (_, e) => Read(e.Data);
        process.Exited += (_, _) => listening.TrySetException(new InvalidOperationException("The application ended before it listened."));
        Foreground.Start(process);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => process.Id;

    /// <summary>What it has printed so far, both streams.</summary>
    public string Output => string.Join('\n', lines);

    /// <summary>Starts without waiting: for starts that are meant to fail.</summary>
    public static AppProcess Launch(Dictionary<string, string> environment) => new(Command(environment, "--urls", FreePort));

    /// <summary>Starts and waits until it listens.</summary>
    public static Task<AppProcess> StartAsync(Dictionary<string, string> environment, string urls = FreePort) =>
        StartAsync(Command(environment, "--urls", urls));

    /// <inheritdoc cref="StartAsync(Dictionary{string, string}, string)"/>
    public static async Task<AppProcess> StartAsync(ProcessStartInfo command)
    {
        var app = new AppProcess(command);
        try
        {
            await app.Address();
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    // As it is published, compiled ahead, where bin/test has made that: a fresh process spends most of its first seconds on
    // compiling the pages it is asked for. Otherwise as this build has it beside the tests.
    private static string Folder => Environment.GetEnvironmentVariable("CONTACTCENTER_PUBLISHED") is { Length: > 0 } published
        ? published
        : AppContext.BaseDirectory;

    /// <summary>The application's program with these words behind it.</summary>
    public static ProcessStartInfo Command(Dictionary<string, string> environment, params string[] words)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(Folder, "ContactCenter.Web.dll"), .. words])
        {
            WorkingDirectory = Folder,
        };
        foreach (var (key, value) in environment) start.Environment[key] = value;
        return start;
    }

    public async Task<Uri> Address()
    {
        try
        {
            return await listening.Task.WaitAsync(TimeSpan.FromSeconds(60));
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"The application does not listen. It printed:\n{Output}", e);
        }
    }

    /// <summary>Ends it as a crash would.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await ExitAsync();
    }

    /// <summary>Asks it to stop: <c>INT</c> as Ctrl+C does, <c>TERM</c> as a service manager does.</summary>
    public async Task<int> StopAsync(string signal = "TERM")
    {
        using (var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"])) await kill.WaitForExitAsync();
        return await ExitAsync();
    }

    public async Task<int> ExitAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) await StopAsync();
        process.Dispose();
    }

    private void Read(string? line)
    {
        if (line is null) return;
        lines.Enqueue(line);
        // Plain in Development, inside a line of JSON in Production.
        if (Announcement().Match(line) is { Success: true } found) listening.TrySetResult(new Uri(found.Groups["address"].Value));
    }

    [GeneratedRegex(@"Now listening on: (?<address>https?://[^\s""]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Announcement();
}
