using ContactCenter.Domain;
using ContactCenter.Realtime;

namespace ContactCenter.Tests.Realtime;

public sealed class WireTests
{
    private static readonly Guid Some = Ids.New(TimeProvider.System);

    [Fact]
    public void An_announcement_survives_the_wire()
    {
        Announcement[] all =
        [
            new(Topic.Conversation(Some), Signals.Messages),
            new(Topic.Campaign(Some), Signals.Inbox | Signals.Queue),
            new(Topic.Conversation(Some), Signals.Typing, """{"by":"contact","name":"João \n"}"""),
        ];

        Assert.All(all, announcement => Assert.Equal(announcement, Wire.Read(Wire.Write(announcement))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("1:2 x")]
    [InlineData("1:2:3 x")]
    [InlineData("x:1:01900000000070008000000000000001 ")]
    public void A_line_it_cannot_read_is_passed_over(string line) => Assert.Null(Wire.Read(line));
}
