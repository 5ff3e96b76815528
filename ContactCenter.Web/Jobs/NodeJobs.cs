namespace ContactCenter.Jobs;

/// <summary>The jobs that every node runs for itself, each at its pace; a run that takes longer delays only its own
/// next one.</summary>
sealed class NodeJobs(JobRunner runner, TimeProvider clock) : BackgroundService
{
    /// <summary>How long a run that is going on when the node stops may take to end.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var end = new CancellationTokenSource();
        await using var stopping = stoppingToken.Register(() => end.CancelAfter(Patience));
        await Task.WhenAll(JobDefinition.All.Where(job => !job.Shared)
            .Select(job => RepeatAsync(job, stoppingToken, end.Token)));
    }

    private async Task RepeatAsync(JobDefinition job, CancellationToken stopping, CancellationToken end)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(job.Every, clock);
        do
        {
            try
            {
                await runner.RunAsync(job, byHand: false, end);
            }
            catch (Exception) when (!end.IsCancellationRequested)
            {
                // The runner has told it; the next run may go well.
            }
        }
        while (!stopping.IsCancellationRequested && await timer.WaitForNextTickAsync(stopping));
    }
}
