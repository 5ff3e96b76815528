using ContactCenter.Channels.WebChat;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Pages.Chat;

/// <summary>What the visitor sees now, as a fragment.</summary>
public sealed class PaneModel(Chats chats, VisitorToken tokens, ConversationStore conversations, TimeProvider clock)
    : ChatPage(chats, tokens, conversations, clock)
{
    /// <param name="shown">The conversation whose log is on the page: only what stands around it changes then.</param>
    /// <param name="again">The start form, where the conversation is a finished one and another can begin.</param>
    public async Task<PartialViewResult> OnGetAsync(Guid? shown, bool again, CancellationToken cancel)
    {
        var view = await NowAsync(plain: false, shown, cancel);
        if (again && view.Stage == ChatStage.Ended && await AgainAsync(cancel) is { Stage: not ChatStage.Closed } form)
            view = form;
        if (!view.KeepsLog)
            Response.Headers["HX-Reswap"] = "outerHTML";
        return Partial("_Pane", view);
    }
}
