using ContactCenter.Security;
using ContactCenter.Storage;
using Hangfire;
using Hangfire.Dashboard;

namespace ContactCenter.Jobs;

/// <summary>
/// Hangfire's own pages, for who administers every campaign. By itself it answers whoever asks from this machine, which
/// behind a proxy is everybody: here the policy of the route and the reach of the viewer decide, and nothing else.
/// </summary>
public static class JobDashboard
{
    public const string Path = "/administration/jobs/hangfire";

    // Its pages have one script and two sheets, of this host, and colours in style attributes; its charts (Chart.js
    // 2.9.4) put a sheet of a few rules into the page, named here by its digest.
    private const string Policy =
        "default-src 'none'; script-src 'self'; "
        + "style-src 'self' 'sha256-z7zcnw/4WalZqx+PrNaRnoeLz/G9WXuFqV1WCJ129sg='; style-src-attr 'unsafe-inline'; "
        + "img-src 'self'; font-src 'self'; connect-src 'self'; "
        + "form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    public static IEndpointConventionBuilder MapJobDashboard(this IEndpointRouteBuilder routes)
    {
        var options = new DashboardOptions
        {
            Authorization = [],
            AppPath = "/administration/jobs",
            DashboardTitle = "Hangfire",
            DisplayStorageConnectionString = false,
            FaviconPath = "/favicon.svg",
            StatsPollingInterval = 5_000,
        };
        var pages = routes.CreateApplicationBuilder();
        pages.Use(GuardAsync);
        pages.UsePathBase(Path);
        pages.UseMiddleware<AspNetCoreDashboardMiddleware>(
            routes.ServiceProvider.GetRequiredService<JobStorage>(), options, DashboardRoutes.Routes, true);
        return routes.Map(Path + "/{**path}", pages.Build()).RequireAuthorization(Policies.Administrator);
    }

    private static async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        var jobs = context.RequestServices.GetRequiredService<JobStore>();
        if (!await jobs.MayRunAsync(Viewer.Of(context.User), context.RequestAborted))
        {
            context.Fail(StatusCodes.Status403Forbidden);
            return;
        }
        // Its commands look for a form only, whatever the verb, and only what is posted has shown a token.
        var method = context.Request.Method;
        if (!HttpMethods.IsPost(method) && (!HttpMethods.IsGet(method) || context.Request.HasFormContentType))
        {
            context.Fail(StatusCodes.Status405MethodNotAllowed);
            return;
        }
        context.Response.OnStarting(static state =>
        {
            var response = (HttpResponse)state;
            if (response.StatusCode == StatusCodes.Status200OK) response.Headers.ContentSecurityPolicy = Policy;
            return Task.CompletedTask;
        }, context.Response);
        await next(context);
    }
}
