using ContactCenter.Jobs;
using Microsoft.Extensions.Hosting;

namespace ContactCenter.Tests.Support;

/// <summary>
/// Runs the shared jobs in an <see cref="App"/> at their pace, through the same runner as Hangfire does, without its
/// threads and its statements: a hundred applications of a test run would spend most of their time with those. What is
/// about Hangfire itself runs in a <see cref="HangfireApp"/> or in processes.
/// </summary>
sealed class SharedJobsInTests(JobRunner runner) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(JobDefinition.All.Where(job => job.Shared).Select(job => RepeatAsync(job, stoppingToken)));

    private async Task RepeatAsync(JobDefinition job, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(job.Every);
        do
        {
            try
            {
                await runner.RunAsync(job, byHand: false, stopping);
            }
            catch (Exception) when (!stopping.IsCancellationRequested)
            {
                // The runner has told it.
            }
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }
}

/// <summary>An App whose shared jobs Hangfire's server runs, as where it is delivered.</summary>
public sealed class HangfireApp : App
{
    protected override bool HasHangfire => true;
}
