using System.Collections.Concurrent;
using ContactCenter.Domain;
using ContactCenter.Storage;

namespace ContactCenter.Realtime;

/// <summary>The feeds of this node: one for each conversation somebody here is looking at.</summary>
public sealed class Feeds(LogStore log, MessageRenderer renderer)
{
    private readonly ConcurrentDictionary<Guid, ConversationFeed> feeds = new();
    private readonly Lock gate = new();

    public IReadOnlyList<ConversationFeed> Open => [.. feeds.Values];

    public ConversationFeed Enter(Guid conversation)
    {
        lock (gate)
        {
            var feed = feeds.GetOrAdd(conversation, id => new ConversationFeed(id, log, renderer));
            feed.Viewers++;
            return feed;
        }
    }

    public void Leave(ConversationFeed feed)
    {
        lock (gate)
            if (--feed.Viewers == 0)
                feeds.TryRemove(feed.Conversation, out _);
    }

    public void Push(Message entry) => Find(entry.ConversationId)?.Push(entry);

    public void Invalidate(Guid conversation) => Find(conversation)?.Invalidate();

    public ConversationFeed? Find(Guid conversation) => feeds.GetValueOrDefault(conversation);
}
