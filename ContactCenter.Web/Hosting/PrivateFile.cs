namespace ContactCenter.Hosting;

/// <summary>Files and folders of the data folder, closed to other people of the machine.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerOnly | UnixFileMode.UserExecute;

    public static void Write(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using var writer = new StreamWriter(path, options);
        writer.Write(text);
    }

    /// <summary>Makes the folder when missing. For root it can be passed through, because PostgreSQL runs as another user.</summary>
    public static void CreateFolder(string path)
    {
        if (Directory.Exists(path)) return;
        Directory.CreateDirectory(path);
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(path, Environment.IsPrivilegedProcess
            ? OwnerFolder | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute
            : OwnerFolder);
    }

    /// <summary>For a file in a folder that only the server's user can enter.</summary>
    public static void LetServerUserRead(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(path, OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
    }
}
