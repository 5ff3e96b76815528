using ContactCenter.Jobs;
using Microsoft.Extensions.Time.Testing;

namespace ContactCenter.Tests.Jobs;

public sealed class WatchTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(45);
    private readonly FakeTimeProvider clock = new();

    private bool LookFor(Watch watch, int seconds)
    {
        var may = false;
        for (var second = 0; second < seconds; second++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            may = watch.Looked();
        }
        return may;
    }

    [Fact]
    public void Nothing_is_judged_before_one_grace_after_the_start()
    {
        var watch = new Watch(Grace, clock);
        Assert.False(LookFor(watch, 45));
        Assert.True(LookFor(watch, 2));
    }

    [Fact]
    public void After_a_time_without_the_database_it_is_not_judged_for_another_grace()
    {
        var watch = new Watch(Grace, clock);
        Assert.True(LookFor(watch, 60));
        clock.Advance(TimeSpan.FromSeconds(9));
        Assert.True(LookFor(watch, 1));

        clock.Advance(TimeSpan.FromSeconds(20));
        Assert.False(LookFor(watch, 45));
        Assert.True(LookFor(watch, 2));
    }
}
