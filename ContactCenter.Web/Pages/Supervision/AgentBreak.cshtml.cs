using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages.Supervision;

/// <summary>Sends an agent on a break with a reason (S5 Pause); the agent's switch says so and by whom.</summary>
[Authorize(Policies.Supervision)]
public sealed class AgentBreakPage(FloorStore floor, IStringLocalizer<Text> text) : PageModel
{
    public AgentView View { get; private set; } = null!;

    public IActionResult OnGet() => Redirect("/supervision");

    public async Task<IActionResult> OnPostAsync(Guid id, Guid? reason, CancellationToken cancel)
    {
        if (await floor.FindAsync(Viewer.Of(User), id, cancel) is not { } agent) return NotFound();
        if (reason is { } chosen && await floor.PauseAsync(id, chosen, User.Id(), cancel)) return new NoContentResult();
        View = new AgentView(agent, reason is null ? text["Choose a reason of the list."] : text["This reason is not offered any more; nothing was changed. Choose another."]);
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return Page();
    }
}
