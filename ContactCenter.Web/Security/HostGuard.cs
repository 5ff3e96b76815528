namespace ContactCenter.Security;

/// <summary>That a request named a host which is not ours.</summary>
sealed record ForeignHost;

/// <summary>Answers only for the hosts that are ours, once the operator has said which (RFC 9110, 7.2). Probes of health come
/// by whatever name a balancer has for a node, and are told nothing else.</summary>
sealed partial class HostGuard(RequestDelegate next, PublicAddress address, ILogger<HostGuard> log)
{
    // Whoever asks for nonsense does not fill the log.
    private const int Told = 20;
    private int refused;

    public Task InvokeAsync(HttpContext context)
    {
        var host = Named(context.Request);
        if (context.IsFailing() || context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal)
            || (IsReadable(host.Value) && (!address.ChecksHosts || address.Allows(host)))) return next(context);
        if (Interlocked.Increment(ref refused) <= Told) LogRefused(host.Value);
        context.Features.Set(new ForeignHost());
        context.Fail(StatusCodes.Status400BadRequest);
        return Task.CompletedTask;
    }

    /// <summary>The host as the request names it. <see cref="HttpRequest.Host"/> would have it in letters, not in
    /// punycode, and fails where that stands for nothing.</summary>
    internal static HostString Named(HttpRequest request) => new(request.Headers.Host.ToString());

    // Whatever asks for the host in letters would fail; nobody has such a name.
    private static bool IsReadable(string? host)
    {
        try
        {
            return HostString.FromUriComponent(host ?? "").Value is not null;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A request for the host {Host} was refused: it is neither that of ContactCenter__PublicUrl nor one of ContactCenter__AllowedHosts__0 …")]
    private partial void LogRefused(string? host);
}
