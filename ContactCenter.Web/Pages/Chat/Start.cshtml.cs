using ContactCenter.Channels.WebChat;
using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages.Chat;

/// <summary>Begins a visitor's conversation by a plain form. A page of its own, because beginning has its own limit.</summary>
[EnableRateLimiting(Limits.Start)]
public sealed class StartModel(
    Chats chats, VisitorToken tokens, ConversationStore conversations, TimeProvider clock, IStringLocalizer<Text> T)
    : ChatPage(chats, tokens, conversations, clock)
{
    public ChatView View { get; private set; } = null!;

    public RedirectResult OnGet() => Redirect($"/chat/{Chat.Campaign.Key}");

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        View = await BeginAsync(plain: true, T, cancel);
        return Page();
    }
}
