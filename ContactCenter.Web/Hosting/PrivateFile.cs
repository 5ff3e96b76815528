namespace ContactCenter.Hosting;

/// <summary>Files and folders of the data folder, closed to other people of the machine.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerOnly | UnixFileMode.UserExecute;

    public static void Write(string path, string text)
    {
        using var writer = new StreamWriter(Open(path, FileMode.Create, FileAccess.Write, FileShare.Read));
        writer.Write(text);
    }

    /// <summary>Opens or makes a file. One that is there already keeps who may read it.</summary>
    public static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        return new FileStream(path, options);
    }

    /// <summary>Makes the folder when missing. One that is there already is its owner's to open.</summary>
    public static void CreateFolder(string path)
    {
        if (Directory.Exists(path)) return;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerFolder);
    }

    /// <summary>Closes a folder that is ours alone, whoever made it.</summary>
    public static void CloseFolder(string path)
    {
        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(path) != OwnerFolder) File.SetUnixFileMode(path, OwnerFolder);
    }

    /// <summary>For a file in a folder that only the server's user can enter.</summary>
    public static void LetServerUserRead(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(path, OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
    }
}
