using ContactCenter.Domain;
using ContactCenter.Hosting;
using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Realtime;

/// <summary>
/// Runs the event streams: one for each tab of a visitor or of staff. A stream outlives its database: what could not be
/// read is read as soon as it is back, and not by hundreds of tabs that connect anew at that moment.
/// </summary>
public sealed class Streams(
    Hub hub, Feeds feeds, LogStore log, StandingStore standings, Presence presence, Attendance attendance, SessionCache sessions,
    OpenStreams openStreams, IDbContextFactory<Database> databases, TimeProvider clock, ILogger<Streams> logger)
{
    // Lists that move a hundred times a second are shown once a second.
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(1);

    // Each place gained is a look at the queue by everybody who waits.
    private static readonly TimeSpan QueueCalm = TimeSpan.FromSeconds(3);

    /// <summary>A visitor's stream of their own conversation, until it is finished. 404 where it is not theirs.</summary>
    public async Task ForContactAsync(HttpContext context, Guid conversation, Guid contact, string language)
    {
        var left = context.SenderGone();
        // Before the first look: what happens after it is heard.
        using var subscription = hub.Subscribe(Topic.Conversation(conversation));
        if (await log.StartAsync(conversation, contact, CancellationToken.None) is not { } start)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        using var counted = openStreams.OfVisitor(subscription, contact, context);
        var feed = feeds.Enter(conversation);
        Telemetry.Streams.Add(1, Telemetry.OfContact);
        var attends = false;
        try
        {
            if (start.State == ConversationState.Waiting) subscription.Follow(Topic.Campaign(start.CampaignId));
            await using var gone = left.Register(() => subscription.Raise(Signals.Closed));
            var reader = new LogReader(feed, log, new Audience(Side.Contact, language), EventStream.Position(context), start);
            var stream = new EventStream(context);
            await stream.OpenAsync();
            var queue = new Calmed(QueueCalm, clock, () => subscription.Raise(Signals.Queue));
            var again = new Again(subscription, clock, logger);
            var news = Signals.Messages | Signals.Marks | Signals.State;
            StreamStart? known = start;
            while (!news.HasFlag(Signals.Closed))
            {
                if (await DisplacedAsync(stream, news)) return;
                try
                {
                    if (news.HasFlag(Signals.State))
                    {
                        if ((known ?? await log.StartAsync(conversation, contact, CancellationToken.None)) is not { } now) return;
                        known = null;
                        if (now.State == ConversationState.Waiting != (start.State == ConversationState.Waiting))
                            FollowQueue(subscription, now);
                        start = now;
                        // Only of those who wait a sign of life is asked: thousands who are attended cost none.
                        if (now.Waits != attends)
                        {
                            attends = now.Waits;
                            await (attends ? attendance.EnterAsync(conversation, CancellationToken.None) : attendance.LeaveAsync(conversation, waits: false));
                        }
                    }
                    await reader.WriteAsync(stream, news);
                    if (news.HasFlag(Signals.State) || (news.HasFlag(Signals.Queue) && queue.Now())) stream.Event("state");
                    if (start.State == ConversationState.Finished && news.HasFlag(Signals.State))
                    {
                        await reader.WriteAsync(stream, Signals.Messages);
                        stream.Event("ended");
                        await stream.FlushAsync();
                        return;
                    }
                    again.Done();
                }
                catch (Exception problem) when (problem.SaysAway())
                {
                    again.Owe(news, problem);
                }
                if (news.HasFlag(Signals.Heartbeat))
                {
                    stream.Heartbeat();
                    feed.Forget();
                }
                await stream.FlushAsync();
                news = again.Owed | await subscription.NextAsync();
            }
        }
        catch (Exception problem) when (problem is OperationCanceledException or IOException)
        {
            // The viewer left; that is how streams end.
        }
        finally
        {
            feeds.Leave(feed);
            if (attends) await attendance.LeaveAsync(conversation, waits: true);
            Telemetry.Streams.Add(-1, Telemetry.OfContact);
        }
    }

    /// <summary>
    /// The one stream of a tab of staff: their lists, and the conversation that is open. When that leaves their reach,
    /// the tab is told and hears no more of it; when their session is over the stream ends.
    /// </summary>
    public async Task ForStaffAsync(HttpContext context, Viewer viewer, Guid? conversation, string language)
    {
        var left = context.SenderGone();
        var session = Session.Of(context);
        IReadOnlyList<Guid> campaigns = [];
        // Before the first look: what happens after it is heard.
        using var subscription = hub.Subscribe(Topic.Agent(viewer.Id));
        subscription.Follow(Topic.Session(session.Id));
        if (conversation is { } follows) subscription.Follow(Topic.Conversation(follows));
        Standing? known = await standings.ReadAsync(viewer, session, conversation, CancellationToken.None);
        var start = known.Open;
        if (conversation is not null && start is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        using var counted = openStreams.OfStaff(subscription, session);
        var feed = conversation is { } shown ? feeds.Enter(shown) : null;
        Telemetry.Streams.Add(1, Telemetry.OfStaff);
        try
        {
            await presence.EnterAsync(viewer.Id, CancellationToken.None);
            await using var gone = left.Register(() => subscription.Raise(Signals.Closed));
            var reader = feed is null || start is not { } from
                ? null
                : new LogReader(feed, log, new Audience(Side.Staff, language), EventStream.Position(context), from);
            var stream = new EventStream(context);
            await stream.OpenAsync();
            var lists = new Calmed(Calm, clock, () => subscription.Raise(Signals.Inbox));
            // Apart from the lists, which every message changes.
            var figures = new Calmed(Calm, clock, () => subscription.Raise(Signals.Figures));
            // Bands are seen by who supervises; an agent's lists do not show them.
            var lively = Signals.Inbox | Signals.Queue | (viewer.Supervises ? Signals.Board : Signals.None);
            var again = new Again(subscription, clock, logger);
            var news = Signals.All | Signals.Reach;
            while (!news.HasFlag(Signals.Closed))
            {
                if (await DisplacedAsync(stream, news)) return;
                try
                {
                    var asks = Signals.SignedOut | Signals.Reach | (reader is null ? Signals.None : Signals.State);
                    if ((news & asks) != Signals.None)
                    {
                        // Who has signed out is known here, whether or not the database can be asked.
                        var now = sessions.HasEnded(session.Id)
                            ? null
                            : known ?? await standings.ReadAsync(viewer, session, reader is null ? null : conversation, CancellationToken.None);
                        known = null;
                        if (now is not { Holds: true })
                        {
                            stream.Event("signedout");
                            await stream.FlushAsync();
                            return;
                        }
                        if (news.HasFlag(Signals.Reach))
                        {
                            foreach (var campaign in now.Campaigns.Except(campaigns)) subscription.Follow(Topic.Campaign(campaign));
                            foreach (var campaign in campaigns.Except(now.Campaigns)) subscription.Unfollow(Topic.Campaign(campaign));
                            campaigns = now.Campaigns;
                            news |= Signals.State | Signals.Inbox | Signals.Figures;
                        }
                        if (reader is not null && news.HasFlag(Signals.State))
                        {
                            if (now.Open is not null) stream.Event("state");
                            else
                            {
                                stream.Event("ended", await HolderAsync(viewer, conversation!.Value) ?? "");
                                subscription.Unfollow(Topic.Conversation(conversation.Value));
                                reader = null;
                            }
                        }
                    }
                    if (reader is not null) await reader.WriteAsync(stream, news);
                    // Both are asked: what else changed in the lists meanwhile still comes later.
                    if ((news & lively) != Signals.None && (lists.Now() | news.HasFlag(Signals.Assigned)))
                        stream.Event("inbox");
                    if ((news & (Signals.Queue | Signals.Figures)) != Signals.None && figures.Now()) stream.Event("figures");
                    if (news.HasFlag(Signals.Direct)) stream.Event("direct");
                    again.Done();
                }
                catch (Exception problem) when (problem.SaysAway())
                {
                    again.Owe(news, problem);
                }
                if (news.HasFlag(Signals.Heartbeat))
                {
                    stream.Heartbeat();
                    feed?.Forget();
                }
                await stream.FlushAsync();
                news = again.Owed | await subscription.NextAsync();
            }
        }
        catch (Exception problem) when (problem is OperationCanceledException or IOException)
        {
            // The viewer left; that is how streams end.
        }
        finally
        {
            presence.Leave(viewer.Id);
            if (feed is not null) feeds.Leave(feed);
            Telemetry.Streams.Add(-1, Telemetry.OfStaff);
        }
    }

    /// <summary>Tells the tab that it rests until somebody goes on there: it does not connect again by itself.</summary>
    private static async ValueTask<bool> DisplacedAsync(EventStream stream, Signals news)
    {
        if (!news.HasFlag(Signals.Displaced)) return false;
        stream.Event("displaced");
        await stream.FlushAsync();
        return true;
    }

    private static void FollowQueue(Subscription subscription, StreamStart now)
    {
        if (now.State == ConversationState.Waiting) subscription.Follow(Topic.Campaign(now.CampaignId));
        else subscription.Unfollow(Topic.Campaign(now.CampaignId));
    }

    /// <summary>Who has it now: told to whoever still works in its campaign.</summary>
    private async Task<string?> HolderAsync(Viewer viewer, Guid conversation)
    {
        await using var database = await databases.CreateDbContextAsync();
        return await database.Conversations
            .Where(c => c.Id == conversation && database.CampaignsOf(viewer).Contains(c.CampaignId))
            .Select(c => database.Users.Where(user => user.Id == c.AgentId).Select(user => user.DisplayName).FirstOrDefault())
            .FirstOrDefaultAsync();
    }
}

/// <summary>One viewer's way through a log: their audience and the place they have reached.</summary>
internal sealed class LogReader(ConversationFeed feed, LogStore log, Audience audience, int position, StreamStart start)
{
    // Nobody has read further than the log is long, whatever a client says.
    private int position = Math.Min(position, start.Seq);

    public async Task WriteAsync(EventStream stream, Signals news)
    {
        if (news.HasFlag(Signals.Messages))
        {
            for (var more = true; more;)
            {
                (var frames, position, more) = await feed.ReadAsync(position, audience, CancellationToken.None);
                foreach (var frame in frames) stream.Frame(frame);
            }
        }
        if (news.HasFlag(Signals.Marks)) stream.Event("marks", feed.Marks ??= await MarksAsync());
        if (news.HasFlag(Signals.Typing) && feed.Typing is { } typing) stream.Event("typing", typing);
    }

    private async Task<string> MarksAsync() =>
        ((await log.StartAsync(feed.Conversation, null, CancellationToken.None))?.Marks ?? start.Marks).ToJson();
}
