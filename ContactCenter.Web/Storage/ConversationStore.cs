using System.Security.Cryptography;
using ContactCenter.Domain;
using ContactCenter.Realtime;
using ContactCenter.Routing;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ContactCenter.Storage;

/// <summary>What a visitor gives to begin (W2). Clean and checked already.</summary>
public sealed record ContactDetails(string Name, string? Email, string? Phone);

/// <summary>What came of a visitor's wish to begin.</summary>
public abstract record StartOutcome
{
    /// <summary>A conversation in the queue, one left out of hours, or the one they already have.</summary>
    public sealed record Started(Conversation Conversation) : StartOutcome;

    /// <summary>Nothing was stored.</summary>
    public sealed record Refused(Door Why) : StartOutcome;
}

/// <summary>
/// Changes conversations: each verb is one transaction that holds the conversation's row, asks the pure rules, writes
/// the change together with its event, and announces it after the commit.
/// </summary>
public sealed partial class ConversationStore(
    IDbContextFactory<Database> databases, Announcer announcer, Dispatcher dispatcher, Absence absence, TimeProvider clock)
{
    /// <summary>How long a start that is sent again finds what it began: an answer was lost, and somebody tries once more.</summary>
    public static readonly TimeSpan StartHonoured = TimeSpan.FromMinutes(10);

    /// <summary>Begins a conversation in a campaign's queue, or finds the one this start, or this contact, already has.</summary>
    /// <param name="startKey">The hash by which this start is known again for <see cref="StartHonoured"/>; null: it is not.</param>
    /// <param name="contactId">The contact of the visitor's token, or null for somebody new.</param>
    /// <param name="offline">Whether the visitor knows that nobody is there and leaves a message (W4).</param>
    public async Task<StartOutcome> StartAsync(
        Guid campaign, Guid? startKey, Guid? contactId, ContactDetails details, string language, string? text,
        bool offline = false, CancellationToken cancel = default)
    {
        try
        {
            return await TryStartAsync(campaign, startKey, contactId, details, language, text, offline, cancel);
        }
        catch (DbUpdateException problem) when (problem.InnerException is PostgresException
        {
            SqlState: PostgresErrorCodes.UniqueViolation,
        })
        {
            // The same start was on its way twice and the other one was first: this time it is found. Or it was honoured for
            // long enough, and what it began lets go of its key.
            await ForgetStartAsync(campaign, startKey, cancel);
            return await TryStartAsync(campaign, startKey, contactId, details, language, text, offline, cancel);
        }
    }

    private async Task<StartOutcome> TryStartAsync(
        Guid campaignId, Guid? startKey, Guid? contactId, ContactDetails details, string language, string? text,
        bool offline, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        var campaign = await database.Campaigns.AsNoTracking().Include(c => c.Department)
            .SingleOrDefaultAsync(c => c.Id == campaignId, cancel);
        if (campaign is null) return new StartOutcome.Refused(Door.Disabled);
        // Starts at once could each count the others out; where there is a maximum they come in one by one (Q6).
        var isLimited = campaign.Settings.MaximumWaiting > 0;
        if (isLimited) await database.TakeQueueTurnAsync(campaignId, cancel);
        var now = clock.GetUtcNow();
        var existing = await database.Conversations.AsNoTracking()
            .Where(c => (c.CameBy ?? c.CampaignId) == campaignId
                && ((c.StartKey == startKey && c.StartUntil > now) || (c.ContactId == contactId && c.State != ConversationState.Finished)))
            .OrderBy(c => c.State == ConversationState.Finished)
            .FirstOrDefaultAsync(cancel);
        if (existing is not null)
            return new StartOutcome.Started(await WithWordsAsync(database, existing, startKey, text, cancel));

        var waiting = isLimited ? await WaitingAsync(database, campaign, cancel) : 0;
        var door = campaign.DoorAt(now, waiting);
        var isLeft = door == Door.OutOfHours && offline && campaign.Settings.OfflineMessages && text is not null;
        if (door != Door.Open && !isLeft) return new StartOutcome.Refused(door);

        var contact = contactId is { } known ? await database.Contacts.FindAsync([known], cancel) : null;
        if (contact is null)
            database.Contacts.Add(contact = new Contact { Id = Ids.New(clock), Name = details.Name, FirstSeenAt = now });
        (contact.Name, contact.Language) = (details.Name, language);
        contact.Email = details.Email ?? contact.Email;
        contact.Phone = details.Phone ?? contact.Phone;

        var bot = isLeft || !campaign.Settings.Bot.IsOn() ? null : await database.BotOfAsync(campaignId, cancel);
        var conversation = new Conversation
        {
            Id = Ids.New(clock),
            CampaignId = campaign.Id,
            ContactId = contact.Id,
            StartKey = startKey,
            StartUntil = startKey is null ? null : now + StartHonoured,
            Language = language,
            State = isLeft ? ConversationState.OutOfHours : bot is null ? ConversationState.Waiting : ConversationState.Attending,
            AgentId = bot?.Id,
            BotRead = bot is null ? null : 0,
            QueuedAt = now,
            WasQueued = !isLeft,
            SeenAt = now,
            LastAt = now,
        };
        database.Conversations.Add(conversation);
        // The welcome may name the ticket, and the database gives it.
        await database.SaveChangesAsync(cancel);
        if (bot is null)
        {
            Add(database, conversation, isLeft ? EventKind.LeftOutOfHours : EventKind.Queued, null, "");
            var said = isLeft ? door.Says(campaign.Settings, language) : campaign.Settings.Welcome.In(language);
            if (said.Length > 0)
                Add(database, conversation, Author.Campaign, campaign.Name, Variables.Fill(said, campaign, contact, conversation));
        }
        else Add(database, conversation, EventKind.BotGreeted, bot.Id, bot.DisplayName);
        if (text is not null) AddFromContact(database, conversation, FirstMessageOf(startKey), text);
        if (bot is not null) Greet(database, campaign, contact, conversation, bot.Id);
        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);

        announcer.Announce(new Announcement(Topic.Campaign(campaign.Id), Signals.Inbox | Signals.Queue));
        if (conversation.State == ConversationState.Waiting) dispatcher.WakeCampaign(campaign.Id);
        return new StartOutcome.Started(conversation);
    }

    private async Task ForgetStartAsync(Guid campaign, Guid? startKey, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var database = await databases.CreateDbContextAsync(cancel);
        await database.Conversations
            .Where(c => (c.CameBy ?? c.CampaignId) == campaign && c.StartKey == startKey && c.StartUntil <= now)
            .ExecuteUpdateAsync(
                set => set.SetProperty(c => c.StartKey, (Guid?)null).SetProperty(c => c.StartUntil, (DateTimeOffset?)null), cancel);
    }

    /// <summary>The conversation the contact already has, with what they wrote into the start form of another tab.</summary>
    private async Task<Conversation> WithWordsAsync(
        Database database, Conversation existing, Guid? startKey, string? text, CancellationToken cancel)
    {
        if (text is null || (startKey is not null && existing.StartKey == startKey) || existing.State == ConversationState.Finished) return existing;
        var clientId = FirstMessageOf(startKey);
        var conversation = await HoldAsync(database, existing.Id, cancel);
        if (conversation is not { State: not ConversationState.Finished }
            || await database.Messages.AnyAsync(m => m.ConversationId == existing.Id && m.ClientId == clientId, cancel)) return existing;
        var entry = AddFromContact(database, conversation, clientId, text);
        conversation.LastAt = entry.At;
        await database.SaveChangesAsync(cancel);
        await database.Database.CommitTransactionAsync(cancel);
        announcer.Added(entry);
        AnnounceChange(conversation, conversation.AgentId);
        return conversation;
    }

    /// <summary>
    /// The id of the words in a start form: its own, for everybody who reads them reads it, and the same when the form is sent
    /// again, so that they are stored once.
    /// </summary>
    private Guid FirstMessageOf(Guid? startKey) =>
        startKey is { } key ? new Guid(SHA256.HashData([.. "words"u8, .. key.ToByteArray()]).AsSpan(0, 16)) : Ids.New(clock);

    /// <summary>Holds the conversation's row until the transaction ends.</summary>
    private static Task<Conversation?> HoldAsync(Database database, Guid id, CancellationToken cancel) => database.Conversations
        .FromSql($"select *, xmin from conversations where id = {id} for update")
        .SingleOrDefaultAsync(cancel);

    public Task<TransitionOutcome?> PauseAsync(Guid id, Guid agent, string name, CancellationToken cancel = default) =>
        ChangeAsync(id, ConversationVerb.Pause, agent, name, null, cancel);

    public Task<TransitionOutcome?> ResumeAsync(Guid id, Guid agent, string name, CancellationToken cancel = default) =>
        ChangeAsync(id, ConversationVerb.Resume, agent, name, null, cancel);

    /// <summary>Ends a conversation with the agent's note (A12). A note that came first stays.</summary>
    public Task<TransitionOutcome?> FinishAsync(
        Guid id, Guid agent, string name, string? note, CancellationToken cancel = default) =>
        ChangeAsync(id, ConversationVerb.Finish, agent, name, note, cancel);

    /// <summary>Adds to the note of a conversation that the agent has finished already, once.</summary>
    /// <returns>Whether the note now has it; false where the conversation is not theirs, or not finished.</returns>
    public async Task<bool> AddToNoteAsync(Guid id, Guid agent, string note, CancellationToken cancel = default)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        if (await HoldAsync(database, id, cancel) is not { State: ConversationState.Finished } conversation || conversation.AgentId != agent)
            return false;
        if (HasNote(conversation.Note, note)) return true;
        conversation.Note = conversation.Note is { Length: > 0 } first ? $"{first}\n{note}" : note;
        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        AnnounceChange(conversation, agent);
        return true;
    }

    /// <summary>Whether a note is another, or was added to it.</summary>
    public static bool HasNote(string? whole, string note) => whole == note || whole?.EndsWith($"\n{note}", StringComparison.Ordinal) == true;

    /// <summary>The contact leaves: before an agent came that abandons the conversation, after it that ends it (W6).</summary>
    public Task<TransitionOutcome?> LeaveAsync(Guid id, CancellationToken cancel = default) =>
        ChangeAsync(id, ConversationVerb.Leave, null, "", null, cancel);

    /// <summary>Gives a conversation back to its place in the queue because its agent is gone or silent (Q8).</summary>
    public Task<TransitionOutcome?> ReturnAsync(
        Guid id, Guid from, string name, bool unanswered, CancellationToken cancel = default) =>
        ChangeAsync(
            id, unanswered ? ConversationVerb.ReturnUnanswered : ConversationVerb.ReturnDisconnected, from, name, null, cancel);

    /// <summary>The same for what the sweep found, unless it is otherwise by now.</summary>
    public Task<TransitionOutcome?> ReturnAsync(ReturnDue due, CancellationToken cancel) => ChangeAsync(
        due.Conversation, due.Unanswered ? ConversationVerb.ReturnUnanswered : ConversationVerb.ReturnDisconnected,
        due.Agent, due.AgentName, null, due.From, cancel);

    /// <summary>The agent says that they are still here: the time for the first answer begins anew.</summary>
    /// <returns>Refused where it is not theirs, null where there is no such conversation.</returns>
    public async Task<TransitionOutcome?> StayAsync(Guid id, Guid agent, CancellationToken cancel = default)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        var now = clock.GetUtcNow();
        var stayed = await database.Conversations
            .Where(c => c.Id == id && c.AgentId == agent && c.State == ConversationState.Attending && c.AnsweredAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.AnswerFrom, now), cancel);
        if (stayed == 0)
        {
            var holder = await database.Conversations.Where(c => c.Id == id).Select(c => new { c.AgentId }).SingleOrDefaultAsync(cancel);
            return holder is null ? null : holder.AgentId == agent ? new TransitionOutcome.Already() : new TransitionOutcome.Refused(Refusal.NotYours);
        }
        announcer.Announce(new Announcement(Topic.Conversation(id), Signals.State), new Announcement(Topic.Agent(agent), Signals.Inbox));
        return new TransitionOutcome.Already();
    }

    /// <summary>Gives back what these agents hold of campaigns they are no member of any more, each to its place in the queue.</summary>
    public async Task ReleaseAsync(IReadOnlyCollection<Guid> agents, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        var held = await database.Conversations
            .Where(c => (c.State == ConversationState.Attending || c.State == ConversationState.Paused) && agents.Contains(c.AgentId!.Value)
                && database.Agents.Any(agent => agent.UserId == c.AgentId && !agent.Bot)
                && !database.Members.Any(member => member.UserId == c.AgentId && member.CampaignId == c.CampaignId))
            .OrderBy(c => c.QueuedAt).ThenBy(c => c.Id)
            .Select(c => new { c.Id, Agent = c.AgentId!.Value, Name = database.Users.Single(user => user.Id == c.AgentId).DisplayName })
            .ToListAsync(cancel);
        foreach (var each in held) await ReleaseAsync(each.Id, each.Agent, each.Name, cancel);
    }

    /// <summary>Gives a conversation back to its place in the queue because its agent is no member of its campaign any more.</summary>
    public Task<TransitionOutcome?> ReleaseAsync(Guid id, Guid from, string name, CancellationToken cancel) =>
        ChangeAsync(id, ConversationVerb.ReturnRemoved, from, name, null, cancel);

    private Task<TransitionOutcome?> ChangeAsync(
        Guid id, ConversationVerb verb, Guid? actor, string actorName, string? note, CancellationToken cancel) =>
        ChangeAsync(id, verb, actor, actorName, note, null, cancel);

    /// <param name="seen">What the job saw that asks: for <see cref="ConversationVerb.Vanish"/> the last sign of life, for
    /// <see cref="ConversationVerb.ReturnUnanswered"/> from when the time for the answer ran.</param>
    /// <returns>The outcome, or null where there is no such conversation.</returns>
    private async Task<TransitionOutcome?> ChangeAsync(
        Guid id, ConversationVerb verb, Guid? actor, string actorName, string? note, DateTimeOffset? seen,
        CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        var conversation = await HoldAsync(database, id, cancel);
        if (conversation is null) return null;
        // A job saw this agent's conversation; it may be somebody else's by now.
        if (verb is ConversationVerb.ReturnDisconnected or ConversationVerb.ReturnUnanswered or ConversationVerb.ReturnRemoved
            && conversation.AgentId != actor)
            return new TransitionOutcome.Already();
        // Or they have answered, paused it or said that they are still here since.
        if (verb is ConversationVerb.ReturnUnanswered && seen is not null
            && (conversation is not { State: ConversationState.Attending, AnsweredAt: null } || AnswerTime.From(conversation) != seen))
            return new TransitionOutcome.Already();
        if (verb is ConversationVerb.Vanish && conversation.SeenAt != seen) return new TransitionOutcome.Already();
        // Whoever leaves a bot leaves before a person came.
        var nobodyCame = conversation.BotRead is not null && verb is (ConversationVerb.Leave or ConversationVerb.Vanish);
        var state = nobodyCame ? ConversationState.Waiting : conversation.State;
        var outcome = Transition.Decide(state, conversation.AgentId, verb, actor);
        var holder = conversation.AgentId;
        if (outcome is not TransitionOutcome.Changed changed)
        {
            // The contact was quicker: what the agent was writing about it is kept all the same.
            if (outcome is TransitionOutcome.Already && verb is ConversationVerb.Finish && note is { Length: > 0 }
                && conversation is { State: ConversationState.Finished, Note: null or "" })
            {
                conversation.Note = note;
                await database.SaveChangesAsync(cancel);
                await transaction.CommitAsync(cancel);
                AnnounceChange(conversation, holder);
            }
            return outcome;
        }

        var added = Apply(database, conversation, changed, actor, actorName, note);
        // Nobody is thanked for a talk they did not have.
        var hadTalk = verb is ConversationVerb.Finish || (changed.Ending == Ending.Completed && conversation.AnsweredAt is not null);
        if (hadTalk && await ClosingAsync(database, conversation, cancel) is { } closing) added.Add(closing);
        await database.SaveChangesAsync(cancel);
        if (holder is { } let && changed.State is (ConversationState.Finished or ConversationState.Waiting))
        {
            var connection = (NpgsqlConnection)database.Database.GetDbConnection();
            await Ledger.HoldAsync(connection, let, cancel);
            var by = verb is ConversationVerb.Finish ? actor : null;
            await Ledger.AppendAsync(connection, let, new LedgerAuthor(LedgerCause.Conversation, by), null, clock, cancel);
        }
        await transaction.CommitAsync(cancel);

        announcer.Added([.. added]);
        AnnounceChange(conversation, holder);
        if (changed.State is ConversationState.Finished or ConversationState.Waiting)
        {
            if (holder is { } freed) dispatcher.WakeAgent(freed);
            if (changed.State == ConversationState.Waiting) dispatcher.WakeCampaign(conversation.CampaignId);
        }
        return outcome;
    }

    private List<Message> Apply(
        Database database, Conversation conversation, TransitionOutcome.Changed changed, Guid? actor, string actorName,
        string? note)
    {
        conversation.State = changed.State;
        conversation.Ending = changed.Ending;
        switch (changed.State)
        {
            case ConversationState.Finished:
                conversation.FinishedAt = clock.GetUtcNow();
                conversation.BotRead = null;
                conversation.Note = note;
                break;
            case ConversationState.Waiting:
                // Who was silent before somebody answered has had another day since.
                if (conversation.AnsweredAt is not null) conversation.SilentAgents.Clear();
                if (changed.Event == EventKind.ReturnedUnanswered && conversation.AgentId is { } silent
                    && !conversation.SilentAgents.Contains(silent)) conversation.SilentAgents.Add(silent);
                conversation.ReturnedAt = clock.GetUtcNow();
                conversation.AgentId = null;
                conversation.WasQueued = true;
                conversation.FirstAssignedAt ??= conversation.AssignedAt;
                conversation.AssignedAt = conversation.OpenedAt = conversation.AnsweredAt = null;
                // Nobody looked after the contact while an agent did.
                conversation.SeenAt = clock.GetUtcNow();
                break;
            case ConversationState.Attending:
                conversation.AnswerFrom = clock.GetUtcNow();
                break;
            case ConversationState.Paused or ConversationState.OutOfHours:
                break;
        }
        return [Add(database, conversation, changed.Event, actor, actorName, note ?? "")];
    }

    /// <summary>How many wait in the campaign's queue and are there: who keeps a place while away takes none from others.</summary>
    private Task<int> WaitingAsync(Database database, Campaign campaign, CancellationToken cancel)
    {
        var waiting = database.Conversations.Where(c => c.CampaignId == campaign.Id && c.State == ConversationState.Waiting);
        if (absence.SinceIn(campaign.Settings) is { } since)
            waiting = waiting.Where(c => c.OfferedAt != null || c.SeenAt == null || c.SeenAt >= since);
        return waiting.CountAsync(cancel);
    }

    /// <summary>The campaign's closing comment (W9), as the log's last entry.</summary>
    private async Task<Message?> ClosingAsync(Database database, Conversation conversation, CancellationToken cancel)
    {
        var campaign = await database.Campaigns.AsNoTracking().Include(c => c.Department)
            .SingleAsync(c => c.Id == conversation.CampaignId, cancel);
        var closing = campaign.Settings.Closing.In(conversation.Language);
        if (closing.Length == 0) return null;
        var contact = await database.Contacts.AsNoTracking().SingleAsync(c => c.Id == conversation.ContactId, cancel);
        var text = Variables.Fill(closing, campaign, contact, conversation);
        return Add(database, conversation, Author.Campaign, campaign.Name, text);
    }

    private void AnnounceChange(Conversation conversation, Guid? holder)
    {
        announcer.Announce(
            new Announcement(Topic.Conversation(conversation.Id), Signals.State),
            new Announcement(Topic.Campaign(conversation.CampaignId), Signals.Inbox | Signals.Queue));
        if (holder is { } agent) announcer.Announce(new Announcement(Topic.Agent(agent), Signals.Inbox));
    }

    private Message Add(
        Database database, Conversation conversation, EventKind happened, Guid? actor, string actorName, string note = "") =>
        Add(database, new Message
        {
            ConversationId = conversation.Id,
            Seq = ++conversation.Seq,
            ClientId = Ids.New(clock),
            At = clock.GetUtcNow(),
            Author = Author.Event,
            AuthorId = actor,
            AuthorName = actorName,
            Text = note,
            Event = happened,
        });

    private Message Add(Database database, Conversation conversation, Author author, string name, string text) =>
        Add(database, new Message
        {
            ConversationId = conversation.Id,
            Seq = ++conversation.Seq,
            ClientId = Ids.New(clock),
            At = clock.GetUtcNow(),
            Author = author,
            AuthorName = name,
            Text = text,
        });

    private Message AddFromContact(Database database, Conversation conversation, Guid clientId, string text)
    {
        conversation.LastContactSeq = conversation.Seq + 1;
        conversation.Unread++;
        (conversation.LastText, conversation.LastAuthor) = (MessageText.ToPlain(text, 120), Author.Contact);
        return Add(database, new Message
        {
            ConversationId = conversation.Id,
            Seq = ++conversation.Seq,
            ClientId = clientId,
            At = clock.GetUtcNow(),
            Author = Author.Contact,
            Text = text,
        });
    }

    private static Message Add(Database database, Message entry)
    {
        database.Messages.Add(entry);
        return entry;
    }
}
