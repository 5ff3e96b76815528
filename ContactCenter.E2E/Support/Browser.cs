using ContactCenter.Tests.Support;
using Microsoft.Playwright;

namespace ContactCenter.E2E.Support;

/// <summary>The one browser process of the run; each person has a profile of their own in it.</summary>
public static class Browser
{
    /// <summary>A host name that leads to this machine.</summary>
    public const string Elsewhere = "elsewhere.example";

    private static readonly SemaphoreSlim Turn = new(1);
    // It ends with the driver, and that with this process.
    private static IBrowser? shared;

    public static async Task<IBrowser> SharedAsync()
    {
        await Turn.WaitAsync();
        try
        {
            return shared ??= await LaunchAsync();
        }
        finally
        {
            Turn.Release();
        }
    }

    private static async Task<IBrowser> LaunchAsync()
    {
        Assertions.SetDefaultExpectTimeout(Person.Patience);
        var playwright = await Playwright.CreateAsync();
        var root = await playwright.Chromium.LaunchPersistentContextAsync(Settings(), new BrowserTypeLaunchPersistentContextOptions
        {
            ExecutablePath = Find(),
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-background-networking",
                "--disable-features=AlwaysBlock3pcsIncognito",
                $"--host-resolver-rules=MAP {Elsewhere} 127.0.0.1",
            ],
        });
        return root.Browser!;
    }

    /// <summary>
    /// The profiles of a test are private windows to Chromium, where frames of other sites have no storage. Ours are to be
    /// like the ordinary windows of most people.
    /// </summary>
    private static string Settings()
    {
        var all = Path.Combine(Repository.Root, ".artifacts", "browser");
        if (Directory.Exists(all)) Directory.Delete(all, recursive: true);
        var folder = Path.Combine(all, $"{Environment.ProcessId}");
        Directory.CreateDirectory(Path.Combine(folder, "Default"));
        File.WriteAllText(Path.Combine(folder, "Default", "Preferences"), """{ "profile": { "cookie_controls_mode": 0 } }""");
        return folder;
    }

    private static string Find()
    {
        if (Environment.GetEnvironmentVariable("CHROMIUM_PATH") is { Length: > 0 } given) return given;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        // Without windows it takes half of the processor.
        string[] names = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
        return names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("The browser tests need Chromium or Chrome; CHROMIUM_PATH may name it.");
    }
}
