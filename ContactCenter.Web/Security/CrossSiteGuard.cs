using Microsoft.AspNetCore.Http.Features;

namespace ContactCenter.Security;

/// <summary>Refuses what another site makes a browser send (Fetch Metadata, Origin), visitors' requests included: theirs
/// come from our own iframe. Refuses too large bodies as well, before anything is read.</summary>
sealed class CrossSiteGuard(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (context.IsFailing() || !Changes(request.Method)) return next(context);
        if (IsCrossSite(request))
            context.Fail(StatusCodes.Status403Forbidden);
        else if (request.ContentLength > context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize)
            context.Fail(StatusCodes.Status413PayloadTooLarge);
        else
            return next(context);
        return Task.CompletedTask;
    }

    internal static bool Changes(string method) =>
        !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method) && !HttpMethods.IsTrace(method);

    private static bool IsCrossSite(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"] == "cross-site") return true;
        var origin = request.Headers.Origin.ToString();
        if (origin.Length == 0) return false;
        var host = HostGuard.Named(request);
        // Not the scheme: a proxy that ends TLS may be one we were not told of.
        return !Uri.TryCreate(origin, UriKind.Absolute, out var from)
            || !string.Equals(from.Host, host.Host, StringComparison.OrdinalIgnoreCase)
            || from.Port != (host.Port ?? (from.Scheme == Uri.UriSchemeHttps ? 443 : 80));
    }
}
