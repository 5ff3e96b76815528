using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Diagnostics;

namespace ContactCenter.Security;

/// <summary>Why a request failed, in words for the person, where there is more to say than its status does.</summary>
sealed record Failure(string Text);

/// <summary>Failures become small answers in the viewer's language: a page, a fragment or one line of text, whatever was asked
/// for (<c>Pages/Error</c>), and never tell what is inside.</summary>
static class Failures
{
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
            // What a client did wrong is no error of ours to log.
            SuppressDiagnosticsCallback = context => Status(context.Exception) < 500,
        });
        app.UseStatusCodePagesWithReExecute(Path);
    }

    private static int Status(Exception exception) => exception switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        AntiforgeryValidationException { InnerException: BadHttpRequestException bad } => bad.StatusCode,
        AntiforgeryValidationException or InvalidDataException => StatusCodes.Status400BadRequest,
        _ => StatusCodes.Status500InternalServerError,
    };
}
