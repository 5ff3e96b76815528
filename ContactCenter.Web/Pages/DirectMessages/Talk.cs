using ContactCenter.Storage;

namespace ContactCenter.Pages.DirectMessages;

/// <summary>A talk between two of the staff and the viewer's other ones.</summary>
/// <param name="Thread">The open one; null where there is none to open.</param>
/// <param name="Draft">What was written and not accepted, and why.</param>
public sealed record TalkView(
    Guid Viewer, DirectThread? Thread, IReadOnlyList<Correspondent> Others, bool InDialog, string Draft = "", string? Problem = null);

/// <summary>Reads talks for the page and for the dialog.</summary>
public sealed class Talks(DirectMessageStore messages)
{
    /// <summary>The talk with somebody, or without <paramref name="with"/> the last one; null where they are not within reach.</summary>
    public async Task<TalkView?> ReadAsync(Viewer viewer, Guid? with, bool inDialog, CancellationToken cancel)
    {
        var others = await messages.CorrespondentsAsync(viewer, cancel);
        var open = with ?? others.Select(other => (Guid?)other.Id).FirstOrDefault();
        if (open is not { } other) return new TalkView(viewer.Id, null, others, inDialog);
        return await messages.ReadAsync(viewer, other, cancel) is { } thread ? new TalkView(viewer.Id, thread, others, inDialog) : null;
    }
}
