using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ContactCenter.Load;

/// <summary>How a server is started: the assembly with its arguments and settings, and the file its output goes to.</summary>
sealed record Launch(string Assembly, string[] Arguments, Uri Address, string ReadyPath, string Log, (string Name, string Value)[] Settings)
{
    /// <summary>An address of this machine that nobody listens at.</summary>
    public static Uri FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new($"http://{listener.LocalEndpoint}");
    }
}

/// <summary>A server under measurement: a child process, ended with SIGTERM.</summary>
sealed class Server : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly Process process;

    Server(Process process, TimeSpan startUp) => (this.process, StartUp) = (process, startUp);

    public int Id => process.Id;

    /// <summary>From the start of the process to the first good answer.</summary>
    public TimeSpan StartUp { get; }

    /// <summary>Starts the process and waits until its ready path answers 200.</summary>
    public static async Task<Server> Start(Launch launch)
    {
        // The shell sends the output to the file and becomes the server: copying lines here would cost the client's time.
        var start = new ProcessStartInfo("/bin/sh",
        [
            "-c", "log=$1; shift; exec dotnet \"$@\" >>\"$log\" 2>&1", "sh",
            launch.Log, launch.Assembly, .. launch.Arguments, "--urls", launch.Address.GetLeftPart(UriPartial.Authority),
        ])
        { WorkingDirectory = Path.GetDirectoryName(launch.Assembly) };
        foreach (var (name, value) in launch.Settings)
            start.Environment[name] = value;

        var started = Stopwatch.GetTimestamp();
        var child = Process.Start(start) ?? throw new InvalidOperationException("The process did not start.");
        using var http = Browser.Open(launch.Address);
        while (!await Ready(http, launch.ReadyPath))
        {
            if (child.HasExited)
                throw new InvalidOperationException($"{launch.Assembly} ended with {child.ExitCode}; see {launch.Log}.");
            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                child.Kill(entireProcessTree: true);
                throw new TimeoutException($"{launch.Assembly} was not ready after {Patience.TotalSeconds} s; see {launch.Log}.");
            }
            await Task.Delay(5);
        }
        return new(child, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>Resident memory of the process, in bytes.</summary>
    public long ResidentBytes()
    {
        const string label = "VmRSS:";
        var line = File.ReadLines($"/proc/{Id}/status").First(line => line.StartsWith(label, StringComparison.Ordinal));
        return 1024 * long.Parse(line[label.Length..^"kB".Length], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
    }

    public bool Runs => !process.HasExited;

    /// <summary>Sends the process a signal: KILL ends it as a crash does, STOP lets it stand still, CONT go on.</summary>
    public async Task Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        if (name == "KILL") await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await Signal("TERM");
            using var patience = new CancellationTokenSource(Patience);
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                Report.Say($"Process {process.Id} did not end when asked; it was killed.");
                process.Kill(entireProcessTree: true);
            }
        }
        process.Dispose();
    }

    static async Task<bool> Ready(HttpClient http, string path)
    {
        try
        {
            using var answer = await http.GetAsync(path);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
