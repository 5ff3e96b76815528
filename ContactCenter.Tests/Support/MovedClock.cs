namespace ContactCenter.Tests.Support;

/// <summary>
/// The real time, moved: what waits for hours is tested in none. Timers run at their real pace: the services of a
/// running application beat by them, and nobody would advance a <c>FakeTimeProvider</c> while a test waits for what they do.
/// </summary>
public sealed class MovedClock : TimeProvider
{
    private long ahead;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref ahead));

    public void Advance(TimeSpan by) => Interlocked.Add(ref ahead, by.Ticks);
}
