using System.Globalization;
using System.Text;
using ContactCenter.Domain;
using ContactCenter.Realtime;
using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Channels.WebChat;

public static class WebChatRoom
{
    public static IServiceCollection AddWebChat(this IServiceCollection services) => services
        .AddSingleton<ChatCampaigns>()
        .AddSingleton<VisitorToken>()
        .AddSingleton<Chats>()
        .AddSingleton<ChatFilter>();
}

/// <summary>
/// The path of a visitor's messages, without a page around it: one look at the token, one round trip to the database,
/// the rendered message as the answer.
/// </summary>
public static class WebChatEndpoints
{
    /// <summary>Largest body in bytes: the longest message, each character three bytes written as nine, and its id.</summary>
    public const int MaxBody = 64 * 1024;

    public static void MapWebChat(this IEndpointRouteBuilder app)
    {
        var chat = app.MapGroup("/chat/{key}")
            .AllowAnonymous()
            .DisableAntiforgery()
            .WithMetadata(new BodyLimitAttribute(MaxBody));
        chat.MapPost("/messages", SendAsync).RequireRateLimiting(Limits.Message);
        chat.MapPost("/receipts", ReceiveAsync).RequireRateLimiting(Limits.Receipt);
        chat.MapPost("/typing", TypeAsync).RequireRateLimiting(Limits.Receipt);
        // Straight from the routing: what sessions, limits and languages would keep for as long as the stream lives is memory
        // for each of thousands, and none of it is asked. The token decides.
        chat.MapGet("/stream", StreamAsync).ShortCircuit();
    }

    private static async Task SendAsync(
        HttpContext context, string key, ChatCampaigns campaigns, VisitorToken tokens, MessageStore messages,
        MessageRenderer renderer, IStringLocalizer<Text> T)
    {
        var cancel = context.RequestAborted;
        if (await FindAsync(context, key, campaigns, tokens) is not { } visitor)
            return;
        if (await FormAsync(context) is not { } form)
            return;
        ChatFilter.Speak(visitor.Language);
        var text = MessageText.Clean(form["text"]);
        if (text.Problem is { } problem)
        {
            await SayAsync(context, StatusCodes.Status422UnprocessableEntity, ChatTexts.Problem(problem, T));
            return;
        }
        if (!Guid.TryParse(form["id"], out var id) || id == default)
        {
            await SayAsync(context, StatusCodes.Status422UnprocessableEntity, T["This message has no id; load the page again"]);
            return;
        }
        var outcome = visitor.IsIn(context.Request.Query)
            ? await messages.FromContactAsync(visitor.ConversationId, visitor.ContactId, visitor.CampaignId, id, text.Value!, cancel)
            : new MessageOutcome.Closed();
        await (outcome switch
        {
            MessageOutcome.Accepted accepted => WriteAsync(
                context, StatusCodes.Status200OK,
                await renderer.RenderAsync(accepted.Message, new Audience(Side.Contact, visitor.Language), default) ?? ""),
            MessageOutcome.NotFound => SayAsync(context, StatusCodes.Status404NotFound, T["This conversation is not known here"]),
            _ => SayAsync(context, StatusCodes.Status409Conflict, T["This conversation has ended"]),
        });
    }

    private static async Task ReceiveAsync(
        HttpContext context, string key, ChatCampaigns campaigns, VisitorToken tokens, MessageStore messages)
    {
        if (await FindInAsync(context, key, campaigns, tokens) is not { } visitor)
            return;
        if (await FormAsync(context) is not { } form)
            return;
        var delivered = Place(form["delivered"]);
        var read = Place(form["read"]);
        if (delivered is null && read is null)
        {
            context.Fail(StatusCodes.Status422UnprocessableEntity);
            return;
        }
        await messages.ContactReceiptAsync(
            visitor.ConversationId, visitor.ContactId, delivered ?? 0, read ?? 0, context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task TypeAsync(
        HttpContext context, string key, ChatCampaigns campaigns, VisitorToken tokens, Typing typing,
        IDbContextFactory<Database> databases)
    {
        if (await FindInAsync(context, key, campaigns, tokens) is not { } visitor)
            return;
        await using var database = await databases.CreateDbContextAsync(context.RequestAborted);
        var name = await database.Conversations
            .Where(c => c.Id == visitor.ConversationId && c.ContactId == visitor.ContactId && c.State != ConversationState.Finished)
            .Select(c => c.Contact.Name)
            .SingleOrDefaultAsync(context.RequestAborted);
        if (name is not null)
            typing.Contact(visitor.ConversationId, name);
        context.Response.StatusCode = name is null ? StatusCodes.Status404NotFound : StatusCodes.Status204NoContent;
    }

    private static async Task StreamAsync(
        HttpContext context, string key, ChatCampaigns campaigns, VisitorToken tokens, Streams streams)
    {
        if (await FindInAsync(context, key, campaigns, tokens) is { } visitor)
            await streams.ForContactAsync(context, visitor.ConversationId, visitor.ContactId, visitor.Language);
    }

    // Who has no token for this campaign learns nothing, not even whether the campaign exists.
    private static async ValueTask<Visitor?> FindAsync(
        HttpContext context, string key, ChatCampaigns campaigns, VisitorToken tokens)
    {
        var visitor = await campaigns.FindAsync(key, context.RequestAborted) is { } campaign
            ? tokens.Read(context.Request.Headers[VisitorToken.Header], campaign.Id)
            : null;
        if (visitor is null)
            context.Fail(StatusCodes.Status404NotFound);
        return visitor;
    }

    private static async ValueTask<Visitor?> FindInAsync(
        HttpContext context, string key, ChatCampaigns campaigns, VisitorToken tokens)
    {
        var visitor = await FindAsync(context, key, campaigns, tokens);
        if (visitor is null || visitor.IsIn(context.Request.Query))
            return visitor;
        context.Fail(StatusCodes.Status404NotFound);
        return null;
    }

    /// <summary>Whether it is sent as the chat's forms are. Parts (multipart) are for files, and end in a failure where they are torn off.</summary>
    internal static bool IsForm(HttpRequest request) =>
        request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true;

    private static async ValueTask<IFormCollection?> FormAsync(HttpContext context)
    {
        if (IsForm(context.Request))
            return await context.Request.ReadFormAsync(context.RequestAborted);
        context.Fail(StatusCodes.Status415UnsupportedMediaType);
        return null;
    }

    private static int? Place(string? value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var place) ? place : null;

    // Shown beside the message that was not taken.
    private static Task SayAsync(HttpContext context, int status, string text) =>
        WriteAsync(context, status, System.Net.WebUtility.HtmlEncode(text));

    private static async Task WriteAsync(HttpContext context, int status, string html)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        var bytes = Encoding.UTF8.GetBytes(html);
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }
}
