using ContactCenter.Domain;
using ContactCenter.Realtime;

namespace ContactCenter.Tests.Realtime;

public sealed class HubTests
{
    private readonly Hub hub = new();
    private readonly Topic lili = Topic.Agent(Ids.New(TimeProvider.System));
    private readonly Topic omar = Topic.Agent(Ids.New(TimeProvider.System));

    [Fact]
    public async Task Signals_that_come_while_a_viewer_is_busy_add_up()
    {
        using var viewer = hub.Subscribe(lili, omar);

        hub.Publish(lili, Signals.Inbox);
        hub.Publish(omar, Signals.Messages);
        hub.Publish(omar, Signals.Messages);

        Assert.Equal(Signals.Inbox | Signals.Messages, await viewer.NextAsync());
        Assert.False(viewer.NextAsync().AsTask().IsCompleted);
    }

    [Fact]
    public async Task A_viewer_hears_only_what_it_follows()
    {
        using var viewer = hub.Subscribe(lili);
        var next = viewer.NextAsync().AsTask();
        hub.Publish(omar, Signals.Inbox);
        Assert.False(next.IsCompleted);
        hub.Publish(lili, Signals.State);
        Assert.Equal(Signals.State, await next);

        viewer.Unfollow(lili);
        viewer.Follow(omar);
        hub.Publish(lili, Signals.State);
        hub.Publish(omar, Signals.Queue);
        Assert.Equal(Signals.Queue, await viewer.NextAsync());
    }

    [Fact]
    public void Who_leaves_is_forgotten()
    {
        var viewer = hub.Subscribe(lili, omar);
        Assert.Equal(1, hub.Count);
        viewer.Dispose();
        Assert.Equal(0, hub.Count);
        hub.Publish(lili, Signals.Inbox);
    }

    [Fact]
    public async Task A_closing_hub_ends_those_who_are_here_and_those_who_come()
    {
        using var here = hub.Subscribe(lili);
        hub.Close();
        using var late = hub.Subscribe(lili);

        Assert.True((await here.NextAsync()).HasFlag(Signals.Closed));
        Assert.True((await late.NextAsync()).HasFlag(Signals.Closed));
    }
}
