namespace ContactCenter.Realtime;

/// <summary>Lets something happen at most once in a while; what came too soon happens when the while is over.</summary>
internal sealed class Calmed(TimeSpan between, TimeProvider clock, Action again)
{
    private long last;
    private bool armed;

    /// <summary>Whether it may happen now.</summary>
    public bool Now()
    {
        var now = clock.GetTimestamp();
        var passed = last == 0 ? between : clock.GetElapsedTime(last, now);
        if (passed >= between)
        {
            (last, armed) = (now, false);
            return true;
        }
        if (!armed)
        {
            armed = true;
            _ = LaterAsync(between - passed);
        }
        return false;
    }

    private async Task LaterAsync(TimeSpan wait)
    {
        await Task.Delay(wait, clock);
        // Before asking again: the timer may ring a little early, and then it is armed once more for the rest.
        armed = false;
        again();
    }
}
