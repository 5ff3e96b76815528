using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages.Conversations;

/// <summary>"Still here": the agent keeps a conversation they have not answered yet, before it goes back to the queue (Q8).</summary>
[Authorize(Policies.Staff)]
public sealed class PresencePage(Panes panes, ConversationStore conversations, IStringLocalizer<Text> text) : VerbPage(panes, text)
{
    public IActionResult OnGet(Guid id) => Redirect($"/conversations/{id}");

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken cancel)
    {
        if (!await IsWithinReachAsync(id, cancel)) return NotFound();
        var answer = await AnswerAsync(id, await conversations.StayAsync(id, Viewer.Id, cancel), cancel);
        return Sessions.IsHtmx(Request) || Response.StatusCode == StatusCodes.Status409Conflict ? answer : Redirect($"/conversations/{id}");
    }
}
