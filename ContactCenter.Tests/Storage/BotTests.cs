using ContactCenter.Domain;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Tests.Storage;

/// <summary>The menu bot on a real database; a test decides when it answers.</summary>
public sealed class BotTests(Scene scene) : IClassFixture<Scene>
{
    private static Guid Id() => Ids.New(TimeProvider.System);

    private static string Key(string name) => $"{name}-{Id():N}"[..24].TrimEnd('-');

    /// <summary>A campaign whose bot offers what has these skills.</summary>
    private async Task<Campaign> MenuAsync(Action<CampaignSettings>? set = null, params string[] skills)
    {
        var campaign = await scene.CampaignAsync(Key("menu"), settings =>
        {
            settings.Welcome = new LocalText { Es = "Enseguida te atiende una persona." };
            settings.Bot = new MenuBot
            {
                Enabled = true,
                Name = "Barro",
                Welcome = new LocalText { Es = "Hola {contact}, soy {agent}." },
                Options = [.. skills.Select(skill => new MenuOption { Label = new LocalText { Es = $"Quiero {skill}" }, Skill = skill })],
            };
            set?.Invoke(settings);
        });
        await scene.ReadAsync(async db =>
        {
            await db.FitBotAsync(await db.Campaigns.SingleAsync(c => c.Id == campaign.Id), scene.Clock, default);
            return await db.SaveChangesAsync();
        });
        return campaign;
    }

    private Task<MessageOutcome> SaysAsync(Conversation conversation, Campaign door, string text, Guid? id = null) =>
        scene.Messages.FromContactAsync(conversation.Id, conversation.ContactId, door.Id, id ?? Id(), text);

    private async Task<Conversation> AnswersAsync(Conversation conversation, Campaign door, string text)
    {
        await SaysAsync(conversation, door, text);
        Assert.True(await scene.Conversations.AnswerAsync(conversation.Id));
        return await scene.ReloadAsync(conversation);
    }

    private async Task<Message> LastAsync(Conversation conversation) => (await scene.LogAsync(conversation))[^1];

    [Fact]
    public async Task The_bot_greets_with_its_menu_and_nobody_is_given_the_conversation()
    {
        var menu = await MenuAsync(skills: ["ventas"]);
        await scene.AgentAsync($"Lili{Id():N}");
        var marta = await scene.VisitorAsync("Marta", menu, "1");

        var log = await scene.LogAsync(marta);
        Assert.Equal((EventKind.BotGreeted, "Barro"), (log[0].Event, log[0].AuthorName));
        Assert.Equal("1", log[1].Text);
        Assert.Equal((Author.Agent, "Hola Marta, soy Barro.\n\n1. Quiero ventas\n0. Hablar con una persona"), (log[2].Author, log[2].Text));
        Assert.Equal(3, log.Count);
        var bot = await scene.ReadAsync(db => db.Agents.SingleAsync(a => a.UserId == log[2].AuthorId));
        Assert.True(bot.Bot);
        await scene.AssignAsync(menu);
        var now = await scene.ReloadAsync(marta);
        Assert.Equal((ConversationState.Attending, (Guid?)bot.UserId, null), (now.State, now.AgentId, now.AssignedAt));
        // What was written before the menu is no answer to it.
        Assert.False(await scene.Conversations.AnswerAsync(marta.Id));
        Assert.DoesNotContain(marta.Id, await scene.Conversations.BotsDueAsync(1000));
        scene.Clock.Advance(TimeSpan.FromHours(1));
        Assert.DoesNotContain(await scene.Get<AssignmentStore>().ReturnsDueAsync(1000, default), due => due.Conversation == marta.Id);
    }

