using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Pages.Supervision;

/// <summary>The conversations a figure of the board counts, a page at a time.</summary>
[Authorize(Policies.Supervision)]
public sealed class ConversationsPage(BoardStore store) : PageModel
{
    private const int Size = 50;

    public BoardFigure Figure { get; private set; }
    public BoardCampaign? Campaign { get; private set; }
    public BehindPage Found { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(string figure, Guid? campaign, DateTimeOffset? at, long? ticket, CancellationToken cancel)
    {
        if (!Enum.TryParse<BoardFigure>(figure, ignoreCase: true, out var known) || !Enum.IsDefined(known)) return NotFound();
        var all = await store.CampaignsAsync(Viewer.Of(User), cancel);
        Campaign = all.FirstOrDefault(each => each.Id == campaign);
        if (campaign is not null && Campaign is null) return NotFound();
        Figure = known;
        var after = at is { } moment ? new PastCursor(moment, ticket ?? long.MaxValue) : null;
        Found = await store.BehindAsync(Campaign is null ? all : [Campaign], known, after, Size, cancel);
        return Page();
    }
}
