using ContactCenter.Domain;
using ContactCenter.Pages.Conversations;
using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.Extensions.Options;

namespace ContactCenter.Pages.Inbox;

/// <summary>The whole workspace: the inbox at the left, and what is open beside it.</summary>
public sealed record WorkspaceView(InboxView Inbox, Kpis Kpis, AvailabilityView? Availability, PaneView? Pane);

/// <summary>Reads the parts of the workspace that surround a conversation.</summary>
public sealed class Workspaces(InboxStore inboxes, IOptions<PresenceOptions> presence)
{
    private const int Longest = 80;

    public async Task<WorkspaceView> ReadAsync(HttpContext context, InboxTab tab, string? query, PaneView? pane, CancellationToken cancel)
    {
        var viewer = Viewer.Of(context.User);
        // Independent questions: one wait for the three answers.
        var inbox = inboxes.ReadAsync(viewer, tab, Clean(query), cancel);
        var kpis = KpisAsync(context, cancel);
        var availability = inboxes.AvailabilityAsync(viewer.Id, cancel);
        return new WorkspaceView(await inbox, await kpis, await availability, pane);
    }

    public Task<InboxView> InboxAsync(HttpContext context, InboxTab tab, string? query, CancellationToken cancel) =>
        inboxes.ReadAsync(Viewer.Of(context.User), tab, Clean(query), cancel);

    public Task<AvailabilityView?> AvailabilityAsync(HttpContext context, CancellationToken cancel) =>
        inboxes.AvailabilityAsync(context.User.Id(), cancel);

    public Task<Kpis> KpisAsync(HttpContext context, CancellationToken cancel) =>
        inboxes.KpisAsync(Viewer.Of(context.User), presence.Value.Grace, cancel);

    private static string Clean(string? query) => MessageText.CleanLine(query, Longest) ?? "";
}
