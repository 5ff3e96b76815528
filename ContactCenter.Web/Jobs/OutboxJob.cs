using ContactCenter.Security;

namespace ContactCenter.Jobs;

/// <summary>Sends what waits in the outbox (D9), every second on one of the nodes: a mail is claimed by one
/// run.</summary>
public sealed class OutboxJob(Postman postman) : IJob
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    public async Task RunAsync(CancellationToken cancel) =>
        await postman.DeliverAsync(cancel);
}
