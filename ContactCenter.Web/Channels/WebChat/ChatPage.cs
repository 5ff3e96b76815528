using ContactCenter.Domain;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Channels.WebChat;

/// <summary>The shared part of the chat's pages: who asks about which campaign, and the verbs behind forms and fragments alike.</summary>
[AllowAnonymous]
[IgnoreAntiforgeryToken] // The visitor's token is a header or a field, never sent by the browser on its own.
[BodyLimit(WebChatEndpoints.MaxBody)]
[ServiceFilter<ChatFilter>]
public abstract class ChatPage(Chats chats, VisitorToken tokens, ConversationStore conversations, TimeProvider clock) : PageModel
{
    // A plain page gives a sign of life only when its visitor asks for it again.
    private static readonly TimeSpan PlainPatience = TimeSpan.FromMinutes(10);

    protected ChatRequest Chat => HttpContext.Features.Get<ChatRequest>()!;

    /// <summary>What this visitor sees now.</summary>
    protected async Task<ChatView> NowAsync(bool plain, Guid? shown, CancellationToken cancel)
    {
        if (Chat.Visitor is not { } visitor)
            return await chats.StartAsync(Chat.Campaign, Chat.Language, null, cancel);
        if (await chats.FindAsync(visitor, cancel) is not { } conversation)
            return await chats.StartAsync(Chat.Campaign, Chat.Language, visitor, cancel);
        var token = visitor.ConversationId == conversation.Id ? tokens.Renew(visitor) : Issue(conversation);
        return await ShowAsync(conversation, token, plain, shown, cancel);
    }

    /// <summary>
    /// The start form as the campaign's door has it now, with what is known of who was here before and with what was typed:
    /// nothing is begun.
    /// </summary>
    protected async Task<ChatView> AgainAsync(CancellationToken cancel)
    {
        // Somebody else at the same computer.
        if (Chat.Fields.ContainsKey("forget")) return await chats.StartAsync(Chat.Campaign, Chat.Language, null, cancel);
        var view = await chats.StartAsync(Chat.Campaign, Chat.Language, Chat.Visitor, cancel);
        var form = StartFormReader.Typed(Chat.Fields, view.Form);
        var token = Chat.Fields["visitor"].ToString();
        return view with { Form = form, NewId = form.Id, PlainToken = Chat.Visitor is not null && token.Length > 0 ? token : null };
    }

    /// <summary>Begins a conversation from the start form (W2), or shows the form with what is wrong with it (422).</summary>
    protected async Task<ChatView> BeginAsync(bool plain, IStringLocalizer<Text> T, CancellationToken cancel)
    {
        switch (StartFormReader.Read(Chat.Fields, Chat.Language, T))
        {
            case StartInput.Good good:
                var outcome = await conversations.StartAsync(
                    Chat.Campaign.Id, StartProof.KeyOf(good.Id, good.Proof), Chat.Visitor?.ContactId, new ContactDetails(good.Name, good.Email, good.Phone),
                    good.Language, good.Text, good.Offline, cancel);
                return outcome switch
                {
                    StartOutcome.Started { Conversation: var conversation } =>
                        await ShowAsync(conversation, Issue(conversation), plain, null, cancel),
                    StartOutcome.Refused { Why: var door } => Refuse(door, good),
                    _ => throw new InvalidOperationException(),
                };
            case StartInput.Bad bad:
                var view = chats.Start(Chat.Campaign, Chat.Language, bad.Form);
                Response.StatusCode = view.Stage == ChatStage.Closed ? StatusCodes.Status409Conflict : StatusCodes.Status422UnprocessableEntity;
                return view;
            default:
                throw new InvalidOperationException();
        }
    }

    /// <summary>The campaign closed or filled up meanwhile: what was typed stays, to be left as a message or sent again.</summary>
    private ChatView Refuse(Door door, StartInput.Good typed)
    {
        Response.StatusCode = StatusCodes.Status409Conflict;
        ChatFilter.Speak(typed.Language);
        return chats.Start(Chat.Campaign, typed.Language, new StartForm
        {
            Id = typed.Id,
            Proof = typed.Proof ?? StartProof.New(),
            Name = typed.Name,
            Email = typed.Email ?? "",
            Phone = typed.Phone ?? "",
            Language = typed.Language,
            Text = typed.Text ?? "",
        }, door);
    }

    /// <summary>Leaves the queue or ends the conversation (W6); doing so twice is doing so once, and never ends the next one.</summary>
    protected async Task<ChatView?> LeaveAsync(bool plain, CancellationToken cancel)
    {
        if (Chat.Visitor is not { } visitor || await chats.FindAsync(visitor, cancel) is not { } conversation)
            return null;
        if (conversation.Id == visitor.ConversationId && visitor.IsIn(Request.Query))
            await conversations.LeaveAsync(conversation.Id, cancel);
        return await NowAsync(plain, null, cancel);
    }

    private string Issue(Conversation conversation) =>
        tokens.Issue(conversation.ContactId, Chat.Campaign.Id, conversation.Id, conversation.Language);

    private async Task<ChatView> ShowAsync(
        Conversation conversation, string? newToken, bool plain, Guid? shown, CancellationToken cancel)
    {
        if (newToken is not null)
            Response.Headers[VisitorToken.Header] = newToken;
        ChatFilter.Speak(conversation.Language);
        if (plain && (conversation.State == ConversationState.Waiting || conversation.BotRead is not null))
            await conversations.SeenAsync([conversation.Id], clock.GetUtcNow() + PlainPatience, cancel);
        var view = await chats.ShowAsync(Chat.Campaign, conversation, plain, shown == conversation.Id, cancel);
        return plain ? view with { PlainToken = newToken ?? Sent() } : view;
    }

    private string Sent() => Request.Headers[VisitorToken.Header] is { Count: > 0 } header ? header.ToString() : Chat.Fields["visitor"].ToString();
}

/// <summary>The largest body in bytes, known to routing: MVC's own attribute is also a filter, which comes when the body has been read.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class BodyLimitAttribute(int bytes) : Attribute, IRequestSizeLimitMetadata
{
    public int Bytes { get; } = bytes;

    public long? MaxRequestBodySize => Bytes;
}
