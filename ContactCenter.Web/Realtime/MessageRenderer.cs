using System.Globalization;
using System.Text;
using ContactCenter.Domain;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Razor;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewEngines;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Realtime;

/// <summary>Renders one entry with the partial that pages use too, outside of any page.</summary>
public sealed class MessageRenderer(
    IServiceProvider services,
    IRazorViewEngine views,
    ITempDataProvider tempData,
    IModelMetadataProvider metadata,
    IStringLocalizer<Text> text)
{
    private const string Partial = "/Pages/Shared/_Message.cshtml";

    /// <summary>The entry's HTML on one line, or null where the audience is not told of it.</summary>
    public async Task<string?> RenderAsync(Message entry, Audience audience, Marks marks)
    {
        var (culture, uiCulture) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(audience.Language);
        try
        {
            return MessageView.For(entry, audience, marks, text) is { } view ? await RenderAsync(view) : null;
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, uiCulture);
        }
    }

    private async Task<string> RenderAsync(MessageView model)
    {
        // The view's buffers are scoped, and there may be no request around this.
        await using var scope = services.CreateAsyncScope();
        var context = new ActionContext(
            new DefaultHttpContext { RequestServices = scope.ServiceProvider }, new RouteData(), new ActionDescriptor());
        // The engine caches the view; asking again costs a look-up and lets an edited partial appear in Development.
        var view = views.GetView(null, Partial, isMainPage: false).EnsureSuccessful(null).View!;
        await using var writer = new StringWriter(new StringBuilder(640), CultureInfo.InvariantCulture);
        var data = new ViewDataDictionary<MessageView>(metadata, context.ModelState) { Model = model };
        await view.RenderAsync(new ViewContext(
            context, view, data, new TempDataDictionary(context.HttpContext, tempData), writer, new HtmlHelperOptions()));
        return writer.ToString().ReplaceLineEndings("").Trim();
    }
}
