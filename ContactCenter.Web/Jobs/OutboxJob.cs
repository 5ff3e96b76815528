using ContactCenter.Security;
using Quartz;

namespace ContactCenter.Jobs;

/// <summary>Sends what waits in the outbox (D9), every second on every node: a mail is claimed by one of them.</summary>
[DisallowConcurrentExecution]
public sealed class OutboxJob(Postman postman) : IJob
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancel = default) =>
        await postman.DeliverAsync(cancel);
}
