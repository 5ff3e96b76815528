using ContactCenter.Storage;

namespace ContactCenter.Routing;

/// <summary>Lets an agent's work go as soon as the last of their sessions has ended, however it did.</summary>
sealed class Departures(SessionStore sessions, DepartureStore departures) : IHostedService
{
    public Task StartAsync(CancellationToken cancel)
    {
        // Whether or not the browser that asked for it is still there.
        sessions.Follow((ended, _) => ended.AnyLeft ? Task.CompletedTask : departures.SignedOutAsync(ended.User, CancellationToken.None));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancel) => Task.CompletedTask;
}
