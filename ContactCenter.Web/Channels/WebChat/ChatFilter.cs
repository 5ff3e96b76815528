using System.Globalization;
using ContactCenter.Domain;
using ContactCenter.Security;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Channels.WebChat;

/// <summary>What every page of the chat begins with.</summary>
/// <param name="Visitor">Null for a new one, and for a token that is forged, expired or another campaign's.</param>
/// <param name="Fields">What a form posted.</param>
public sealed record ChatRequest(Campaign Campaign, Visitor? Visitor, string Language, IFormCollection Fields);

/// <summary>
/// Finds campaign and visitor before a page of the chat runs, and lets the whole answer be in the visitor's language:
/// a culture set inside a handler would be forgotten when its view is rendered.
/// </summary>
public sealed class ChatFilter(ChatCampaigns campaigns, VisitorToken tokens, PlainFormLimit limit, IStringLocalizer<Text> T) : IAsyncResourceFilter
{
    public async Task OnResourceExecutionAsync(ResourceExecutingContext context, ResourceExecutionDelegate next)
    {
        var http = context.HttpContext;
        var key = context.RouteData.Values["key"] as string ?? "";
        if (await campaigns.FindAsync(key, http.RequestAborted) is not { } campaign)
        {
            context.Result = new ChatNotice(
                StatusCodes.Status404NotFound, T["This chat is not available at the moment. Please come back later."]);
            return;
        }
        if (HttpMethods.IsPost(http.Request.Method) && !WebChatEndpoints.IsForm(http.Request))
        {
            context.Result = new StatusCodeResult(StatusCodes.Status415UnsupportedMediaType);
            return;
        }
        var fields = HttpMethods.IsPost(http.Request.Method)
            ? await http.Request.ReadFormAsync(http.RequestAborted)
            : FormCollection.Empty;
        var token = http.Request.Headers[VisitorToken.Header].ToString();
        var visitor = tokens.Read(token.Length > 0 ? token : fields["visitor"].ToString(), campaign.Id);
        if (token.Length == 0 && visitor is not null && limit.Wait(visitor) is { } wait)
        {
            http.Response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
            context.Result = new StatusCodeResult(StatusCodes.Status429TooManyRequests);
            return;
        }
        var language = Languages.Match(fields["language"])
            ?? visitor?.Language
            ?? Languages.Match(http.Request.Query["lang"])
            ?? Languages.Match(CultureInfo.CurrentUICulture.Name)
            ?? Languages.Default;
        Speak(language);
        http.Csp().FrameAncestors = AllowedOrigins.Sources(campaign.Settings.AllowedOrigins);
        http.Features.Set(new ChatRequest(campaign, visitor, language, fields));
        await next();
    }

    public static void Speak(string language) =>
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
}
