namespace ContactCenter.Tests.Support;

/// <summary>
/// A clock that stands still until told, while timers and timestamps go by real time. A <c>FakeTimeProvider</c> moves all
/// three together: the hours that a test lets pass would be hours in which this node saw nothing of the database
/// (<c>Absence</c>).
/// </summary>
public sealed class TestClock : TimeProvider
{
    private long ticks = new DateTimeOffset(2026, 11, 20, 9, 0, 0, TimeSpan.Zero).Ticks;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref ticks), TimeSpan.Zero);

    public void Advance(TimeSpan by) => Interlocked.Add(ref ticks, by.Ticks);
}
