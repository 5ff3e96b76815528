using ContactCenter.Storage;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Diagnostics;
using Npgsql;

namespace ContactCenter.Security;

/// <summary>Why a request failed, in words for the person, where there is more to say than its status does.</summary>
sealed record Failure(string Text);

/// <summary>Failures become small answers in the viewer's language: a page, a fragment or one line of text, whatever was asked
/// for (<c>Pages/Error</c>), and never tell what is inside.</summary>
static partial class Failures
{
    /// <summary>When it is worth while to ask again while the database is away: seconds, as Retry-After.</summary>
    public const string RetryAfter = "1";

    private const string Path = "/error";

    /// <summary>Ends the request with <paramref name="status"/>; the body is written on the way out.</summary>
    public static void Fail(this HttpContext context, int status, string? text = null)
    {
        context.Response.StatusCode = status;
        if (text is not null) context.Features.Set(new Failure(text));
    }

    /// <summary>Whether this is the second run of a request, which writes the failure of the first.</summary>
    public static bool IsFailing(this HttpContext context) =>
        context.Features.Get<IStatusCodeReExecuteFeature>() is not null || context.Features.Get<IExceptionHandlerFeature>() is not null;

    public static void UseFailures(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandlingPath = Path,
            StatusCodeSelector = Status,
            // What a client did wrong is no error of ours to log; and while the database is away, every request says the same.
            SuppressDiagnosticsCallback = context =>
            {
                if (Away(context.Exception) is { } away)
                    LogAway(Log(context.HttpContext), context.HttpContext.Features.Get<IExceptionHandlerPathFeature>()?.Path, away.Message);
                return Status(context.Exception) is < 500 or StatusCodes.Status503ServiceUnavailable;
            },
        });
        app.UseStatusCodePagesWithReExecute(Path);
        app.Use(LeaveTornOffAsync);
    }

    // Whoever was sending has gone in the midst of it: nobody waits for an answer. Kestrel's reader stays in the read
    // that failed; unless it is told, it wants to read the rest, cannot, and logs that as an error.
    private static async Task LeaveTornOffAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception gone) when (gone is ConnectionResetException or { InnerException: ConnectionResetException })
        {
            context.Abort();
        }
    }

    private static int Status(Exception exception) => exception switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        AntiforgeryValidationException { InnerException: BadHttpRequestException bad } => bad.StatusCode,
        AntiforgeryValidationException or InvalidDataException => StatusCodes.Status400BadRequest,
        // Whoever was sending has gone.
        OperationCanceledException => StatusCodes.Status499ClientClosedRequest,
        _ => exception.SaysAway() ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError,
    };

    /// <summary>Whether the database is away for a moment, has too much to do, or could not finish this time: the same may go
    /// well in the next.</summary>
    public static bool SaysAway(this Exception exception) => Away(exception) is not null;

    private static Exception? Away(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
            if (inner is NpgsqlException { IsTransient: true } or OverloadedException || StaleNames.IsOf(inner)) return inner;
        return null;
    }

    private static ILogger Log(HttpContext context) =>
        context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Failures).FullName!);

    [LoggerMessage(Level = LogLevel.Error, Message = "The database was not there for {Path}: {Reason}")]
    private static partial void LogAway(ILogger log, string? path, string reason);
}
