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

    public void Dispose() => folder.Delete(recursive: true);
}
