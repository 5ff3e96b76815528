using System.Text;
using ContactCenter.Domain;
using ContactCenter.Realtime;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Npgsql;

namespace ContactCenter.Tests.Realtime;

public sealed class ConversationFeedTests(Scene scene) : IClassFixture<Scene>
{
    private static readonly Audience Staff = new(Side.Staff, "en");
    private static readonly Audience Contact = new(Side.Contact, "es");

    private static Guid Id() => Ids.New(TimeProvider.System);

    private async Task<Conversation> MartaAsync()
    {
        await scene.CampaignAsync($"c{Id():N}"[..20]);
        return await scene.ReloadAsync(await scene.VisitorAsync("Marta"));
    }

    private async Task<Message> WritesAsync(Conversation marta, string text) => Assert.IsType<MessageOutcome.Accepted>(
        await scene.Messages.FromContactAsync(marta.Id, marta.ContactId, marta.CampaignId, Id(), text)).Message;

    /// <summary>A message of another node: stored, and nothing here was told.</summary>
    private async Task WrittenElsewhereAsync(Conversation marta, string text)
    {
        await using var command = scene.Get<NpgsqlDataSource>().CreateCommand(MessageStore.FromContactSql);
        foreach (var value in (object[])[marta.Id, marta.ContactId, marta.CampaignId, Id(), text, text, DateTime.UnixEpoch])
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        Assert.NotNull(await command.ExecuteScalarAsync());
    }

    private static async Task<(string Html, int Position)> ReadAsync(ConversationFeed feed, int position, Audience audience)
    {
        var all = new StringBuilder();
        for (var more = true; more;)
        {
            (var frames, position, more) = await feed.ReadAsync(position, audience, default);
            foreach (var frame in frames) all.Append(Encoding.UTF8.GetString(frame));
        }
        return (all.ToString(), position);
    }

    private static int[] Places(string html) =>
        [.. html.Split('\n').Where(line => line.StartsWith("id: ", StringComparison.Ordinal)).Select(line => int.Parse(line[4..]))];

    [Fact]
    public async Task Viewers_of_one_audience_get_the_same_bytes_and_each_from_where_they_were()
    {
        var marta = await MartaAsync();
        var feeds = scene.Get<Feeds>();
        var feed = feeds.Enter(marta.Id);
        var (_, position) = await ReadAsync(feed, marta.Seq, Staff);
        await WritesAsync(marta, "one");
        await WritesAsync(marta, "two");

        var first = await feed.ReadAsync(position, Staff, default);
        var second = await feed.ReadAsync(position, Staff, default);
        var later = await feed.ReadAsync(position + 1, Staff, default);

        Assert.Equal(2, first.Frames.Count);
        Assert.Same(first.Frames[1], second.Frames[1]);
        Assert.Same(first.Frames[1], Assert.Single(later.Frames));
        feeds.Leave(feed);
        Assert.Null(feeds.Find(marta.Id));
    }

    [Fact]
    public async Task What_a_feed_let_go_is_still_read_by_whoever_missed_it()
    {
        var marta = await MartaAsync();
        var feed = scene.Get<Feeds>().Enter(marta.Id);
        var (_, position) = await ReadAsync(feed, marta.Seq, Staff);
        await WritesAsync(marta, "one");
        await WritesAsync(marta, "two");
        var (before, _) = await ReadAsync(feed, position, Staff);

        feed.Forget();
        var (after, reached) = await ReadAsync(feed, position, Staff);
        await WritesAsync(marta, "three");
        var (next, _) = await ReadAsync(feed, reached, Staff);

        Assert.Equal(before, after);
        Assert.Equal([reached + 1], Places(next));
        Assert.Contains("three", next);
    }

    [Fact]
    public async Task What_another_node_wrote_in_between_comes_in_its_place()
    {
        var marta = await MartaAsync();
        var feed = scene.Get<Feeds>().Enter(marta.Id);
        var (_, position) = await ReadAsync(feed, marta.Seq, Staff);

        await WrittenElsewhereAsync(marta, "from the other node");
        await WritesAsync(marta, "from here");

        var (html, reached) = await ReadAsync(feed, position, Staff);
        Assert.Equal([position + 1, position + 2], Places(html));
        Assert.Contains("from the other node", html, StringComparison.Ordinal);
        Assert.Equal(position + 2, reached);
    }

    [Fact]
    public async Task A_viewer_who_returns_after_hundreds_of_messages_gets_every_one_in_order()
    {
        var marta = await MartaAsync();
        var feed = scene.Get<Feeds>().Enter(marta.Id);
        var (_, position) = await ReadAsync(feed, marta.Seq, Staff);
        for (var n = 1; n <= 450; n++) await WritesAsync(marta, $"message {n}");

        var (html, _) = await ReadAsync(feed, position, Staff);

        Assert.Equal(Enumerable.Range(position + 1, 450), Places(html));
    }

    [Fact]
    public async Task The_contact_is_not_told_of_what_is_staffs_alone_and_reads_their_language()
    {
        var marta = await MartaAsync();
        var lili = await scene.AgentAsync("Lili");
        await scene.AssignAsync();
        await scene.Conversations.PauseAsync(marta.Id, lili.Id, "Lili");
        var feed = scene.Get<Feeds>().Enter(marta.Id);

        var (contact, contactReached) = await ReadAsync(feed, 0, Contact);
        var (staff, staffReached) = await ReadAsync(feed, 0, Staff);

        Assert.Contains("Paused by Lili", staff, StringComparison.Ordinal);
        Assert.Contains("Lili se unió a la conversación", contact, StringComparison.Ordinal);
        Assert.DoesNotContain("aus", contact, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("class=\"detail\"", contact, StringComparison.Ordinal);
        Assert.Equal(staffReached, contactReached);
    }

    [Fact]
    public async Task Markup_of_a_message_is_text()
    {
        var marta = await MartaAsync();
        var feed = scene.Get<Feeds>().Enter(marta.Id);
        await WritesAsync(marta, "<script>alert(1)</script>\nid: 99\n\ndata: x");

        var (html, _) = await ReadAsync(feed, marta.Seq, Staff);

        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.Equal([marta.Seq + 1], Places(html));
    }
}
