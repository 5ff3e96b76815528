using ContactCenter.Domain;
using ContactCenter.Realtime;
using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Pages.Conversations;

/// <summary>A conversation's states with times and actors (A13).</summary>
[Authorize(Policies.Staff)]
public sealed class TimelinePage(Panes panes, LogStore logs) : PageModel
{
    private const int Longest = 200;

    public long Ticket { get; private set; }
    public IReadOnlyList<(MessageView Entry, string Css)> Entries { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancel)
    {
        if (await panes.FindAsync(HttpContext, id, cancel) is not { } found) return NotFound();
        Ticket = found.Ticket;
        var events = await logs.TimelineAsync(id, Longest, cancel);
        Entries = [.. events.Select(entry => (Entry: panes.View(entry, found.Marks), Css: Css(entry.Event!.Value)))
            .Where(each => each.Entry is not null).Select(each => (each.Entry!, each.Css))];
        return Page();
    }

    /// <summary>The colour of the state an event leads to.</summary>
    private static string Css(EventKind happened) => happened switch
    {
        EventKind.Queued or EventKind.ReturnedDisconnected or EventKind.ReturnedUnanswered or EventKind.ReturnedRemoved
            or EventKind.Offered or EventKind.HandedOver or EventKind.PersonAsked or EventKind.NotUnderstood => "waiting",
        EventKind.Assigned or EventKind.Resumed or EventKind.BotGreeted => "attending",
        EventKind.Paused => "paused",
        EventKind.Finished or EventKind.Abandoned or EventKind.LeftByContact or EventKind.Vanished => "finished",
        EventKind.Closed or EventKind.LeftOutOfHours => "outofhours",
    };
}
