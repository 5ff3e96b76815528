using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace ContactCenter.Security;

/// <summary>A verb, or a named handler, that a page does not have is 405: without it the page would be rendered although nothing was loaded.</summary>
sealed class KnownVerbs : IPageFilter
{
    public void OnPageHandlerSelected(PageHandlerSelectedContext context)
    {
    }

    public void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        // The page of errors has none and answers to all: it is run again with the verb of what failed.
        var knows = context.ActionDescriptor.HandlerMethods.Any(handler => HttpMethods.IsGet(handler.HttpMethod) || HttpMethods.IsPost(handler.HttpMethod));
        if (context.HandlerMethod is null && knows)
            context.Result = new StatusCodeResult(StatusCodes.Status405MethodNotAllowed);
    }

    public void OnPageHandlerExecuted(PageHandlerExecutedContext context)
    {
    }
}