    [Fact]
    public async Task An_option_leads_to_the_campaign_with_its_skill_where_the_wait_begins()
    {
        var sales = await scene.CampaignAsync(Key("sales"), settings => settings.Skills = ["Ventas"]);
        var menu = await MenuAsync(skills: ["soporte", "ventas"]);
        var marta = await scene.VisitorAsync("Marta", menu);
        scene.Clock.Advance(TimeSpan.FromMinutes(3));
        var lili = await scene.AgentAsync($"Lili{Id():N}", 6, sales);

        var led = await AnswersAsync(marta, menu, "2");
        Assert.Equal((ConversationState.Waiting, sales.Id, (Guid?)menu.Id, null, null), (led.State, led.CampaignId, led.CameBy, led.AgentId, led.BotRead));
        Assert.Equal(marta.Ticket, led.Ticket);
        Assert.Equal(scene.Clock.GetUtcNow(), led.QueuedAt);
        var happened = (await scene.LogAsync(marta)).Single(m => m.Event == EventKind.HandedOver);
        Assert.Equal(("Barro", $"Quiero ventas → {sales.Name}"), (happened.AuthorName, happened.Text));

        scene.Clock.Advance(TimeSpan.FromSeconds(20));
        await scene.AssignAsync(sales);
        var given = await scene.ReloadAsync(marta);
        Assert.Equal((lili.Id, 20_000), (given.AgentId, given.WaitedMs));
        // Her page is still the menu's, and what she writes arrives.
        await SaysAsync(marta, menu, "¿Hay stock?");
        Assert.Equal("¿Hay stock?", (await LastAsync(marta)).Text);
        Assert.IsType<MessageOutcome.NotFound>(await scene.Messages.FromContactAsync(marta.Id, marta.ContactId, sales.Id, Id(), "x"));
        // And a start from her page finds her conversation where it is.
        Assert.Equal(marta.Id, (await scene.StartAsync(menu, Id(), marta.ContactId, new ContactDetails("Marta", null, null), "es", null)).Id);
        Assert.Equal(marta.Id, (await scene.StartAsync(menu, marta.StartKey, null, new ContactDetails("Marta", null, null), "es", null)).Id);
    }

