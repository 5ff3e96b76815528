using ContactCenter.Channels.WebChat;

namespace ContactCenter.Tests.Channels.WebChat;

public sealed class WaitEstimateTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(5, 3)]
    public void The_estimate_is_the_place_at_the_pace_of_late(int place, int minutes) =>
        Assert.Equal(minutes, WaitEstimate.Minutes(place, Ago(30, 60), isReceived: true, Now));

    [Fact]
    public void One_assignment_is_no_pace() => Assert.Null(WaitEstimate.Minutes(1, Ago(30), isReceived: true, Now));

    [Fact]
    public void Where_nobody_receives_there_is_no_estimate_whatever_the_pace_was() =>
        Assert.Null(WaitEstimate.Minutes(1, Ago(30, 60), isReceived: false, Now));

    private static DateTimeOffset[] Ago(params int[] seconds) => [.. seconds.Select(each => Now.AddSeconds(-each))];
}
