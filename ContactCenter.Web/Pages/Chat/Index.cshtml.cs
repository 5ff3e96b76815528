using ContactCenter.Channels.WebChat;
using ContactCenter.Domain;
using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages.Chat;

/// <summary>The document in the widget's frame, and the whole chat as plain forms for browsers without JavaScript (W11).</summary>
[EnableRateLimiting(Limits.Message)]
public sealed class IndexModel(
    Chats chats, VisitorToken tokens, ConversationStore conversations, MessageStore messages, TimeProvider clock, IStringLocalizer<Text> T)
    : ChatPage(chats, tokens, conversations, clock)
{
    public ChatView View { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (!MayEmbed())
        {
            return new ChatNotice(
                StatusCodes.Status403Forbidden,
                T["This site may not show the chat \"{0}\". An administrator can add its address to the campaign's allowed origins.", Chat.Campaign.Name]);
        }
        View = await NowAsync(plain: false, null, cancel);
        return Page();
    }

    public async Task<IActionResult> OnPostSendAsync(CancellationToken cancel)
    {
        var text = MessageText.Clean(Chat.Fields["text"]);
        string? problem = null;
        if (text.Problem is { } wrong)
        {
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            problem = ChatTexts.Problem(wrong, T);
        }
        else if (!Guid.TryParse(Chat.Fields["id"], out var id) || id == default)
        {
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            problem = T["This message has no id; load the page again"];
        }
        else if (Chat.Visitor is { } visitor)
        {
            var outcome = await messages.FromContactAsync(
                visitor.ConversationId, visitor.ContactId, visitor.CampaignId, id, text.Value!, cancel);
            (Response.StatusCode, problem) = outcome switch
            {
                MessageOutcome.Accepted => (StatusCodes.Status200OK, null),
                _ => (StatusCodes.Status409Conflict, (string?)T["This conversation has ended"]),
            };
        }
        else
        {
            (Response.StatusCode, problem) = (StatusCodes.Status409Conflict, T["This conversation is not known here"]);
        }
        await ShowAsync(cancel);
        if (problem is null) return Page();
        View = View.Conversation is null
            ? View with { Notice = problem, Form = StartFormReader.Typed(Chat.Fields, View.Form) with { Id = View.NewId } }
            : View with { Problem = problem, Draft = Chat.Fields["text"].ToString() };
        return Page();
    }

    public async Task<IActionResult> OnPostRefreshAsync(CancellationToken cancel)
    {
        await ShowAsync(cancel);
        return Page();
    }

    public async Task<IActionResult> OnPostLeaveAsync(CancellationToken cancel)
    {
        View = await LeaveAsync(plain: true, cancel) ?? await AgainAsync(cancel);
        return Page();
    }

    public async Task<IActionResult> OnPostAgainAsync(CancellationToken cancel)
    {
        View = await AgainAsync(cancel);
        return Page();
    }

    // A page asked for is a page read: there is nothing else to tell it by.
    private async Task ShowAsync(CancellationToken cancel)
    {
        View = await NowAsync(plain: true, null, cancel);
        if (View.Conversation is { } conversation && Chat.Visitor is { } visitor)
            await messages.ContactReceiptAsync(conversation, visitor.ContactId, View.Last, View.Last, cancel);
    }

    /// <summary>
    /// Frames of other sites are refused here too, not only by frame-ancestors: the refusal says why. Browsers that tell
    /// neither, or pages that send no referrer, are left to the header.
    /// </summary>
    private bool MayEmbed()
    {
        if (Request.Headers["Sec-Fetch-Dest"] != "iframe" || Request.Headers["Sec-Fetch-Site"] == "same-origin")
            return true;
        return !Uri.TryCreate(Request.Headers.Referer, UriKind.Absolute, out var referer)
            || AllowedOrigins.Allow(Chat.Campaign.Settings.AllowedOrigins, referer.GetLeftPart(UriPartial.Authority));
    }
}
