using ContactCenter.Tests.Support;
using static ContactCenter.Tests.Support.Cast;

namespace ContactCenter.Tests.Channels.WebChat;

/// <summary>Few streams for each visitor, address and sign-in.</summary>
public sealed class FewStreamsApp : ChatApp
{
    protected override IEnumerable<(string Key, string? Value)> Settings =>
    [
        ("ContactCenter:Limits:StreamsPerVisitor", "3"),
        ("ContactCenter:Limits:StreamsPerAddress", "4"),
        ("ContactCenter:Limits:StreamsPerSession", "2"),
        ("ContactCenter:Limits:AddressesPerSite", "2"),
    ];
}

public sealed class StreamCapTests(FewStreamsApp app) : IClassFixture<FewStreamsApp>
{
    private const string Displaced = "event: displaced";

    private async Task<ChatFrame> VisitAsync(Support.Visitor visitor, string address)
    {
        var frame = app.Visit();
        frame.Browser.Headers.Add("X-Forwarded-For", address);
        Assert.Equal(200, (await frame.StartAsync(visitor)).Status);
        return frame;
    }

    private static Task<Listener> ListenAsync(ChatFrame frame) => Listener.OpenAsync(frame.Browser, "/chat/sales/stream", frame.Token);

    [Fact]
    public async Task Marta_who_opens_too_many_tabs_is_told_in_the_oldest_and_served_in_the_newest()
    {
        using var marta = await VisitAsync(Marta, "203.0.113.50");
        var tabs = new List<Listener>();
        for (var tab = 0; tab < 7; tab++) tabs.Add(await ListenAsync(marta));
        foreach (var old in tabs.Take(4))
        {
            await old.HearsAsync(Displaced);
            await Eventually.Holds("it is closed", () => old.IsOver);
        }
        Assert.Equal(200, (await marta.SayAsync("In all my tabs")).Status);
        foreach (var tab in tabs.Skip(4))
        {
            await tab.HearsAsync("In all my tabs");
            Assert.DoesNotContain(Displaced, tab.Heard);
        }
        // She goes on in the first one: one other rests, and only one.
        using var first = await ListenAsync(marta);
        await tabs[4].HearsAsync(Displaced);
        Assert.Equal(200, (await marta.SayAsync("Here again")).Status);
        foreach (var tab in (Listener[])[first, tabs[5], tabs[6]]) await tab.HearsAsync("Here again");
        Assert.DoesNotContain(Displaced, first.Heard + tabs[5].Heard + tabs[6].Heard);
        // A tab that is closed makes room.
        tabs[5].Dispose();
        await Eventually.Holds("there is room for one more", async () =>
        {
            using var next = await ListenAsync(marta);
            return !(first.Heard + tabs[6].Heard).Contains(Displaced, StringComparison.Ordinal);
        });
        tabs.ForEach(tab => tab.Dispose());
    }

    [Fact]
    public async Task At_a_crowded_address_whoever_has_most_gives_way_and_who_has_one_stays()
    {
        using var marta = await VisitAsync(Marta, "203.0.113.51");
        using var joao = await VisitAsync(Joao, "::ffff:203.0.113.51");
        using var ana = await VisitAsync(Marta with { Name = "Ana" }, "203.0.113.51:4711");
        using var alone = await ListenAsync(joao);
        var many = new List<Listener>();
        for (var tab = 0; tab < 3; tab++) many.Add(await ListenAsync(marta));
        Assert.DoesNotContain(Displaced, string.Concat(many.Select(each => each.Heard)));
        using var newest = await ListenAsync(ana);
        await many[0].HearsAsync(Displaced);
        foreach (var (frame, stream) in ((ChatFrame, Listener)[])[(joao, alone), (ana, newest), (marta, many[1]), (marta, many[2])])
        {
            Assert.Equal(200, (await frame.SayAsync("I hear you")).Status);
            await stream.HearsAsync("I hear you");
            Assert.DoesNotContain(Displaced, stream.Heard);
        }
        many.ForEach(each => each.Dispose());
    }

    [Fact]
    public async Task A_whole_network_of_addresses_has_a_limit_as_well()
    {
        var (frames, streams) = (new List<ChatFrame>(), new List<Listener>());
        for (var subnet = 0; subnet < 10; subnet++)
        {
            frames.Add(await VisitAsync(Joao with { Name = $"João {subnet}" }, $"2001:db8:50:{subnet:x}::1"));
            streams.Add(await ListenAsync(frames[^1]));
        }
        // Two addresses' worth of four.
        await streams[0].HearsAsync(Displaced);
        await streams[1].HearsAsync(Displaced);
        Assert.DoesNotContain(Displaced, string.Concat(streams.Skip(2).Select(each => each.Heard)));
        streams.ForEach(each => each.Dispose());
        frames.ForEach(each => each.Dispose());
    }

    [Fact]
    public async Task Lili_who_opens_too_many_tabs_is_told_in_the_oldest_and_her_phone_is_another()
    {
        using var lili = await app.SignInAsync(Lili);
        using var phone = await app.SignInAsync(Lili);
        using var one = await Listener.OpenAsync(phone, "/inbox/stream");
        using var first = await Listener.OpenAsync(lili, "/inbox/stream");
        using var second = await Listener.OpenAsync(lili, "/inbox/stream");
        using var third = await Listener.OpenAsync(lili, "/inbox/stream");
        await first.HearsAsync(Displaced);
        await Eventually.Holds("it is closed", () => first.IsOver);
        Assert.DoesNotContain(Displaced, one.Heard + second.Heard + third.Heard);
    }
}
