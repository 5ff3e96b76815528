using ContactCenter.Realtime;
using ContactCenter.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace ContactCenter.Tests.Realtime;

public sealed class OpenStreamsTests
{
    [Fact]
    public async Task As_they_are_delivered_the_limits_close_all_but_a_handful_of_a_visitors_streams_and_forget_them()
    {
        var hub = new Hub();
        var open = new OpenStreams(Options.Create(new LimitSettings()));
        var (marta, from) = (Guid.Parse("01890000-0000-7000-8000-000000000001"), new DefaultHttpContext());
        from.Connection.RemoteIpAddress = System.Net.IPAddress.Loopback;
        var streams = new List<(Subscription Subscription, IDisposable Counted)>();
        for (var number = 0; number < 1_200; number++)
        {
            var subscription = hub.Subscribe();
            streams.Add((subscription, open.OfVisitor(subscription, marta, from)));
        }
        foreach (var (subscription, _) in streams.SkipLast(6)) Assert.Equal(Signals.Displaced, await subscription.NextAsync());
        foreach (var (subscription, counted) in streams)
        {
            counted.Dispose();
            subscription.Dispose();
        }
        // There is room for as many again.
        var again = Enumerable.Range(0, 6).Select(_ => hub.Subscribe()).ToList();
        again.ForEach(subscription => open.OfVisitor(subscription, marta, from));
        again.ForEach(subscription => subscription.Raise(Signals.Heartbeat));
        foreach (var subscription in again) Assert.Equal(Signals.Heartbeat, await subscription.NextAsync());
    }
}
