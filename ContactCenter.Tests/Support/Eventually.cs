namespace ContactCenter.Tests.Support;

/// <summary>Waits for what another process or thread brings about.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks again until it holds; fails with <paramref name="what"/> after <paramref name="seconds"/>.</summary>
    public static async Task Holds(string what, Func<Task<bool>> condition, int seconds = 20)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        using var timer = new PeriodicTimer(Pause);
        try
        {
            while (!await condition()) await timer.WaitForNextTickAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Not within {seconds} s: {what}");
        }
    }

    public static Task Holds(string what, Func<bool> condition, int seconds = 20) => Holds(what, () => Task.FromResult(condition()), seconds);
}
