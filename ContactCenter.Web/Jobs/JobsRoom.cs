using Quartz;

namespace ContactCenter.Jobs;

public static class JobsRoom
{
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddSingleton<JobHealth>();
        services.AddSingleton<ContactWatch>();
        services.AddHealthChecks().AddCheck<JobHealth>("jobs");
        services.AddQuartz(quartz => quartz
            .ScheduleJob<Sweep>(trigger => trigger
                .StartNow()
                .WithSimpleSchedule(schedule => schedule.WithInterval(Sweep.Every).RepeatForever()))
            .ScheduleJob<AbandonmentJob>(trigger => trigger
                .StartNow()
                .WithSimpleSchedule(schedule => schedule.WithInterval(AbandonmentJob.Every).RepeatForever()))
            .ScheduleJob<OpeningJob>(trigger => trigger
                .StartNow()
                .WithSimpleSchedule(schedule => schedule.WithInterval(OpeningJob.Every).RepeatForever())));
        services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
        return services;
    }
}
