using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Security;

/// <summary>What was posted by a page that had grown old: its token is of another session, of other keys, or none.</summary>
sealed record AgedForm(IFormCollection Fields);

/// <summary>A page whose form is more than its <c>Form</c>: puts what was typed where its view looks for it.</summary>
interface IShownAgain
{
    Task ShowAgainAsync(CancellationToken cancel);
}

/// <summary>
/// A form with an aged token is not executed, and what was typed is not lost: its page is shown again as if asked for anew
/// (GET), with a fresh token, a sentence (the layouts') and the posted fields in its <c>Form</c>. Passwords are the
/// exception: no page echoes them. Where a page has no such form, the page of errors keeps what somebody wrote.
/// </summary>
sealed class AgedForms(IModelMetadataProvider metadata, IModelBinderFactory binders, IStringLocalizer<Text> T) : IAsyncPageFilter
{
    /// <summary>The header with a fresh token for a script, and the one that says whose it is.</summary>
    public const string TokenHeader = "RequestVerificationToken";
    public const string UserHeader = "X-User";

    /// <summary>Turns the posted form into a request for its page.</summary>
    public static async Task TurnAsync(HttpContext context)
    {
        var request = context.Request;
        var fields = request.HasFormContentType ? await request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty;
        context.Features.Set(new AgedForm(fields));
        request.Method = HttpMethods.Get;
        request.QueryString = QueryString.Create(request.Query.Where(each => each.Key != "handler"));
        // Nothing of it may be taken for an argument of the page's GET.
        request.ContentType = null;
        request.ContentLength = null;
        context.Features.Set<IFormFeature>(null);
    }

    /// <summary>A script keeps what was typed on the page, and does it again with this when the person does.</summary>
    public static void Renew(HttpContext context, IAntiforgery antiforgery)
    {
        if (context.User.Identity?.IsAuthenticated != true) return;
        context.Response.Headers[TokenHeader] = antiforgery.GetAndStoreTokens(context).RequestToken;
        context.Response.Headers[UserHeader] = context.User.Id().ToString();
    }

    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (context.HttpContext.Features.Get<AgedForm>() is not { } aged || context.HttpContext.IsFailing())
        {
            await next();
            return;
        }
        var form = context.HandlerInstance.GetType().GetProperty("Form");
        if (form is not { CanWrite: true })
        {
            // Nothing is even looked at: that may leave a trace.
            Refuse(context.HttpContext);
            context.Result = new EmptyResult();
            return;
        }
        var executed = await next();
        if (executed.Exception is not null) return;
        switch (executed.Result)
        {
            case null or PageResult:
                context.HttpContext.Response.StatusCode = StatusCodes.Status400BadRequest;
                await FillAsync(context, aged, form);
                break;
            // Signed in by another tab: on to where this one was going.
            case RedirectResult when context.HttpContext.User.Identity?.IsAuthenticated == true
                && context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null:
                break;
            default:
                Refuse(context.HttpContext);
                executed.Result = new EmptyResult();
                break;
        }
    }

    private void Refuse(HttpContext context) =>
        context.Fail(StatusCodes.Status400BadRequest, T["This page has grown old. Load it again and repeat."]);

    private async Task FillAsync(PageHandlerExecutingContext context, AgedForm aged, PropertyInfo form)
    {
        var values = new FormValueProvider(BindingSource.Form, aged.Fields, CultureInfo.CurrentCulture);
        var kind = metadata.GetMetadataForType(form.PropertyType);
        var isPrefixed = values.ContainsPrefix(form.Name);
        // Another form of the page, whose fields these are not, stays as it is.
        if (!isPrefixed && !kind.Properties.Any(field => values.ContainsPrefix(field.PropertyName!))) return;
        var info = new BindingInfo { BindingSource = BindingSource.Form };
        var binding = DefaultModelBindingContext.CreateBindingContext(context, values, kind, info, isPrefixed ? form.Name : "");
        await binders.CreateBinder(new ModelBinderFactoryContext { Metadata = kind, BindingInfo = info }).BindModelAsync(binding);
        if (binding.Result is { IsModelSet: true, Model: { } typed }) form.SetValue(context.HandlerInstance, typed);
        if (context.HandlerInstance is IShownAgain page) await page.ShowAgainAsync(context.HttpContext.RequestAborted);
    }
}

static class AgedFormContext
{
    /// <summary>Whether this page is shown again in place of what its form asked for.</summary>
    public static bool IsShownAgain(this HttpContext context) => context.Features.Get<AgedForm>() is not null && !context.IsFailing();
}
