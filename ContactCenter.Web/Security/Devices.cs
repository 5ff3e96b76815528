namespace ContactCenter.Security;

/// <summary>
/// Names a browser and its system by what it says of itself, to be recognised in a list: only names of these lists are stored,
/// nothing that somebody sent. Each name is looked for once, so that it takes time in proportion to what was sent.
/// </summary>
public static class Devices
{
    private const int Longest = 512;

    // In this order: nearly everybody claims to be Chrome and Safari too.
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("Edg/", "Edge"), ("EdgA/", "Edge"), ("EdgiOS/", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"),
        ("Vivaldi/", "Vivaldi"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("Chrome/", "Chrome"), ("CriOS/", "Chrome"),
        ("Safari/", "Safari"),
    ];

    // Android claims Linux, and an iPhone Mac OS X.
    private static readonly (string Mark, string Name)[] Systems =
    [
        ("Windows", "Windows"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];

    /// <returns>Empty names for what is not known.</returns>
    public static (string Browser, string System) Of(string? userAgent)
    {
        var said = userAgent ?? "";
        if (said.Length > Longest) said = said[..Longest];
        return (Find(Browsers, said), Find(Systems, said));
    }

    /// <summary>Whether it is one that is carried about.</summary>
    public static bool IsMobile(string system) => system is "iPhone" or "iPad" or "Android";

    private static string Find((string Mark, string Name)[] known, string said)
    {
        foreach (var (mark, name) in known)
            if (said.Contains(mark, StringComparison.Ordinal)) return name;
        return "";
    }
}
