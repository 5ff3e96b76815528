namespace ContactCenter.Hosting;

/// <summary>Something the person starting the application can put right; the message says what.</summary>
public sealed class StartupException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>How a start is refused: what can be put right is said in its own words, without a stack trace.</summary>
public static class StartupRefusal
{
    /// <summary>By when nobody else has caught it, and what was started before has been stopped.</summary>
    public static void TellPlainly() => AppDomain.CurrentDomain.UnhandledException += (_, e) =>
    {
        if (e.ExceptionObject is not StartupException refused) return;
        Console.Error.WriteLine(refused.Message);
        Environment.Exit(1);
    };
}
