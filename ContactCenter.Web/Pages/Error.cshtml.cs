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

    /// <summary>
    /// What a plain form had sent and nobody took, to be read and sent again by a click; empty where it may not or cannot be:
    /// what came from another site, what was too large or unreadable, and passwords.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Sent { get; private set; } = [];

    public bool NeedsToken { get; private set; }

    /// <summary>Whether a person wrote what a field of this name holds.</summary>
    public static bool IsWritten(string name) => name is "text" or "note";

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (HttpContext.Features.Get<AgedForm>() is { } aged)
        {
            // Never with one click what nobody wrote: another site may have made it up.
            if (aged.Fields.Keys.Any(IsWritten)) Keep(aged.Fields);
        }
        else if (Response.StatusCode is 404 or 409 or 429 or >= 500 && HttpMethods.IsPost(Request.Method) && await FormAsync() is { } form)
        {
            Keep(form);
        }
        await base.OnPageHandlerExecutionAsync(context, next);
    }

    private async Task<IFormCollection?> FormAsync()
    {
        if (IsFragment || !Request.HasFormContentType) return null;
        try
        {
            return await Request.ReadFormAsync(HttpContext.RequestAborted);
        }
        catch (Exception problem) when (problem is IOException or InvalidDataException or OperationCanceledException)
        {
            // Too large, or torn off: there is nothing to show.
            return null;
        }
    }

    private void Keep(IFormCollection form)
    {
        if (IsFragment || form.Keys.Any(name => name.Contains("password", StringComparison.OrdinalIgnoreCase))) return;
        Sent = [.. form.Where(field => field.Key != "__RequestVerificationToken")
            .SelectMany(field => field.Value, (field, value) => KeyValuePair.Create(field.Key, value ?? ""))];
        NeedsToken = User.Identity?.IsAuthenticated == true;
    }

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
