using ContactCenter.Storage;
using Hangfire;
using Hangfire.Common;
using Hangfire.PostgreSql;

namespace ContactCenter.Jobs;

public static class JobsRoom
{
    // How long finished runs are kept to be looked at: there are three a second.
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddSingleton<JobHealth>();
        services.AddSingleton<JobMonitor>();
        services.AddSingleton<JobRunner>();
        services.AddSingleton<JobFigures>();
        services.AddSingleton<SharedJobs>();
        services.AddSingleton<Watches>();
        services.AddSingleton<ThresholdWatch>();
        services.AddHealthChecks().AddCheck<JobHealth>("jobs");
        AddHangfire(services);
        services.AddHostedService<NodeJobs>();
        services.AddHostedService<JobServer>();
        return services;
    }

    public static void MapJobs(this IEndpointRouteBuilder routes) => routes.MapJobDashboard();

    // By hand, not by Hangfire's own AddHangfire: that keeps storage and filters in statics, for which a process has
    // one place.
    private static void AddHangfire(IServiceCollection services)
    {
        services.AddSingleton<JobStorage>(provider => new PostgreSqlStorage(
            provider.GetRequiredService<JobConnections>(),
            new PostgreSqlStorageOptions
            {
                SchemaName = JobConnections.Schema,
                // The migrator's, under its lock.
                PrepareSchemaIfNecessary = false,
                // A lock is a row; who is killed leaves it, and for so long nothing is scheduled. Who holds one for
                // longer shares it with another node: then a run may come twice, which does no harm.
                DistributedLockTimeout = TimeSpan.FromSeconds(2),
                // Who schedules wakes the workers of its own node; this is for what a node left that was killed.
                QueuePollInterval = TimeSpan.FromSeconds(3),
                InvisibilityTimeout = TimeSpan.FromSeconds(30),
                UseSlidingInvisibilityTimeout = true,
                JobExpirationCheckInterval = TimeSpan.FromMinutes(1),
            })
        { JobExpirationTimeout = Kept });
        services.AddSingleton<IJobFilterProvider>(_ => new JobFilterProviderCollection(
            // For the dashboard's charts. Not the others that come with it: no run has a culture, or one that follows
            // upon it.
            new JobFilterCollection { new StatisticsHistoryAttribute() },
            new JobFilterAttributeFilterProvider()));
        services.AddSingleton<IRecurringJobManager>(provider => new RecurringJobManager(
            provider.GetRequiredService<JobStorage>(), provider.GetRequiredService<IJobFilterProvider>()));
        services.AddSingleton<IBackgroundJobClient>(provider => new BackgroundJobClient(
            provider.GetRequiredService<JobStorage>(), provider.GetRequiredService<IJobFilterProvider>()));
    }
}
