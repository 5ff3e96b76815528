using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ContactCenter.Tests.Support;

/// <summary>
/// Starts a program as a terminal starts one in its foreground. A shell's script has what it runs in the background ignore
/// Ctrl+C (SIGINT), a test run too, and what a process ignores its children ignore, unless they take the signal all the same:
/// PostgreSQL does, .NET does not. Of what the tests send, SIGTERM is taken by .NET whether or not it was ignored.
/// </summary>
static class Foreground
{
    // Numbers and addresses of POSIX that Linux and macOS agree about.
    private const int Interrupt = 2;
    private const nint Default = 0;
    private const nint Ignore = 1;
    // Larger than the system's struct, which begins with the handler.
    private const int Room = 64;
    private static readonly Lock Turn = new();

    public static void Start(Process process)
    {
        if (OperatingSystem.IsWindows())
        {
            process.Start();
            return;
        }

        lock (Turn)
        {
            var ignored = IsIgnored();
            if (ignored) Set(Default);
            try
            {
                process.Start();
            }
            finally
            {
                if (ignored) Set(Ignore);
            }
        }
    }

    /// <summary>Whether this process ignores Ctrl+C, and with it whatever it starts otherwise.</summary>
    public static bool IsIgnored()
    {
        var action = new nint[Room];
        Assert.Equal(0, Read(Interrupt, 0, action));
        return action[0] == Ignore;
    }

    /// <summary>As a script's shell leaves it to what runs in the background.</summary>
    public static IDisposable InBackground() => new Background();

    private static void Set(nint handler) => SetHandler(Interrupt, handler);

    [DllImport("libc", EntryPoint = "sigaction")]
    private static extern int Read(int number, nint none, [Out] nint[] action);

    [DllImport("libc", EntryPoint = "sigaction")]
    private static extern int Write(int number, [In] nint[] action, nint none);

    [DllImport("libc", EntryPoint = "signal")]
    private static extern nint SetHandler(int number, nint handler);

    private sealed class Background : IDisposable
    {
        private readonly nint[] before = new nint[Room];

        public Background()
        {
            Assert.Equal(0, Read(Interrupt, 0, before));
            Set(Ignore);
        }

        public void Dispose() => Assert.Equal(0, Write(Interrupt, before, 0));
    }
}
