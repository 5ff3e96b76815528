using ContactCenter.Storage;

namespace ContactCenter.Tests.Storage;

/// <summary>Which of the waiting messages are committed together.</summary>
public sealed class CommitQueueTests
{
    // In the order in which rows are locked.
    private static readonly Guid Marta = new("00000000-0000-7000-8000-000000000001");
    private static readonly Guid Joao = new("00000000-0000-7000-8000-000000000002");
    private static readonly Guid Ana = new("ffffffff-0000-7000-8000-000000000003");

    private static CommitQueue<(Guid Conversation, string Text)> Queue(int capacity = 100, int batch = 64) =>
        new(item => item.Conversation, capacity, batch);

    private static string Texts(CommitQueue<(Guid Conversation, string Text)> queue) =>
        string.Join(' ', queue.Take().Select(item => item.Text));

    [Fact]
    public void Messages_of_different_conversations_go_together_ordered_by_conversation()
    {
        var queue = Queue();
        Assert.True(queue.TryAdd((Ana, "a")) && queue.TryAdd((Joao, "j")) && queue.TryAdd((Marta, "m")));
        Assert.Equal("m j a", Texts(queue));
        Assert.Equal("", Texts(queue));
    }

    [Fact]
    public void Of_one_conversation_one_goes_at_a_time_in_the_order_in_which_they_came()
    {
        var queue = Queue();
        foreach (var text in (string[])["m1", "m2", "m3"]) Assert.True(queue.TryAdd((Marta, text)));
        Assert.True(queue.TryAdd((Joao, "j1")));
        Assert.Equal("m1 j1", Texts(queue));
        Assert.False(queue.HasReady);
        // Joao's next does not overtake his first, which is still under way, nor wait for Marta's.
        Assert.True(queue.TryAdd((Joao, "j2")));
        queue.Done(Marta);
        Assert.Equal("m2", Texts(queue));
        queue.Done(Joao);
        queue.Done(Marta);
        Assert.Equal("m3 j2", Texts(queue));
    }

    [Fact]
    public void Whoever_has_waited_longest_goes_first_and_nobody_waits_for_one_who_writes_much()
    {
        var queue = Queue(batch: 2);
        foreach (var text in (string[])["m1", "m2", "m3"]) Assert.True(queue.TryAdd((Marta, text)));
        Assert.True(queue.TryAdd((Ana, "a1")) && queue.TryAdd((Joao, "j1")));
        Assert.Equal("m1 a1", Texts(queue));
        queue.Done(Marta);
        queue.Done(Ana);
        Assert.Equal("m2 j1", Texts(queue));
    }

    [Fact]
    public void Only_so_many_wait_and_what_is_under_way_does_not_count()
    {
        var queue = Queue(capacity: 2);
        Assert.True(queue.TryAdd((Marta, "m1")) && queue.TryAdd((Marta, "m2")));
        Assert.False(queue.TryAdd((Joao, "j1")));
        Assert.Equal("m1", Texts(queue));
        Assert.Equal(1, queue.Waiting);
        Assert.True(queue.TryAdd((Joao, "j1")));
    }

    [Fact]
    public void It_is_idle_when_everything_has_its_answer()
    {
        var queue = Queue();
        Assert.True(queue.IsIdle);
        Assert.True(queue.TryAdd((Marta, "m1")));
        Assert.False(queue.IsIdle);
        queue.Take();
        Assert.False(queue.IsIdle);
        queue.Done(Marta);
        Assert.True(queue.IsIdle);
    }
}
