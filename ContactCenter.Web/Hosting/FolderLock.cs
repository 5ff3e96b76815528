namespace ContactCenter.Hosting;

/// <summary>
/// Says that this process works on a data folder. The operating system holds the lock, so it ends with the process
/// however that ends; the file beside it only names the holder.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private readonly FileStream file;

    private FolderLock(FileStream file) => this.file = file;

    /// <exception cref="StartupException">Another process holds it, or the folder cannot be written.</exception>
    public static FolderLock Take(string dataDirectory)
    {
        var holder = Path.Combine(dataDirectory, "app.pid");
        try
        {
            PrivateFile.CreateFolder(dataDirectory);
            var taken = PrivateFile.Open(Path.Combine(dataDirectory, "app.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            PrivateFile.Write(holder, $"{Environment.ProcessId}");
            return new FolderLock(taken);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StartupException($"The data folder {dataDirectory} cannot be written. {Elsewhere}", e);
        }
        catch (IOException e) when (File.Exists(holder))
        {
            throw new StartupException(
                $"Another ContactCenter is already using the data folder {dataDirectory} (process {File.ReadAllText(holder)}). Stop it first, or start this one elsewhere. {Elsewhere}", e);
        }
        catch (IOException e)
        {
            throw new StartupException($"The data folder {dataDirectory} cannot be used: {e.Message} {Elsewhere}", e);
        }
    }

    private static string Elsewhere => "ContactCenter__DataDirectory names another folder.";

    public void Dispose() => file.Dispose();
}
