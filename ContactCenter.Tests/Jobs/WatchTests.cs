using ContactCenter.Jobs;

namespace ContactCenter.Tests.Jobs;

public sealed class WatchTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(45);
    private readonly Clock clock = new();

    private bool LookFor(Watch watch, int seconds)
    {
        var may = false;
        for (var second = 0; second < seconds; second++)
        {
            clock.Seconds++;
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
        clock.Seconds += 9;
        Assert.True(LookFor(watch, 1));

        clock.Seconds += 20;
        Assert.False(LookFor(watch, 45));
        Assert.True(LookFor(watch, 2));
    }

    private sealed class Clock : TimeProvider
    {
        public long Seconds { get; set; } = 1;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddSeconds(Seconds);
    }
}
