using ContactCenter.Channels.WebChat;
using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages.Chat;

/// <summary>Begins a visitor's conversation.</summary>
[EnableRateLimiting(Limits.Start)]
public sealed class ConversationModel(
    Chats chats, VisitorToken tokens, ConversationStore conversations, TimeProvider clock, IStringLocalizer<Text> T)
    : ChatPage(chats, tokens, conversations, clock)
{
    public async Task<PartialViewResult> OnPostAsync(CancellationToken cancel) =>
        Partial("_Pane", await BeginAsync(plain: false, T, cancel));
}
