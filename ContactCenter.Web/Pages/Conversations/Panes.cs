using System.Globalization;
using ContactCenter.Domain;
using ContactCenter.Pages.Contacts;
using ContactCenter.Realtime;
using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages.Conversations;

/// <summary>What stands around a log and follows the conversation: the header, and the composer or the reason there is none.</summary>
/// <param name="Mine">Whether the viewer holds it and may write.</param>
/// <param name="Notice">Why the last thing asked for was refused.</param>
public sealed record FrameView(Dossier Conversation, bool Mine, string? Notice = null);

/// <summary>An open conversation: its frame, its log, and the contact beside it.</summary>
public sealed record PaneView(FrameView Frame, IReadOnlyList<MessageView> Log, OlderView Older, PanelView Panel)
{
    public Dossier Conversation => Frame.Conversation;

    public bool Mine => Frame.Mine;

    /// <summary>The last place shown: the stream goes on from there.</summary>
    public int Shown => Log.Count > 0 ? Log[^1].Seq : 0;
}

/// <summary>What "previous messages" brings next (A6): earlier ones of this conversation, then the contact's earlier conversations.</summary>
/// <param name="Before">Entries before this place of this conversation; null when its beginning is shown.</param>
/// <param name="Earlier">The conversation before; null when there is none within reach.</param>
public sealed record OlderView(Guid Conversation, int? Before, PastConversation? Earlier);

/// <summary>Reads conversations for the workspace.</summary>
public sealed class Panes(
    DossierStore dossiers, LogStore logs, Panels panels, TimeProvider clock, IStringLocalizer<Text> text)
{
    public const int Page = 20;
    private const int LongestPage = 200;

    /// <summary>The conversation as the viewer sees it, or null where there is none within reach.</summary>
    public async Task<PaneView?> ReadAsync(
        HttpContext context, Guid id, CancellationToken cancel, PanelTab tab = PanelTab.Profile)
    {
        var viewer = Viewer.Of(context.User);
        if (await dossiers.FindAsync(viewer, id, cancel) is not { } found) return null;
        var log = RecentAsync(found, cancel);
        var panel = panels.ReadAsync(viewer, found.Contact.Id, tab, id, cancel);
        var entries = await log;
        var older = await OlderAsync(viewer, found, entries, cancel);
        return new PaneView(new FrameView(found, IsMine(found, viewer)), View(entries, found.Marks), older, (await panel)!);
    }

    /// <summary>Only what follows the conversation: every page that has it open asks for it when the state changes.</summary>
    public async Task<FrameView?> FrameAsync(HttpContext context, Guid id, CancellationToken cancel, string? notice = null) =>
        await FindAsync(context, id, cancel) is { } found ? new FrameView(found, IsMine(found, Viewer.Of(context.User)), notice) : null;

    public static bool IsMine(Dossier conversation, Viewer viewer) =>
        conversation.AgentId == viewer.Id && conversation.State is (ConversationState.Attending or ConversationState.Paused);

    public Task<Dossier?> FindAsync(HttpContext context, Guid id, CancellationToken cancel) =>
        dossiers.FindAsync(Viewer.Of(context.User), id, cancel);

    /// <summary>Entries before a place, and what comes before those.</summary>
    public async Task<(IReadOnlyList<MessageView> Log, OlderView Older)> BeforeAsync(
        HttpContext context, Dossier conversation, int before, CancellationToken cancel)
    {
        var entries = await logs.BeforeAsync(conversation.Id, before, Page, cancel);
        var older = await OlderAsync(Viewer.Of(context.User), conversation, entries, cancel);
        return (View(entries, conversation.Marks), older);
    }

    /// <summary>The end of an earlier conversation of the same contact, to be read above this one, and what comes before that.</summary>
    /// <returns>Null where it is not the same contact's or not within reach.</returns>
    public async Task<(Dossier Conversation, IReadOnlyList<MessageView> Log, OlderView Older)?> EarlierAsync(
        HttpContext context, Dossier conversation, Guid earlier, CancellationToken cancel)
    {
        var viewer = Viewer.Of(context.User);
        var found = await dossiers.FindAsync(viewer, earlier, cancel);
        if (found is null || found.Contact.Id != conversation.Contact.Id) return null;
        var entries = await logs.BeforeAsync(found.Id, int.MaxValue, LongestPage, cancel);
        var before = await dossiers.EarlierAsync(viewer, found.Contact.Id, found.QueuedAt, cancel);
        return (found, View(entries, found.Marks), new OlderView(conversation.Id, null, before));
    }

    public MessageView? View(Message entry, Marks marks) =>
        MessageView.For(entry, new Audience(Side.Staff, CultureInfo.CurrentUICulture.TwoLetterISOLanguageName), marks, text);

    private IReadOnlyList<MessageView> View(IEnumerable<Message> entries, Marks marks) =>
        [.. entries.Select(entry => View(entry, marks)).OfType<MessageView>()];

    /// <summary>The last 20 entries, or more where the campaign shows so many hours.</summary>
    private async Task<IReadOnlyList<Message>> RecentAsync(Dossier conversation, CancellationToken cancel)
    {
        if (conversation.HistoryHours == 0) return await logs.BeforeAsync(conversation.Id, int.MaxValue, Page, cancel);
        var since = clock.GetUtcNow().AddHours(-conversation.HistoryHours);
        var entries = await logs.BeforeAsync(conversation.Id, int.MaxValue, LongestPage, cancel);
        return [.. entries.Where((entry, at) => entry.At >= since || at >= entries.Count - Page)];
    }

    private async Task<OlderView> OlderAsync(
        Viewer viewer, Dossier conversation, IReadOnlyList<Message> shown, CancellationToken cancel)
    {
        if (shown.Count > 0 && shown[0].Seq > 1) return new OlderView(conversation.Id, shown[0].Seq, null);
        // Most contacts write for the first time: no need to ask.
        if (conversation.ContactConversations <= 1) return new OlderView(conversation.Id, null, null);
        return new OlderView(
            conversation.Id, null,
            await dossiers.EarlierAsync(viewer, conversation.Contact.Id, conversation.QueuedAt, cancel));
    }
}
