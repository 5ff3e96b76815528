namespace ContactCenter.Security;

/// <summary>The headers each answer carries. An answer that set one itself keeps its own.</summary>
sealed class SecurityHeaders(RequestDelegate next)
{
    const string Permissions =
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), "
        + "magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()";

    const string Launcher = "/widget.js";

    public Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(static state => Write((HttpContext)state), context);
        return next(context);
    }

    static Task Write(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        if (context.Request.Path == Launcher)
        {
            // For everybody's pages: as a module, and where a page takes nothing from others that is not offered.
            headers.AccessControlAllowOrigin = "*";
            headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        }
        if (context.Response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) != true) return Task.CompletedTask;

        var csp = context.Csp();
        if (headers.CacheControl.Count == 0) headers.CacheControl = "no-store";
        if (!csp.NonceUsed && !csp.Framed && Sessions.IsHtmx(context.Request))
        {
            // The message path: a fragment inherits the rest from the page it goes into.
            headers.TryAdd("Content-Security-Policy", Csp.Nothing);
            return Task.CompletedTask;
        }
        if (headers.ContentSecurityPolicy.Count == 0) headers.ContentSecurityPolicy = csp.Header();
        // same-origin, not no-referrer: with the latter browsers send "Origin: null" for our own forms.
        headers.TryAdd("Referrer-Policy", "same-origin");
        headers.TryAdd("Permissions-Policy", Permissions);
        if (csp.Framed) return Task.CompletedTask;
        headers.TryAdd("Cross-Origin-Opener-Policy", "same-origin");
        headers.TryAdd("Cross-Origin-Resource-Policy", "same-origin");
        headers.TryAdd("X-Frame-Options", "DENY");
        return Task.CompletedTask;
    }
}
