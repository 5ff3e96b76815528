using ContactCenter.Domain;
using ContactCenter.Realtime;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Storage;

/// <summary>What menu bots do (Q10): they answer once whatever a contact wrote to them, whoever asks them to and however often.</summary>
public sealed partial class ConversationStore
{
    private const int ReadAtOnce = 20;

    /// <summary>Conversations a bot owes an answer, and those of a bot that was switched off: what the sweep looks at.</summary>
    public async Task<IReadOnlyList<Guid>> BotsDueAsync(int limit, CancellationToken cancel = default)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        return await database.Conversations
            .Where(c => c.BotRead != null && (c.LastContactSeq > c.BotRead || !c.Campaign.Settings.Bot.Enabled))
            .OrderBy(c => c.QueuedAt).Select(c => c.Id).Take(limit).ToListAsync(cancel);
    }

    /// <summary>
    /// Lets the bot answer what it has not read yet. The conversation's row is held, and how far the bot has read is saved with
    /// its answer: a repeated or simultaneous call finds nothing left to do.
    /// </summary>
    /// <returns>Whether there was anything to do.</returns>
    public async Task<bool> AnswerAsync(Guid id, CancellationToken cancel = default)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        var conversation = await HoldAsync(database, id, cancel);
        if (conversation is not { State: ConversationState.Attending, BotRead: { } read, AgentId: { } bot }) return false;
        var campaign = await database.Campaigns.AsNoTracking().Include(c => c.Department).SingleAsync(c => c.Id == conversation.CampaignId, cancel);
        var settings = campaign.Settings.Bot;
        var news = await database.Messages.AsNoTracking()
            .Where(m => m.ConversationId == id && m.Seq > read && m.Author == Author.Contact)
            .OrderBy(m => m.Seq).Take(ReadAtOnce).ToListAsync(cancel);
        if (news.Count == 0 && settings.IsOn()) return false;
        var from = campaign.Id;
        var added = new List<Message>();
        foreach (var outcome in Outcomes(settings, conversation, news))
        {
            switch (outcome)
            {
                case MenuOutcome.Asks asks:
                    conversation.BotMisses++;
                    added.Add(Say(database, conversation, bot, Menus.NameOf(settings), asks.Say));
                    break;
                case MenuOutcome.Leads leads:
                    var target = await WithSkillAsync(database, campaign, leads.Skill, cancel) ?? campaign;
                    added.AddRange(await HandOverAsync(
                        database, conversation, target, settings, EventKind.HandedOver, $"{leads.Choice} → {target.Name}", cancel));
                    break;
                case MenuOutcome.Person person:
                    added.AddRange(await HandOverAsync(database, conversation, campaign, settings, Event(person.Because), "", cancel));
                    break;
            }
            if (conversation.BotRead is null) break;
        }
        conversation.LastAt = clock.GetUtcNow();
        await database.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);

        announcer.Added([.. added]);
        if (conversation.BotRead is not null) return true;
        AnnounceChange(conversation, null);
        announcer.Announce(new Announcement(Topic.Campaign(from), Signals.Inbox));
        if (conversation.State == ConversationState.Waiting) dispatcher.WakeCampaign(conversation.CampaignId);
        return true;
    }

    /// <summary>The bot's decision about each message in turn, each as it stands after the one before.</summary>
    private static IEnumerable<MenuOutcome> Outcomes(MenuBot bot, Conversation conversation, List<Message> news)
    {
        if (!bot.IsOn()) yield return new MenuOutcome.Person(PersonBecause.SwitchedOff);
        foreach (var message in news)
        {
            conversation.BotRead = message.Seq;
            yield return Menus.Decide(bot, conversation.Language, message.Text, conversation.BotMisses);
        }
    }

    /// <summary>
    /// The bot leaves: the contact enters a campaign's queue, or is told that it is closed and kept for its opening. Where as
    /// many wait as may (Q6) the bot says so and stays.
    /// </summary>
    private async Task<List<Message>> HandOverAsync(
        Database database, Conversation conversation, Campaign to, MenuBot bot, EventKind happened, string how, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var isLimited = to.Settings.MaximumWaiting > 0;
        if (isLimited) await database.TakeQueueTurnAsync(to.Id, cancel);
        var waiting = isLimited ? await WaitingAsync(database, to, cancel) : 0;
        var contact = await database.Contacts.AsNoTracking().SingleAsync(c => c.Id == conversation.ContactId, cancel);
        var holder = conversation.AgentId!.Value;
        var door = to.DoorAt(now, waiting);
        // A bot that was switched off cannot stay.
        if (door == Door.Full && bot.IsOn())
        {
            var full = Variables.Fill(door.Says(to.Settings, conversation.Language), to, contact, conversation);
            return [Say(database, conversation, holder, Menus.NameOf(bot), Menus.Busy(bot, full, conversation.Language))];
        }
        if (to.Id != conversation.CampaignId) (conversation.CameBy, conversation.CampaignId) = (conversation.CameBy ?? conversation.CampaignId, to.Id);
        // The wait for a person, and the place among those who wait for one, begin here.
        conversation.QueuedAt = now;
        conversation.BotRead = null;
        var changed = (TransitionOutcome.Changed)Transition.Decide(conversation.State, holder, ConversationVerb.HandOver, holder);
        var entries = Apply(database, conversation, changed with { Event = happened }, holder, Menus.NameOf(bot), how);
        if (door != Door.Open)
        {
            var closed = (TransitionOutcome.Changed)Transition.Decide(conversation.State, null, ConversationVerb.Close, null);
            entries.AddRange(Apply(database, conversation, closed, null, "", null));
            conversation.WasQueued = false;
        }
        var says = door == Door.Open ? to.Settings.Welcome.In(conversation.Language) : door.Says(to.Settings, conversation.Language);
        if (says.Length > 0)
            entries.Add(Add(database, conversation, Author.Campaign, to.Name, Variables.Fill(says, to, contact, conversation)));
        return entries;
    }

    /// <summary>The bot's first words: its welcome and the menu. What the contact wrote before is no answer to them.</summary>
    private void Greet(Database database, Campaign campaign, Contact contact, Conversation conversation, Guid bot)
    {
        var (settings, language) = (campaign.Settings.Bot, conversation.Language);
        var welcome = Variables.Fill(settings.Welcome.In(language), campaign, contact, conversation, Menus.NameOf(settings));
        Say(database, conversation, bot, Menus.NameOf(settings), Menus.Greeting(settings, welcome, language));
        conversation.BotRead = conversation.Seq;
    }

    /// <summary>
    /// The enabled campaign with this skill (Q4): the bot's own before others, an open one before a closed one; null: none. Only one
    /// that whoever administers the bot's campaign sees too: another house could draw its visitors away by a skill's name.
    /// </summary>
    private async Task<Campaign?> WithSkillAsync(Database database, Campaign own, string skill, CancellationToken cancel)
    {
        var found = await database.Campaigns
            .FromSql($"""
                select *, xmin from campaigns where enabled and channel = {(int)own.Channel}
                  and exists (select from jsonb_array_elements_text(settings -> 'Skills') s where lower(s) = lower({skill}))
                  and (id = {own.Id}
                    or exists (select from campaign_groups mine join campaign_groups theirs on theirs.group_id = mine.group_id
                      where mine.campaign_id = {own.Id} and theirs.campaign_id = campaigns.id)
                    or not exists (select from campaign_groups g where g.campaign_id in ({own.Id}, campaigns.id)))
                """)
            .AsNoTracking().Include(c => c.Department).ToListAsync(cancel);
        var now = clock.GetUtcNow();
        return found.OrderByDescending(c => c.Id == own.Id).ThenByDescending(c => c.IsOpen(now)).ThenBy(c => c.Name, StringComparer.Ordinal).ThenBy(c => c.Id)
            .FirstOrDefault();
    }

    private Message Say(Database database, Conversation conversation, Guid bot, string name, string text) => Add(database, new Message
    {
        ConversationId = conversation.Id,
        Seq = ++conversation.Seq,
        ClientId = Ids.New(clock),
        At = clock.GetUtcNow(),
        Author = Author.Agent,
        AuthorId = bot,
        AuthorName = name,
        Text = text,
    });

    private static EventKind Event(PersonBecause because) => because switch
    {
        PersonBecause.Asked => EventKind.PersonAsked,
        PersonBecause.NotUnderstood => EventKind.NotUnderstood,
        PersonBecause.SwitchedOff => EventKind.HandedOver,
    };
}
