using ContactCenter.Channels.WebChat;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Mvc;

namespace ContactCenter.Pages.Chat;

/// <summary>The visitor leaves the queue, or ends the conversation.</summary>
public sealed class LeaveModel(Chats chats, VisitorToken tokens, ConversationStore conversations, TimeProvider clock)
    : ChatPage(chats, tokens, conversations, clock)
{
    public async Task<IActionResult> OnPostAsync(CancellationToken cancel) =>
        await LeaveAsync(plain: false, cancel) is { } view ? Partial("_Pane", view) : NotFound();
}
