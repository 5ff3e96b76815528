using ContactCenter.Domain;
using ContactCenter.Realtime;
using ContactCenter.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;

namespace ContactCenter.Channels.WebChat;

/// <summary>Reads what a visitor sees, always by their own contact and campaign.</summary>
public sealed class Chats(
    IDbContextFactory<Database> databases, LogStore log, IOptions<PresenceOptions> presence, TimeProvider clock,
    IStringLocalizer<Text> text)
{
    /// <summary>Entries shown at first, and each time older ones are asked for.</summary>
    public const int Page = 40;

    // Plain pages have no way to ask for more.
    private const int PlainPage = 200;

    /// <summary>The conversation a visitor is in: the open one, else the last one of their token. Null where there is none.</summary>
    public async Task<Conversation?> FindAsync(Visitor visitor, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        return await database.Conversations.AsNoTracking()
            .Where(c => c.ContactId == visitor.ContactId && (c.CameBy ?? c.CampaignId) == visitor.CampaignId)
            .Where(c => c.Id == visitor.ConversationId || c.State != ConversationState.Finished)
            .OrderBy(c => c.State == ConversationState.Finished)
            .FirstOrDefaultAsync(cancel);
    }

    /// <summary>The start form, with what is known of a contact who was here before.</summary>
    public async Task<ChatView> StartAsync(Campaign campaign, string language, Visitor? visitor, CancellationToken cancel)
    {
        var form = new StartForm { Id = Ids.New(clock), Language = language };
        if (visitor is not null)
        {
            await using var database = await databases.CreateDbContextAsync(cancel);
            var known = await database.Contacts.AsNoTracking().SingleOrDefaultAsync(c => c.Id == visitor.ContactId, cancel);
            if (known is not null)
                form = form with { Name = known.Name, Email = known.Email ?? "", Phone = known.Phone ?? "" };
        }
        return Start(campaign, language, form) with { Known = form.Name.Length > 0 };
    }

    /// <param name="door">What a start was just refused for; without it, what the campaign's hours say now.</param>
    public ChatView Start(Campaign campaign, string language, StartForm form, Door? door = null)
    {
        var at = clock.GetUtcNow();
        var now = door ?? campaign.DoorAt(at, waiting: 0);
        var turns = campaign.Enabled ? Opening.At(campaign.Settings.Hours, at).NextChange - at : null;
        return new ChatView
        {
            Key = campaign.Key,
            Name = campaign.Name,
            Language = language,
            Stage = now switch
            {
                Door.Open or Door.Full => ChatStage.Start,
                Door.OutOfHours when campaign.Settings.OfflineMessages => ChatStage.Offline,
                Door.OutOfHours or Door.Disabled => ChatStage.Closed,
            },
            NewId = form.Id == default ? Ids.New(clock) : form.Id,
            Form = form,
            Notice = now == Door.Open ? null : NoticeOf(now, campaign, language, form),
            Opens = now == Door.OutOfHours ? Reopening.Of(campaign.Settings.Hours, at) : null,
            Turns = turns is { } left ? (int)Math.Ceiling(left.TotalSeconds) : null,
        };
    }

    private string NoticeOf(Door door, Campaign campaign, string language, StartForm form)
    {
        var says = door.Says(campaign.Settings, language);
        if (says.Length > 0)
            return Variables.Fill(says, campaign.Name, campaign.Department?.Name ?? "", form.Name, ticket: 0, agent: "");
        return (door, campaign.Settings.OfflineMessages) switch
        {
            (Door.OutOfHours, true) => text["We are closed now. Leave us a message and we will answer you."],
            (Door.Full, _) => text["Everybody is busy at the moment. Please try again in a while."],
            _ => text["This chat is not available at the moment. Please come back later."],
        };
    }

    /// <param name="keepsLog">The log is on the visitor's page already and need not be read again.</param>
    public async Task<ChatView> ShowAsync(
        Campaign campaign, Conversation conversation, bool plain, bool keepsLog, CancellationToken cancel)
    {
        var audience = new Audience(Side.Contact, conversation.Language);
        var ended = conversation.State == ConversationState.Finished;
        var entries = keepsLog && !ended
            ? []
            : await log.BeforeAsync(conversation.Id, int.MaxValue, plain ? PlainPage : Page, cancel);
        var view = new ChatView
        {
            Key = campaign.Key,
            Name = campaign.Name,
            Language = conversation.Language,
            Stage = conversation.State switch
            {
                ConversationState.Waiting => ChatStage.Waiting,
                ConversationState.OutOfHours => ChatStage.Kept,
                // A pause is not told (A10).
                ConversationState.Attending or ConversationState.Paused => ChatStage.Attending,
                ConversationState.Finished => ChatStage.Ended,
            },
            NewId = Ids.New(clock),
            Conversation = conversation.Id,
            Messages = View(entries, audience, conversation.Marks),
            HasOlder = entries.Count > 0 && entries[0].Seq > 1,
            First = entries.Count == 0 ? 0 : entries[0].Seq,
            Last = entries.Count == 0 ? conversation.Seq : entries[^1].Seq,
            Marks = conversation.Marks,
            Unread = entries.Count(e => e.Author is Author.Agent or Author.Campaign && e.Seq > conversation.ContactRead),
            Plain = plain,
            // Who was led to another campaign waits in a queue with rules of its own.
            KeptMinutes = conversation.CampaignId == campaign.Id ? campaign.Settings.AbandonAfter / 60 : 0,
            KeepsLog = keepsLog && !ended,
        };
        await using var database = await databases.CreateDbContextAsync(cancel);
        if (view.Stage == ChatStage.Waiting)
            return await InQueueAsync(database, conversation, view, cancel);
        if (view.Stage == ChatStage.Kept)
            return view with { Opens = await OpensAsync(database, campaign, conversation, cancel) };
        return conversation.AgentId is { } agent
            ? view with { Agent = await database.Users.Where(u => u.Id == agent).Select(u => u.DisplayName).SingleOrDefaultAsync(cancel) }
            : view;
    }

    // A menu may have led it to another campaign, whose hours it then waits for.
    private async Task<Reopening?> OpensAsync(Database database, Campaign campaign, Conversation conversation, CancellationToken cancel)
    {
        var waits = conversation.CampaignId == campaign.Id
            ? campaign
            : await database.Campaigns.AsNoTracking().SingleAsync(c => c.Id == conversation.CampaignId, cancel);
        return waits.Enabled ? Reopening.Of(waits.Settings.Hours, clock.GetUtcNow()) : null;
    }

    /// <summary>Entries before a place, for "earlier messages".</summary>
    public async Task<ChatView?> OlderAsync(Campaign campaign, Visitor visitor, int before, CancellationToken cancel)
    {
        if (await FindAsync(visitor, cancel) is not { } conversation || conversation.Id != visitor.ConversationId)
            return null;
        var entries = await log.BeforeAsync(conversation.Id, before, Page, cancel);
        return new ChatView
        {
            Key = campaign.Key,
            Name = campaign.Name,
            Language = conversation.Language,
            Stage = ChatStage.Attending,
            NewId = default,
            Conversation = conversation.Id,
            Messages = View(entries, new Audience(Side.Contact, conversation.Language), conversation.Marks),
            HasOlder = entries.Count > 0 && entries[0].Seq > 1,
            First = entries.Count == 0 ? 0 : entries[0].Seq,
        };
    }

    private List<MessageView> View(IReadOnlyList<Message> entries, Audience audience, Marks marks) =>
        [.. entries.Select(entry => MessageView.For(entry, audience, marks, text)).OfType<MessageView>()];

    private async Task<ChatView> InQueueAsync(Database database, Conversation conversation, ChatView view, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var since = now - WaitEstimate.Window;
        var seen = now - presence.Value.Grace;
        var queue = await database.Conversations
            .Where(c => c.Id == conversation.Id)
            .Select(_ => new
            {
                Place = database.Conversations.Count(
                    c => c.CampaignId == conversation.CampaignId && c.State == ConversationState.Waiting && c.QueuedAt <= conversation.QueuedAt),
                Assigned = database.Conversations
                    .Where(c => c.CampaignId == conversation.CampaignId && (c.FirstAssignedAt ?? c.AssignedAt) > since)
                    .OrderByDescending(c => c.FirstAssignedAt ?? c.AssignedAt)
                    .Take(WaitEstimate.Sample)
                    .Select(c => (c.FirstAssignedAt ?? c.AssignedAt)!.Value)
                    .ToList(),
                // As an assignment chooses among: a bot greets, and takes nobody out of the queue.
                IsReceived = database.Members.Any(m => m.CampaignId == conversation.CampaignId
                    && database.Users.Any(u => u.Id == m.UserId && u.Active)
                    && database.Agents.Any(a => a.UserId == m.UserId
                        && !a.Bot && a.Accepting && a.LeavingAt == null && a.SeenAt >= seen)),
            })
            .SingleAsync(cancel);
        var place = Math.Max(queue.Place, 1);
        var minutes = WaitEstimate.Minutes(place, queue.Assigned, queue.IsReceived, now);
        return view with { Place = place, Minutes = minutes };
    }
}