    [Fact]
    public async Task Answers_at_once_by_every_node_are_one_answer_and_a_repeated_message_is_one_miss()
    {
        var menu = await MenuAsync(skills: ["ventas"]);
        var marta = await scene.VisitorAsync("Marta", menu);
        var id = Id();
        await SaysAsync(marta, menu, "no sé", id);
        await SaysAsync(marta, menu, "no sé", id);
        Assert.Contains(marta.Id, await scene.Conversations.BotsDueAsync(1000));

        var done = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => scene.Conversations.AnswerAsync(marta.Id)));

        Assert.Single(done, each => each);
        Assert.Equal(1, (await scene.ReloadAsync(marta)).BotMisses);
        Assert.Single(await scene.LogAsync(marta), m => m.Text.StartsWith("No entendí.", StringComparison.Ordinal));
        Assert.DoesNotContain(marta.Id, await scene.Conversations.BotsDueAsync(1000));
    }

    [Fact]
    public async Task After_two_misses_a_person_of_this_campaign_is_called_and_a_message_that_comes_later_waits_for_them()
    {
        var menu = await MenuAsync(skills: ["ventas"]);
        var marta = await scene.VisitorAsync("Marta", menu);
        await SaysAsync(marta, menu, "¿eh?");
        await SaysAsync(marta, menu, "¿cómo?");
        await SaysAsync(marta, menu, "1");
        await scene.Conversations.AnswerAsync(marta.Id);

        var waiting = await scene.ReloadAsync(marta);
        Assert.Equal((ConversationState.Waiting, menu.Id, null), (waiting.State, waiting.CampaignId, waiting.CameBy));
        var log = await scene.LogAsync(marta);
        Assert.Single(log, m => m.Event == EventKind.NotUnderstood);
        Assert.Equal("Enseguida te atiende una persona.", log[^1].Text);
        Assert.False(await scene.Conversations.AnswerAsync(marta.Id));
        Assert.Equal(Enumerable.Range(1, log.Count), log.Select(m => m.Seq));
    }

    [Fact]
    public async Task Zero_and_a_skill_nobody_has_both_lead_to_a_person_of_this_campaign()
    {
        var menu = await MenuAsync(skills: ["magia"]);
        var marta = await scene.VisitorAsync("Marta", menu);
        var ana = await scene.VisitorAsync("Ana", menu);

        Assert.Equal((ConversationState.Waiting, menu.Id), Place(await AnswersAsync(marta, menu, "0")));
        Assert.Equal((ConversationState.Waiting, menu.Id), Place(await AnswersAsync(ana, menu, "1")));
        Assert.Single(await scene.LogAsync(marta), m => m.Event == EventKind.PersonAsked);

        static (ConversationState, Guid) Place(Conversation conversation) => (conversation.State, conversation.CampaignId);
    }

    /// <summary>Groups by letter, those of the bot's campaign and those of the one that has the skill.</summary>
    [Theory]
    [InlineData("a", "b", false)]
    [InlineData("a", "", false)]
    [InlineData("", "b", false)]
    [InlineData("a", "ab", true)]
    [InlineData("", "", true)]
    public async Task A_skill_leads_into_no_other_house_that_names_one_alike(string own, string other, bool leads)
    {
        var skill = $"garantía {Id():N}";
        var there = await scene.CampaignAsync(Key("there"), settings => settings.Skills = [skill]);
        var menu = await MenuAsync(skills: skill);
        var groups = "ab".Select(letter => new SecurityGroup { Id = Id(), Name = $"{letter} {Id():N}" }).ToList();
        await scene.SaveAsync([.. groups]);
        foreach (var (campaign, letters) in ((Campaign, string)[])[(menu, own), (there, other)])
            foreach (var group in letters.Select(letter => groups[letter - 'a']))
                await scene.SaveAsync(new CampaignGroup { CampaignId = campaign.Id, GroupId = group.Id });
        var marta = await scene.VisitorAsync("Marta", menu);

        var led = await AnswersAsync(marta, menu, "1");

        Assert.Equal((ConversationState.Waiting, leads ? there.Id : menu.Id), (led.State, led.CampaignId));
        var happened = (await scene.LogAsync(marta)).Single(m => m.Event == EventKind.HandedOver);
        Assert.EndsWith(leads ? there.Name : menu.Name, happened.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Led_to_a_closed_campaign_she_is_told_and_kept_for_its_opening()
    {
        var closed = await scene.CampaignAsync(Key("closed"), settings =>
        {
            var now = TimeOnly.FromDateTime(scene.Clock.GetUtcNow().UtcDateTime);
            settings.Skills = ["noche"];
            settings.OutOfHours = new LocalText { Es = "Abrimos a las 9, {contact}." };
            settings.Hours.Intervals = [new() { Days = [.. Enum.GetValues<DayOfWeek>()], From = now.AddHours(3), To = now.AddHours(4) }];
        });
        var menu = await MenuAsync(skills: ["noche"]);
        var marta = await scene.VisitorAsync("Marta", menu);

        var kept = await AnswersAsync(marta, menu, "noche");

        Assert.Equal((ConversationState.OutOfHours, closed.Id, null), (kept.State, kept.CampaignId, kept.AgentId));
        Assert.Equal("Abrimos a las 9, Marta.", (await LastAsync(marta)).Text);
        scene.Clock.Advance(TimeSpan.FromHours(3));
        Assert.Equal(1, await scene.Conversations.OpenQueueAsync(closed.Id));
    }

    [Fact]
    public async Task A_full_queue_lets_nobody_in_and_the_bot_stays()
    {
        var full = await scene.CampaignAsync(Key("full"), settings =>
        {
            settings.Skills = ["turno"];
            settings.MaximumWaiting = 1;
            settings.NotAvailable = new LocalText { Es = "Todos ocupados." };
        });
        await scene.VisitorAsync("Ana", full);
        var menu = await MenuAsync(skills: ["turno"]);
        var marta = await scene.VisitorAsync("Marta", menu);

        var stays = await AnswersAsync(marta, menu, "1");
        Assert.Equal((ConversationState.Attending, menu.Id, 0), (stays.State, stays.CampaignId, stays.BotMisses));
        Assert.StartsWith("Todos ocupados.\n\n1. Quiero turno", (await LastAsync(marta)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_leaves_the_bot_or_vanishes_has_abandoned()
    {
        var menu = await MenuAsync(settings => settings.AbandonAfter = 60, "ventas");
        var marta = await scene.VisitorAsync("Marta", menu);
        var ana = await scene.VisitorAsync("Ana", menu);
        await scene.Conversations.LeaveAsync(marta.Id);
        Assert.Equal((ConversationState.Finished, Ending.Abandoned, null), Ended(await scene.ReloadAsync(marta)));

        scene.Clock.Advance(TimeSpan.FromSeconds(40));
        await scene.Conversations.SeenAsync([ana.Id], scene.Clock.GetUtcNow());
        scene.Clock.Advance(TimeSpan.FromSeconds(40));
        Assert.DoesNotContain(await scene.Conversations.VanishedAsync(1000), each => each.Conversation == ana.Id);
        scene.Clock.Advance(TimeSpan.FromSeconds(20));
        var gone = Assert.Single(await scene.Conversations.VanishedAsync(1000), each => each.Conversation == ana.Id);
        await scene.Conversations.AbandonAsync(gone);
        Assert.Equal((ConversationState.Finished, Ending.Abandoned, null), Ended(await scene.ReloadAsync(ana)));

        static (ConversationState, Ending?, int?) Ended(Conversation conversation) => (conversation.State, conversation.Ending, conversation.BotRead);
    }

    [Fact]
    public async Task A_bot_that_is_switched_off_hands_over_whom_it_had_and_greets_nobody_and_on_again_it_is_the_same_member()
    {
        var menu = await MenuAsync(skills: ["ventas"]);
        var marta = await scene.VisitorAsync("Marta", menu);
        var first = await MembersAsync();
        await SwitchAsync(false);
        Assert.Contains(marta.Id, await scene.Conversations.BotsDueAsync(1000));
        Assert.True(await scene.Conversations.AnswerAsync(marta.Id));
        Assert.Equal(ConversationState.Waiting, (await scene.ReloadAsync(marta)).State);
        Assert.Equal(ConversationState.Waiting, (await scene.VisitorAsync("Ana", menu)).State);
        Assert.Empty(await MembersAsync());

        await SwitchAsync(true);
        Assert.Equal(ConversationState.Attending, (await scene.VisitorAsync("Inma", menu)).State);
        Assert.Equal(Assert.Single(first), Assert.Single(await MembersAsync()));

        Task<List<Guid>> MembersAsync() => scene.ReadAsync(db => db.Members.Where(m => m.CampaignId == menu.Id).Select(m => m.UserId).ToListAsync());
        Task SwitchAsync(bool on) => scene.ReadAsync(async db =>
        {
            var campaign = await db.Campaigns.SingleAsync(c => c.Id == menu.Id);
            campaign.Settings.Bot.Enabled = on;
            await db.FitBotAsync(campaign, scene.Clock, default);
            return await db.SaveChangesAsync();
        });
    }

    [Fact]
    public async Task The_board_shows_the_bot_as_a_row_with_whom_it_leads_and_counts_no_wait_for_it()
    {
        var menu = await MenuAsync(skills: ["ventas"]);
        var marta = await scene.VisitorAsync("Marta", menu);
        var board = new BoardStore(scene.Get<Npgsql.NpgsqlDataSource>(), scene.Clock);
        var campaigns = (await board.CampaignsAsync(new Viewer(Id(), "Sofía", true), default)).Where(c => c.Id == menu.Id).ToList();

        var data = await board.ReadAsync(campaigns, default);

        var bot = Assert.Single(data.Agents);
        Assert.Equal((true, "Barro", AgentState.Busy), (bot.Bot, bot.Name, bot.State));
        Assert.Equal(marta.Id, Assert.Single(bot.Active!).Id);
        Assert.Equal((0, 0), (data.Figures.Attended, data.Figures.Waiting));
    }
}
