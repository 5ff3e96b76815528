using Microsoft.AspNetCore.Http.Features;

namespace ContactCenter.Hosting;

/// <summary>
/// A request that has begun is finished, also when whoever sent it has gone. Browsers abort requests with every link that is
/// followed, and to cancel a statement while its connection prepares it breaks that connection for whoever uses it next
/// (npgsql issue 6391). To cancel one also costs PostgreSQL a process of its own; to finish it, some milliseconds.
/// </summary>
static class AbortedRequests
{
    /// <summary>First of all: what follows is not told by <see cref="HttpContext.RequestAborted"/> that its sender has gone.</summary>
    public static void FinishAbortedRequests(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.Features.Set(new Sender(context.RequestAborted));
        context.RequestAborted = CancellationToken.None;
        return next(context);
    });

    /// <summary>
    /// Cancelled when whoever sent the request has gone: for streams, which would not end otherwise. Never for what asks the
    /// database.
    /// </summary>
    public static CancellationToken SenderGone(this HttpContext context) => context.Features.GetRequiredFeature<Sender>().Gone;

    private sealed record Sender(CancellationToken Gone);
}
