using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages.Conversations;

/// <summary>Parks a conversation: same ticket, the contact is not told (A10).</summary>
[Authorize(Policies.Staff)]
public sealed class PausePage(Panes panes, ConversationStore conversations, IStringLocalizer<Text> text) : VerbPage(panes, text)
{
    public IActionResult OnGet(Guid id) => Redirect($"/conversations/{id}");

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken cancel) =>
        await IsWithinReachAsync(id, cancel)
            ? await AnswerAsync(id, await conversations.PauseAsync(id, Viewer.Id, Viewer.Name, cancel), cancel)
            : NotFound();
}
