using System.Threading.Channels;
using ContactCenter.Domain;

namespace ContactCenter.Realtime;

/// <summary>
/// Tells viewers of this process at once, and the other nodes within milliseconds, what a committed write changed.
/// Called after the commit, by whoever committed; what is never stored, such as that somebody types, is told directly.
/// </summary>
public sealed class Announcer(Hub hub, Feeds feeds, SessionCache sessions)
{
    // Bounded: when other nodes cannot be told for long, they read everything again once they can be.
    private readonly Channel<Announcement> toOthers = System.Threading.Channels.Channel.CreateBounded<Announcement>(
        new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    internal ChannelReader<Announcement> ToOthers => toOthers.Reader;

    /// <summary>Entries were added to a log.</summary>
    public void Added(params ReadOnlySpan<Message> entries)
    {
        foreach (var entry in entries) feeds.Push(entry);
        if (entries.Length > 0) Announce(new Announcement(Topic.Conversation(entries[0].ConversationId), Signals.Messages));
    }

    public void Announce(params ReadOnlySpan<Announcement> announcements)
    {
        foreach (var announcement in announcements)
        {
            Deliver(announcement);
            toOthers.Writer.TryWrite(announcement);
        }
    }

    /// <summary>Brings to this process what another node announced.</summary>
    internal void Receive(Announcement announcement)
    {
        if (announcement.Topic.Kind == TopicKind.Conversation && announcement.Signals.HasFlag(Signals.Messages))
            feeds.Invalidate(announcement.Topic.Id);
        Deliver(announcement);
    }

    /// <summary>Announcements may have been missed: every view of this process reads again.</summary>
    internal void ReceiveAll()
    {
        foreach (var feed in feeds.Open)
        {
            feed.Invalidate();
            feed.Marks = null;
        }
        sessions.DoubtAll();
        hub.RaiseAll(Signals.All | Signals.Reach);
    }

    private void Deliver(Announcement announcement)
    {
        if (announcement.Payload is { } payload && feeds.Find(announcement.Topic.Id) is { } feed)
        {
            if (announcement.Signals.HasFlag(Signals.Marks)) feed.Marks = payload;
            if (announcement.Signals.HasFlag(Signals.Typing)) feed.Typing = payload;
        }
        if (announcement.Signals.HasFlag(Signals.SignedOut))
        {
            if (announcement.Topic.Kind == TopicKind.Session) sessions.End(announcement.Topic.Id);
            else sessions.Doubt(announcement.Topic.Id);
        }
        hub.Publish(announcement.Topic, announcement.Signals);
    }
}
