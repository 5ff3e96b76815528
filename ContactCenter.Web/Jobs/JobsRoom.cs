using Quartz;

namespace ContactCenter.Jobs;

public static class JobsRoom
{
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddSingleton<JobHealth>();
        services.AddSingleton<JobMonitor>();
        services.AddSingleton<Watches>();
        services.AddSingleton<ThresholdWatch>();
        services.AddHealthChecks().AddCheck<JobHealth>("jobs");
        services.AddQuartz(quartz =>
        {
            quartz.AddJobListener(provider => provider.GetRequiredService<JobMonitor>(), []);
            Every<Sweep>(quartz, Sweep.Every);
            Every<AbandonmentJob>(quartz, AbandonmentJob.Every);
            Every<OpeningJob>(quartz, OpeningJob.Every);
            Every<ThresholdJob>(quartz, ThresholdJob.Every);
            Every<OutboxJob>(quartz, OutboxJob.Every);
            Every<SessionJob>(quartz, SessionJob.Every);
        });
        services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
        return services;
    }

    private static void Every<TJob>(IQuartzBuilder quartz, TimeSpan interval) where TJob : IJob => quartz.ScheduleJob<TJob>(
        trigger => trigger.StartNow().WithSimpleSchedule(schedule => schedule.WithInterval(interval).RepeatForever()),
        job => job.WithIdentity(typeof(TJob).Name));
}
