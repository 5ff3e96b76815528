namespace ContactCenter.Storage;

/// <summary>
/// What waits to be written, and what of it is committed together: at most <paramref name="batch"/> items, of each
/// conversation one at a time and in the order in which its items came. Whoever has waited longest is first, so that a
/// conversation with many items does not keep others waiting. Without I/O, clock or lock: its owner has the lock.
/// </summary>
/// <param name="conversationOf">The conversation an item belongs to.</param>
/// <param name="capacity">How many items may wait; those that have been taken do not count.</param>
/// <param name="batch">How many items are taken at once.</param>
internal sealed class CommitQueue<T>(Func<T, Guid> conversationOf, int capacity, int batch)
{
    // Of each conversation that has an item under way or waiting: those that wait.
    private readonly Dictionary<Guid, Line> lines = [];

    // Conversations with something waiting and nothing under way.
    private readonly Queue<Guid> ready = [];

    public int Waiting { get; private set; }

    /// <summary>Whether <see cref="Take"/> would give anything.</summary>
    public bool HasReady => ready.Count > 0;

    /// <summary>Nothing waits and nothing is under way.</summary>
    public bool IsIdle => lines.Count == 0;

    /// <returns>False where too many wait already.</returns>
    public bool TryAdd(T item)
    {
        if (Waiting >= capacity) return false;
        var conversation = conversationOf(item);
        if (!lines.TryGetValue(conversation, out var line)) lines[conversation] = line = new Line();
        if (!line.IsUnderWay && line.Items.Count == 0) ready.Enqueue(conversation);
        line.Items.Enqueue(item);
        Waiting++;
        return true;
    }

    /// <summary>
    /// What goes next, ordered by conversation, which is the order in which rows are locked. Each conversation stays
    /// under way until <see cref="Done"/>.
    /// </summary>
    public List<T> Take()
    {
        var taken = new List<T>(Math.Min(ready.Count, batch));
        while (taken.Count < batch && ready.TryDequeue(out var conversation))
        {
            var line = lines[conversation];
            line.IsUnderWay = true;
            taken.Add(line.Items.Dequeue());
        }
        Waiting -= taken.Count;
        taken.Sort((one, other) => conversationOf(one).CompareTo(conversationOf(other)));
        return taken;
    }

    /// <summary>What was under way of a conversation has its answer: its next item may go.</summary>
    public void Done(Guid conversation)
    {
        var line = lines[conversation];
        line.IsUnderWay = false;
        if (line.Items.Count > 0) ready.Enqueue(conversation);
        else lines.Remove(conversation);
    }

    private sealed class Line
    {
        public Queue<T> Items { get; } = new(1);
        public bool IsUnderWay { get; set; }
    }
}
