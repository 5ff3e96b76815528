using ContactCenter.Domain;
using ContactCenter.Realtime;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Storage;

/// <summary>A waiting contact whose browser is gone, and when it was last there.</summary>
public sealed record Vanished(Guid Conversation, DateTimeOffset SeenAt);

/// <summary>A contact whose page is open again: their campaign, and the last sign of life before.</summary>
public sealed record CameBack(Guid Campaign, bool Waits, DateTimeOffset? SeenAt);

/// <summary>What the passing of time does to those who wait (J1, J2). Every verb looks again at what it changes.</summary>
public sealed partial class ConversationStore
{
    private const int Batch = 100;

    // Signs are renewed every five seconds; what is shorter than a few of them would be chance.
    private const int ShortestAbsence = 15;

    /// <summary>The campaigns whose queue does not fit their door: somebody waits in a closed one, or is kept from an open one.</summary>
    public async Task<IReadOnlyList<(Guid Campaign, bool Opens)>> DoorsDueAsync(CancellationToken cancel = default)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        var campaigns = await database.Campaigns.AsNoTracking()
            .Select(campaign => new
            {
                Campaign = campaign,
                Waits = database.Conversations.Any(c => c.CampaignId == campaign.Id && c.State == ConversationState.Waiting),
                IsKept = database.Conversations.Any(c => c.CampaignId == campaign.Id && c.State == ConversationState.OutOfHours),
            })
            .Where(found => found.Waits || found.IsKept)
            .ToListAsync(cancel);
        var now = clock.GetUtcNow();
        return
        [
            .. campaigns.Select(found => (found, IsOpen: found.Campaign.IsOpen(now)))
                .Where(each => each.IsOpen ? each.found.IsKept : each.found.Waits)
                .Select(each => (each.found.Campaign.Id, each.IsOpen)),
        ];
    }

    /// <summary>Closing time: who waits is told and kept for the next opening, with their place and their words.</summary>
    /// <returns>How many this call moved; another node may have moved the others.</returns>
    public Task<int> CloseQueueAsync(Guid campaign, CancellationToken cancel = default) =>
        MoveQueueAsync(campaign, ConversationVerb.Close, cancel);

    /// <summary>Opening time: who was kept is in the queue again, in the order in which they came.</summary>
    /// <returns>How many this call moved; another node may have moved the others.</returns>
    public async Task<int> OpenQueueAsync(Guid campaign, CancellationToken cancel = default)
    {
        var moved = await MoveQueueAsync(campaign, ConversationVerb.Offer, cancel);
        if (moved > 0) dispatcher.WakeCampaign(campaign);
        return moved;
    }

    /// <summary>Notes a sign of life of these contacts' browsers; only of those who wait it is asked (J1).</summary>
    public async Task SeenAsync(Guid[] waiting, DateTimeOffset at, CancellationToken cancel = default)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        // In one order at every node, or two would wait for each other.
        await database.Database.ExecuteSqlAsync($"""
            update conversations set seen_at = {at}
            where id in (
                select id from conversations where id = any({waiting}) and (state = 1 or bot_read is not null)
                order by id for no key update)
            """, cancel);
    }

    /// <summary>Notes that a waiting contact's page is open. Who was away is called as soon as it is their turn.</summary>
    public async Task EnterAsync(Guid waiting, CancellationToken cancel = default)
    {
        var now = clock.GetUtcNow();
        await using var database = await databases.CreateDbContextAsync(cancel);
        var entered = await database.Database.SqlQuery<CameBack>($"""
            update conversations c set seen_at = {now}
            from (select id, seen_at from conversations where id = {waiting} and (state = 1 or bot_read is not null) for no key update) before
            where c.id = before.id
            returning c.campaign_id as "Campaign", c.state = 1 as "Waits", before.seen_at as "SeenAt"
            """).ToListAsync(cancel);
        if (entered is not [{ Waits: true, SeenAt: { } seen } back] || seen > now - Absence.After) return;
        announcer.Announce(new Announcement(Topic.Campaign(back.Campaign), Signals.Inbox));
        dispatcher.WakeCampaign(back.Campaign);
    }

    /// <summary>Who waits and whose browser has been gone for longer than their campaign waits for it, longest in the queue first.</summary>
    public async Task<IReadOnlyList<Vanished>> VanishedAsync(int limit, CancellationToken cancel = default)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        return await database.Database.SqlQuery<Vanished>($"""
            select c.id as "Conversation", c.seen_at as "SeenAt"
            from campaigns p cross join lateral (
                select * from conversations where campaign_id = p.id and state = 1
                union all select * from conversations where campaign_id = p.id and bot_read is not null
            ) c
            where c.offered_at is null and (p.settings ->> 'AbandonAfter')::int > 0
              and c.seen_at <= {clock.GetUtcNow()} - make_interval(secs => greatest((p.settings ->> 'AbandonAfter')::int, {ShortestAbsence}))
            order by c.queued_at limit {limit}
            """).ToListAsync(cancel);
    }

    /// <summary>A waiting contact who is gone has abandoned (J1); who came back since <paramref name="vanished"/> was seen has not.</summary>
    public Task<TransitionOutcome?> AbandonAsync(Vanished vanished, CancellationToken cancel = default) =>
        ChangeAsync(vanished.Conversation, ConversationVerb.Vanish, null, "", null, vanished.SeenAt, cancel);

    private async Task<int> MoveQueueAsync(Guid campaign, ConversationVerb verb, CancellationToken cancel)
    {
        var moved = 0;
        for (var last = Batch; last == Batch; moved += last) last = await MoveBatchAsync(campaign, verb, cancel);
        if (moved > 0) announcer.Announce(new Announcement(Topic.Campaign(campaign), Signals.Inbox | Signals.Queue));
        return moved;
    }

    private async Task<int> MoveBatchAsync(Guid campaignId, ConversationVerb verb, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        var campaign = await database.Campaigns.AsNoTracking().Include(c => c.Department)
            .SingleOrDefaultAsync(c => c.Id == campaignId, cancel);
        var now = clock.GetUtcNow();
        if (campaign is null || campaign.IsOpen(now) != (verb == ConversationVerb.Offer)) return 0;
        var from = verb == ConversationVerb.Offer ? (int)ConversationState.OutOfHours : (int)ConversationState.Waiting;
        // What another node or an assignment holds is left to them; the next look finds what they left.
        var conversations = await database.Conversations
            .FromSql($"""
                select *, xmin from conversations where campaign_id = {campaignId} and state = {from}
                order by queued_at, id limit {Batch} for update skip locked
                """)
            .ToListAsync(cancel);
        if (conversations.Count == 0) return 0;
        var contacts = await ContactsAsync(database, conversations, cancel);
        var added = conversations.ConvertAll(conversation =>
            Move(database, campaign, conversation, contacts[conversation.ContactId], verb, now));
        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);

        foreach (var entries in added)
        {
            announcer.Added([.. entries]);
            announcer.Announce(new Announcement(Topic.Conversation(entries[0].ConversationId), Signals.State));
        }
        return conversations.Count;
    }

    private List<Message> Move(
        Database database, Campaign campaign, Conversation conversation, Contact contact, ConversationVerb verb, DateTimeOffset now)
    {
        var changed = (TransitionOutcome.Changed)Transition.Decide(conversation.State, null, verb, null);
        var entries = Apply(database, conversation, changed, null, "", null);
        conversation.LastAt = now;
        if (verb == ConversationVerb.Offer) conversation.OfferedAt = now;
        var says = campaign.DoorAt(now, waiting: 0).Says(campaign.Settings, conversation.Language);
        if (says.Length > 0)
            entries.Add(Add(database, conversation, Author.Campaign, campaign.Name, Variables.Fill(says, campaign, contact, conversation)));
        return entries;
    }

    private static Task<Dictionary<Guid, Contact>> ContactsAsync(
        Database database, List<Conversation> conversations, CancellationToken cancel)
    {
        var ids = conversations.ConvertAll(conversation => conversation.ContactId);
        return database.Contacts.AsNoTracking().Where(contact => ids.Contains(contact.Id)).ToDictionaryAsync(contact => contact.Id, cancel);
    }
}
