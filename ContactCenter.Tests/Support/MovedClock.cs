namespace ContactCenter.Tests.Support;

/// <summary>The real time, moved: what waits for hours is tested in none. Timers run at their real pace.</summary>
public sealed class MovedClock : TimeProvider
{
    private long ahead;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref ahead));

    public void Advance(TimeSpan by) => Interlocked.Add(ref ahead, by.Ticks);
}
