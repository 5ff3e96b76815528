using ContactCenter.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages;

/// <summary>Says in the viewer's language what went wrong, and no more than that.</summary>
[AllowAnonymous, IgnoreAntiforgeryToken]
public sealed class ErrorPage(IStringLocalizer<Text> T) : PageModel
{
    public bool IsFragment => Sessions.IsFragment(Request);

    /// <summary>Whether it is worth while to ask again: of a page, not of what was sent.</summary>
    public bool ComesBack => Response.StatusCode == StatusCodes.Status503ServiceUnavailable && HttpMethods.IsGet(Request.Method);

    public string Heading { get; private set; } = "";

    public string Explanation { get; private set; } = "";

    // Not OnGet: the failed request comes here with the verb it had.
    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        if (!HttpContext.IsFailing()) Response.StatusCode = StatusCodes.Status404NotFound;
        if (Response.StatusCode == StatusCodes.Status503ServiceUnavailable) Response.Headers.RetryAfter = Failures.RetryAfter;
        (Heading, Explanation) = Words(Response.StatusCode);
        Explanation = HttpContext.Features.Get<Failure>()?.Text ?? Explanation;
        if (HttpContext.Features.Get<ForeignHost>() is not null)
            (Heading, Explanation) = (T["Another address"], T["This server does not answer for the address you asked for. Use the one you were given; whoever operates it can allow others."]);
        if (!IsFragment && !Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
            context.Result = new ContentResult { Content = Explanation, ContentType = "text/plain; charset=utf-8", StatusCode = Response.StatusCode };
    }

    private (string Heading, string Explanation) Words(int status) => status switch
    {
        400 => (T["Not understood"], T["The request was not complete or not readable."]),
        401 => (T["Signed out"], T["Your session has ended. Sign in again."]),
        403 => (T["Not allowed"], T["This is not open to you, or it was asked for from another site."]),
        404 or 405 => (T["Not found"], T["There is nothing here, or it is not within your reach."]),
        413 => (T["Too large"], T["That is too large to be accepted."]),
        429 => (T["Too much at once"], T["Wait a moment and try again."]),
        503 => (T["Back in a moment"], T["We cannot reach our data at the moment. Try again in a few seconds."]),
        >= 500 => (T["Something went wrong"], T["The fault is ours and has been recorded. Try again in a moment."]),
        _ => (T["Not possible"], T["This could not be done."]),
    };
}
