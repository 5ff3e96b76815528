using System.Text;
using ContactCenter.Domain;
using ContactCenter.Storage;

namespace ContactCenter.Realtime;

/// <summary>
/// The recent log of one conversation that has viewers on this node: each entry is rendered once per audience and
/// handed to every viewer as the same bytes. Viewers pull from their own position, so a slow one misses nothing and
/// holds nothing up; what is no longer here is read from the database.
/// </summary>
public sealed class ConversationFeed(Guid conversation, LogStore log, MessageRenderer renderer)
{
    private const int Kept = 64;
    private const int Page = 200;

    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly List<Entry> recent = [];

    // Everything up to here has been seen by this feed. It says nothing before the first viewer came.
    private int head = -1;
    private volatile bool stale = true;

    internal int Viewers;

    public Guid Conversation { get; } = conversation;

    /// <summary>The newest place this feed knows of.</summary>
    public int Head => Volatile.Read(ref head);

    /// <summary>The last typing notice, as JSON for viewers.</summary>
    public string? Typing { get; set; }

    /// <summary>The last marks, as JSON for viewers; null: to be read from the database.</summary>
    public string? Marks { get; set; }

    /// <summary>Takes an entry this process has just committed, saving the others a query.</summary>
    public void Push(Message entry)
    {
        // Whoever holds the turn is reading and will find it; the next reader looks again.
        if (!turn.Wait(0))
        {
            stale = true;
            return;
        }
        try
        {
            if (head >= 0 && entry.Seq == head + 1 && !stale) Append(entry);
            else if (entry.Seq > head) stale = true;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>There is something new that this process did not write.</summary>
    public void Invalidate() => stale = true;

    /// <summary>
    /// Lets the entries go that were kept for viewers who are a moment behind. Thousands of quiet conversations would
    /// otherwise hold their last words in memory; whoever still misses one reads it from the database.
    /// </summary>
    public void Forget()
    {
        if (!turn.Wait(0)) return;
        recent.Clear();
        recent.TrimExcess();
        turn.Release();
    }

    /// <summary>The rendered entries after <paramref name="position"/>, in order, at most a page of them.</summary>
    /// <returns>The frames for the audience and the position reached.</returns>
    public async Task<(IReadOnlyList<byte[]> Frames, int Position, bool More)> ReadAsync(
        int position, Audience audience, CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            if (head < 0)
            {
                head = position;
            }
            if (stale)
            {
                stale = false;
                await CatchUpAsync(cancel);
            }
            var entries = await AfterAsync(position, cancel);
            var frames = new List<byte[]>(entries.Count);
            foreach (var entry in entries)
                if (await FrameAsync(entry, audience) is { Length: > 0 } frame)
                    frames.Add(frame);
            var reached = entries.Count == 0 ? position : entries[^1].Message.Seq;
            return (frames, reached, reached < head);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task CatchUpAsync(CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                var page = await log.AfterAsync(Conversation, head, Page, cancel);
                foreach (var entry in page) Append(entry);
                if (page.Count < Page) return;
            }
        }
        catch
        {
            stale = true;
            throw;
        }
    }

    private async Task<IReadOnlyList<Entry>> AfterAsync(int position, CancellationToken cancel)
    {
        if (position >= head) return [];
        var first = recent.Count == 0 ? int.MaxValue : recent[0].Message.Seq;
        if (position + 1 >= first) return recent[(position + 1 - first)..];
        return [.. (await log.AfterAsync(Conversation, position, Page, cancel)).Select(message => new Entry(message))];
    }

    private void Append(Message entry)
    {
        if (recent.Count == Kept) recent.RemoveAt(0);
        recent.Add(new Entry(entry));
        Volatile.Write(ref head, entry.Seq);
    }

    private async Task<byte[]> FrameAsync(Entry entry, Audience audience)
    {
        if (entry.Frames[audience.Index] is { } ready) return ready;
        var html = await renderer.RenderAsync(entry.Message, audience, default);
        var frame = html is null ? [] : Encoding.UTF8.GetBytes($"id: {entry.Message.Seq}\ndata: {html}\n\n");
        return entry.Frames[audience.Index] = frame;
    }

    private sealed record Entry(Message Message)
    {
        // Empty: this audience is not told.
        public byte[]?[] Frames { get; } = new byte[Audience.Count][];
    }
}
