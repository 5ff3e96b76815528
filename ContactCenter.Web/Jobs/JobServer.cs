using Hangfire;
using Hangfire.AspNetCore;
using Hangfire.Client;
using Hangfire.Common;
using Hangfire.Logging;
using Hangfire.Server;
using Hangfire.States;
using Hangfire.Storage;
using Npgsql;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace ContactCenter.Jobs;

/// <summary>
/// Hangfire's server on this node: schedules the shared jobs and runs them. Each node has one; whichever takes a run
/// does it. Put together here instead of by <c>AddHangfireServer</c>, whose processes wait 1, 4, 9, 16, … seconds after
/// failures in a row: after an outage of the database jobs would stand still for as long again.
/// </summary>
sealed partial class JobServer(
    JobStorage storage, IRecurringJobManager manager, IJobFilterProvider filters, IServiceScopeFactory scopes,
    ILoggerFactory logs, ILogger<JobServer> log) : BackgroundService
{
    /// <summary>
    /// One for each shared job and one over: a mail server that does not answer, or a run whose connection was cut,
    /// holds up no other job.
    /// </summary>
    public static readonly int Workers = JobDefinition.All.Count(job => job.Shared) + 1;

    /// <summary>How long a run that is going on when the node stops may take to end: a mail on its way takes 15 s at
    /// most.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(16);

    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(500);

    private static ILogProvider? current;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Hangfire has one place for it in a process, and asks it also after the node that put it there is gone.
        var mine = new AspNetCoreLogProvider(logs);
        current = mine;
        LogProvider.SetCurrentLogProvider(mine);
        try
        {
            await Task.Yield();
            await ServeAsync(stoppingToken);
        }
        finally
        {
            if (Interlocked.CompareExchange(ref current, null, mine) == mine) LogProvider.SetCurrentLogProvider(null);
        }
    }

    private async Task ServeAsync(CancellationToken stoppingToken)
    {
        while (!TrySchedule(all: true)) await Task.Delay(Again, stoppingToken);
        using var server = Start();
        using (var timer = new PeriodicTimer(Look))
        {
            try
            {
                while (await timer.WaitForNextTickAsync(stoppingToken)) TrySchedule(all: false);
            }
            catch (OperationCanceledException)
            {
                // The node stops.
            }
        }
        server.SendStop();
        await server.WaitForShutdownAsync(CancellationToken.None);
    }

    // Whoever uses the dashboard may delete a schedule, and Hangfire gives one up that it could not follow six times in
    // a row.
    private bool TrySchedule(bool all)
    {
        try
        {
            using var connection = storage.GetConnection();
            foreach (var job in JobDefinition.All.Where(job => job.Shared && (all || !IsScheduled(connection, job))))
            {
                var call = Job.FromExpression<SharedJobs>(jobs => jobs.RunAsync(job.Name, default));
                manager.AddOrUpdate(job.Name, call, Cron(job.Every));
            }
            return true;
        }
        catch (Exception away) when (away is NpgsqlException or TimeoutException or InvalidOperationException)
        {
            LogAway(away);
            return false;
        }
    }

    private static bool IsScheduled(IStorageConnection connection, JobDefinition job) =>
        connection.GetAllEntriesFromHash($"recurring-job:{job.Name}") is { } stored
        && stored.GetValueOrDefault("NextExecution") is { Length: > 0 };

    private BackgroundProcessingServer Start()
    {
        var changer = new BackgroundJobStateChanger(filters);
        string[] queues = [EnqueuedState.DefaultQueue];
        var performer = new BackgroundJobPerformer(filters, new AspNetCoreJobActivator(scopes), TaskScheduler.Default);
        return new BackgroundProcessingServer(
            storage,
            [
                new Worker(queues, performer, changer).UseBackgroundPool(Workers),
                new DelayedJobScheduler(Poll, changer).UseBackgroundPool(1),
                new RecurringJobScheduler(new BackgroundJobFactory(filters), Poll).UseBackgroundPool(1),
            ],
            new Dictionary<string, object>(StringComparer.Ordinal) { ["Queues"] = queues, ["WorkerCount"] = Workers },
            new BackgroundProcessingServerOptions
            {
                RetryDelay = _ => Again,
                RestartDelay = Again,
                HeartbeatInterval = TimeSpan.FromSeconds(5),
                ServerCheckInterval = TimeSpan.FromSeconds(15),
                ServerTimeout = TimeSpan.FromSeconds(30),
                StopTimeout = Patience,
                ShutdownTimeout = Patience + TimeSpan.FromSeconds(4),
            });
    }

    // Hangfire's schedules are those of cron, with seconds.
    private static string Cron(TimeSpan every) =>
        every == TimeSpan.FromSeconds(1) ? "* * * * * *" : $"*/{every.Seconds} * * * * *";

    [LoggerMessage(Level = LogLevel.Warning, Message = "The shared jobs could not be scheduled yet")]
    private partial void LogAway(Exception problem);
}
