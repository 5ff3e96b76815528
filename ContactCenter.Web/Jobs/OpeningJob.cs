using ContactCenter.Storage;

namespace ContactCenter.Jobs;

/// <summary>
/// Opening and closing time (J2), every second on one of the nodes. It compares queues with doors instead of waiting
/// for an instant, so that a changed schedule, a restart over closing time and a clock that was set right are no cases
/// of their own.
/// </summary>
public sealed partial class OpeningJob(ConversationStore conversations, ILogger<OpeningJob> log) : IJob
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    public async Task RunAsync(CancellationToken cancel)
    {
        foreach (var (campaign, opens) in await conversations.DoorsDueAsync(cancel))
        {
            var moved = opens
                ? await conversations.OpenQueueAsync(campaign, cancel)
                : await conversations.CloseQueueAsync(campaign, cancel);
            if (moved > 0) LogMoved(campaign, opens, moved);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Campaign {Campaign} (open: {Opens}): {Count} conversations moved")]
    private partial void LogMoved(Guid campaign, bool opens, int count);
}
