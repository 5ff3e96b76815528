namespace ContactCenter.Hosting;

/// <summary>
/// Starts the embedded database again when something else has ended it, as the kernel does when memory runs out. What the
/// application has open recovers as from any other outage of a database.
/// </summary>
sealed partial class DatabaseKeeper(
    EmbeddedPostgres server, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<DatabaseKeeper> log) : BackgroundService
{
    // What a killed server leaves behind takes a moment to end.
    private const int Usual = 3;
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failures = 0;
        using var timer = new PeriodicTimer(Between, clock);
        // A service manager may end both at once: then it is not started again.
        while (await timer.WaitForNextTickAsync(stoppingToken) && !lifetime.ApplicationStopping.IsCancellationRequested)
        {
            try
            {
                if (await server.RestartAsync(stoppingToken)) LogRestarted(log);
                failures = 0;
            }
            catch (Exception problem) when (problem is StartupException or IOException)
            {
                // Said once: each second would say the same.
                if (++failures == Usual) LogNotRestarted(log, problem.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The embedded PostgreSQL had ended without being asked to, and was started again; its own log is beside its data")]
    private static partial void LogRestarted(ILogger log);

    [LoggerMessage(Level = LogLevel.Error, Message = "The embedded PostgreSQL has ended and cannot be started again yet: {Reason}")]
    private static partial void LogNotRestarted(ILogger log, string reason);
}
