using System.Diagnostics;
using ContactCenter.Hosting;

namespace ContactCenter.Tests.Support;

/// <summary>A folder of one test's own, removed when disposed.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo folder;

    /// <param name="name">The last part, for tests about odd names.</param>
    public TemporaryFolder(string name = "data")
    {
        folder = Directory.CreateTempSubdirectory("contactcenter-");
        // PostgreSQL runs as another user when the tests run as root.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder.FullName, (UnixFileMode)0b111_001_001);
        Path = System.IO.Path.Combine(folder.FullName, name);
    }

    public string Path { get; }

    public void Dispose()
    {
        EndServersLeftBehind();
        folder.Delete(recursive: true);
    }

    // Only a failed test leaves one: its application was killed, and nobody adopted the server.
    private void EndServersLeftBehind()
    {
        foreach (var file in folder.EnumerateFiles("postmaster.pid", SearchOption.AllDirectories))
        {
            if (!int.TryParse(File.ReadLines(file.FullName).FirstOrDefault(), out var pid) || !PostgresTools.IsServer(pid)) continue;
            using var server = Process.GetProcessById(pid);
            server.Kill(entireProcessTree: true);
            server.WaitForExit(TimeSpan.FromSeconds(10));
        }
    }
}
