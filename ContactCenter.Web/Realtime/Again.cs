namespace ContactCenter.Realtime;

/// <summary>
/// What a stream still owes its viewer because the database was away, tried again every second: also what says that the
/// viewer has lost the right to more.
/// </summary>
internal sealed partial class Again(Subscription subscription, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private bool armed;

    public Signals Owed { get; private set; }

    public void Owe(Signals news, Exception problem)
    {
        if (Owed == Signals.None) LogWaits(log, problem.Message);
        Owed = news & ~(Signals.Again | Signals.Heartbeat);
        if (armed) return;
        armed = true;
        _ = LaterAsync();
    }

    public void Done() => Owed = Signals.None;

    private async Task LaterAsync()
    {
        await Task.Delay(Pause, clock);
        armed = false;
        subscription.Raise(Signals.Again);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A stream waits for the database: {Reason}")]
    private static partial void LogWaits(ILogger log, string reason);
}
