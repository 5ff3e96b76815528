using ContactCenter.Channels.WebChat;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Mvc;

namespace ContactCenter.Pages.Chat;

/// <summary>Earlier messages of the visitor's conversation.</summary>
public sealed class MessagesModel(Chats chats, VisitorToken tokens, ConversationStore conversations, TimeProvider clock)
    : ChatPage(chats, tokens, conversations, clock)
{
    private readonly Chats _chats = chats;

    public async Task<IActionResult> OnGetAsync(int before, CancellationToken cancel) =>
        Chat.Visitor is { } visitor && visitor.IsIn(Request.Query) && await _chats.OlderAsync(Chat.Campaign, visitor, before, cancel) is { } view
            ? Partial("_Older", view)
            : NotFound();
}
