using System.Net;
using ContactCenter.Domain;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;
using static ContactCenter.Tests.Support.Cast;

namespace ContactCenter.Tests.Channels.WebChat;

/// <summary>What visitors see of opening hours and of a full queue, over HTTP.</summary>
public sealed class ClosedTests(ChatApp app) : IClassFixture<ChatApp>
{
    private static readonly List<DayOfWeek> EveryDay = [.. Enum.GetValues<DayOfWeek>()];

    [Fact]
    public async Task A_closed_campaign_says_so_in_the_visitors_language_and_begins_nothing()
    {
        await CampaignAsync("shut", settings => Close(settings));
        using var browser = app.Open().Language("pt");
        var page = WebUtility.HtmlDecode((await browser.GetAsync("/chat/shut")).Text);
        Assert.Contains("data-stage=\"closed\"", page);
        Assert.Contains("Abrimos às 9.", page);
        Assert.DoesNotContain("<form", page);

        using var marta = app.Visit("shut");
        var refused = await marta.StartAsync(Marta, "hola");
        Assert.Equal(409, refused.Status);
        Assert.Contains("Abrimos a las 9.", refused.Text);
        Assert.Null(marta.Token);
    }

    [Fact]
    public async Task Marta_leaves_a_message_once_and_finds_it_again_and_adds_to_it()
    {
        var campaign = await CampaignAsync("away", settings =>
        {
            Close(settings);
            settings.OfflineMessages = true;
        });
        using var marta = app.Visit("away");
        var form = await marta.PaneAsync();
        Assert.Contains("data-stage=\"offline\"", form.Text);
        var id = ChatFrame.NewId();
        var without = await LeaveAsync("");
        Assert.Equal(422, without.Status);
        Assert.Contains("Escribe algo primero", without.Text);
        Assert.Contains("data-stage=\"offline\"", without.Text);

        var left = await LeaveAsync("¿Tienen *stock*?");
        Assert.Equal(200, left.Status);
        Assert.Contains("data-stage=\"kept\"", left.Text);
        Assert.Contains("Tenemos tu mensaje", left.Text);
        Assert.Equal(200, (await LeaveAsync("¿Tienen *stock*?")).Status);
        Assert.Equal(200, (await marta.SayAsync("En azul")).Status);
        var again = await marta.PaneAsync();
        Assert.Contains("<b>stock</b>", again.Text);
        Assert.Contains("En azul", again.Text);

        var stored = await app.WithAsync<Database, List<Conversation>>(database =>
            database.Conversations.AsNoTracking().Include(c => c.Contact).Where(c => c.CampaignId == campaign.Id).ToListAsync());
        var kept = Assert.Single(stored);
        Assert.Equal((ConversationState.OutOfHours, "+598 99 123 456"), (kept.State, kept.Contact.Phone));

        Task<Answer> LeaveAsync(string text) => marta.PostAsync(
            "conversation", ("id", id.ToString()), ("name", Marta.Name), ("email", Marta.Email), ("phone", "+598 99 123 456"),
            ("language", "es"), ("text", text), ("offline", "1"));
    }

    [Fact]
    public async Task Without_scripts_a_message_is_left_by_a_plain_form()
    {
        await CampaignAsync("plain", settings =>
        {
            Close(settings);
            settings.OfflineMessages = true;
        });
        using var browser = app.Open().Language("es");
        var page = await browser.GetAsync("/chat/plain");
        Assert.Equal("1", ChatFrame.Field(page.Text, "offline"));
        var left = await browser.PostWithoutTokenAsync("/chat/plain/start", ("id", ChatFrame.Field(page.Text, "id")), ("offline", "1"),
            ("name", Marta.Name), ("email", Marta.Email), ("language", "es"), ("text", "sin scripts"));
        Assert.Equal(200, left.Status);
        Assert.Contains("Tenemos tu mensaje", left.Text);
        Assert.Contains("sin scripts", left.Text);
        Assert.Contains("name=\"visitor\"", left.Text);
    }

    [Fact]
    public async Task Who_was_writing_when_it_closed_keeps_what_they_typed()
    {
        await CampaignAsync("late", settings =>
        {
            Close(settings);
            settings.OfflineMessages = true;
        });
        using var marta = app.Visit("late");
        var answer = await marta.StartAsync(Marta, "Ya casi terminaba");
        Assert.Equal(409, answer.Status);
        Assert.Contains("data-stage=\"offline\"", answer.Text);
        Assert.Contains("Ya casi terminaba", answer.Text);
        Assert.Contains(Marta.Email, answer.Text);
    }

    [Fact]
    public async Task A_full_queue_lets_nobody_in_and_keeps_what_they_typed()
    {
        await CampaignAsync("full", settings =>
        {
            settings.MaximumWaiting = 1;
            settings.NotAvailable = new LocalText { Es = "Todas las líneas ocupadas." };
        });
        using var joao = await app.StartAsync(Joao, "full");
        using var marta = app.Visit("full");
        var answer = await marta.StartAsync(Marta, "hola");
        Assert.Equal(409, answer.Status);
        Assert.Contains("Todas las l", answer.Text);
        Assert.Contains("hola", answer.Text);
        Assert.Contains("data-stage=\"start\"", answer.Text);

        Assert.Equal(200, (await joao.PostAsync("conversation/leave")).Status);
        Assert.Equal(200, (await marta.StartAsync(Marta, "hola")).Status);
    }

    [Fact]
    public async Task Closing_time_passes_while_Marta_waits_and_she_is_told_within_two_seconds()
    {
        var closes = app.Clock.GetUtcNow().AddSeconds(3);
        await CampaignAsync("evening", settings =>
        {
            // An end at :59 would be open to the whole hour; on a clock half an hour further it is :29.
            settings.Hours.TimeZone = closes.Minute == 59 ? "Asia/Kolkata" : "UTC";
            var end = TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(closes, TimeZoneInfo.FindSystemTimeZoneById(settings.Hours.TimeZone)).DateTime);
            settings.Hours.Intervals = [new() { Days = EveryDay, From = end.AddHours(-1), To = end }];
            settings.OutOfHours = new LocalText { Es = "Abrimos a las 9." };
        });
        using var marta = await app.StartAsync(Marta, "evening", "sigo aquí");
        using var lines = await marta.ListenAsync("?after=2");
        var told = await NextAsync("Abrimos a las 9.");
        Assert.InRange(told - closes, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        var pane = await marta.PaneAsync();
        Assert.Contains("data-stage=\"kept\"", pane.Text);
        Assert.Contains("sigo aqu", pane.Text);

        async Task<DateTimeOffset> NextAsync(string text)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
            while (await lines.ReadLineAsync(limit.Token) is { } line)
                if (line.Contains(text, StringComparison.Ordinal)) return app.Clock.GetUtcNow();
            throw new InvalidOperationException("The stream ended.");
        }
    }

    [Fact]
    public async Task Who_finds_it_closed_is_told_when_it_opens_again_on_its_clock_and_whose_clock_that_is()
    {
        await CampaignAsync("reopens", settings =>
        {
            Close(settings);
            settings.OfflineMessages = true;
        });
        await CampaignAsync("never", settings => settings.Hours.Intervals = [new() { From = new(9, 0), To = new(18, 0) }]);
        var at = Reopening.Of(new OpeningHours { Intervals = Hours() }, app.Clock.GetUtcNow())!;
        var day = at.Days == 0 ? "hoy" : "mañana";
        var told = $"Volvemos a abrir {day} a las {at.At:HH:mm} (hora UTC).";
        using var marta = app.Visit("reopens");
        marta.Browser.Language("es");
        Assert.Contains(told, WebUtility.HtmlDecode((await marta.PaneAsync()).Text));
        Assert.Equal(200, (await marta.PostAsync("conversation", ("id", ChatFrame.NewId().ToString()), ("name", Marta.Name), ("email", Marta.Email),
            ("language", "es"), ("text", "hola"), ("offline", "1"))).Status);
        Assert.Contains(told, WebUtility.HtmlDecode((await marta.PaneAsync()).Text));

        using var joao = app.Visit("never");
        var never = await joao.PaneAsync();
        Assert.Contains("data-stage=\"closed\"", never.Text);
        Assert.DoesNotContain("data-opens", never.Text);
        Assert.DoesNotContain("data-opens", (await app.Visit("closed").PaneAsync()).Text);
    }

    [Fact]
    public async Task Where_nothing_can_be_left_what_was_typed_stays_and_is_sent_again_by_one_click()
    {
        var campaign = await CampaignAsync("shutting", settings => Close(settings));
        using var marta = app.Open().Language("es");
        (string, string?)[] typed = [("id", ChatFrame.NewId().ToString()), ("name", Marta.Name), ("email", Marta.Email), ("language", "es"), ("text", "¿Abren <hoy>?")];
        var refused = await marta.PostWithoutTokenAsync("/chat/shutting/start", typed);
        Assert.Equal(409, refused.Status);
        Assert.Contains("data-stage=\"closed\"", refused.Text);
        Assert.Contains("¿Abren <hoy>?</textarea>", WebUtility.HtmlDecode(refused.Text));
        Assert.Equal(typed[0].Item2, ChatFrame.Field(refused.Text, "id"));

        await app.WithAsync<Database>(async database =>
        {
            (await database.Campaigns.SingleAsync(c => c.Id == campaign.Id)).Enabled = false;
            await database.SaveChangesAsync();
        });
        await Eventually.Holds("it is disabled", async () => !(await marta.GetAsync("/chat/shutting")).Text.Contains("data-opens", StringComparison.Ordinal));
        var disabled = await marta.PostWithoutTokenAsync("/chat/shutting/start", typed);
        Assert.Equal(409, disabled.Status);
        Assert.Contains("Abren &lt;hoy&gt;?", disabled.Text);
    }

    [Fact]
    public async Task An_open_form_whose_campaign_closes_becomes_the_form_for_a_message_with_what_was_typed_in_it_and_sends_nothing()
    {
        var campaign = await CampaignAsync("closing", settings =>
        {
            Open(settings);
            settings.OfflineMessages = true;
        });
        using var marta = app.Visit("closing");
        var open = await marta.PaneAsync();
        Assert.Contains("data-stage=\"start\"", open.Text);
        Assert.Contains("data-turns=\"", open.Text);
        await app.WithAsync<Database>(async database =>
        {
            Close((await database.Campaigns.SingleAsync(c => c.Id == campaign.Id)).Settings);
            await database.SaveChangesAsync();
        });
        await Eventually.Holds("it is closed", async () => (await marta.PaneAsync()).Text.Contains("data-stage=\"offline\"", StringComparison.Ordinal));
        var before = await app.CountAsync();
        var id = ChatFrame.NewId().ToString();
        var turned = await marta.PostAsync("?handler=Again", ("id", id), ("name", "Mar"), ("email", "marta@"), ("language", "es"), ("text", "A medio esc"));
        Assert.Equal(200, turned.Status);
        Assert.Contains("data-stage=\"offline\"", turned.Text);
        Assert.Contains("A medio esc</textarea>", turned.Text);
        Assert.Contains("value=\"Mar\"", turned.Text);
        Assert.Equal(id, ChatFrame.Field(turned.Text, "id"));
        Assert.Equal(before, await app.CountAsync());
    }

    [Fact]
    public async Task How_long_it_takes_is_told_only_while_somebody_receives()
    {
        var campaign = await CampaignAsync("pace", settings => settings.MaximumPerAgent = 2);
        var (lili, now) = (await app.IdOfAsync(Lili), app.Clock.GetUtcNow());
        await app.WithAsync<Database>(async database =>
        {
            await database.Agents.Where(agent => agent.UserId == lili).ExecuteDeleteAsync();
            database.AddRange(
                new Agent { UserId = lili, Accepting = true, Since = now, SeenAt = now.AddDays(1) },
                new Member { CampaignId = campaign.Id, UserId = lili });
            // Her two: one in less than five minutes.
            foreach (var minutes in (int[])[9, 4])
            {
                var contact = new Contact { Id = Ids.New(app.Clock), Name = "Held", FirstSeenAt = now };
                var at = now.AddMinutes(-minutes);
                database.AddRange(contact, new Conversation
                {
                    Id = Ids.New(app.Clock),
                    CampaignId = campaign.Id,
                    ContactId = contact.Id,
                    Language = "es",
                    State = ConversationState.Attending,
                    AgentId = lili,
                    QueuedAt = at,
                    AssignedAt = at,
                    FirstAssignedAt = at,
                    WaitedMs = 0,
                    AnsweredAt = at,
                    LastAt = at,
                });
            }
            await database.SaveChangesAsync();
        });
        using var marta = await app.StartAsync(Marta, "pace", "hola");
        Assert.Contains("data-stage=\"waiting\"", (await marta.PaneAsync()).Text);
        Assert.Contains("Espera estimada: unos 5 minutos.", await PaneAsync());
        await AgentAsync(accepting: false);
        Assert.Contains("Aún no podemos decir cuánto tardará.", await PaneAsync());
        await AgentAsync(accepting: true);
        Assert.Contains("Espera estimada: unos", await PaneAsync());
        // From here on what she held goes back before Marta.
        await AgentAsync(accepting: true, seen: -1);
        Assert.Contains("Aún no podemos decir cuánto tardará.", await PaneAsync());

        async Task<string> PaneAsync() => WebUtility.HtmlDecode((await marta.PaneAsync()).Text);

        Task AgentAsync(bool accepting, int seen = 24) => app.WithAsync<Database>(database => database.Agents
            .Where(agent => agent.UserId == lili)
            .ExecuteUpdateAsync(set => set
                .SetProperty(agent => agent.Accepting, accepting)
                .SetProperty(agent => agent.SeenAt, now.AddHours(seen))));
    }

    private List<WeeklyInterval> Hours()
    {
        var now = TimeOnly.FromDateTime(app.Clock.GetUtcNow().UtcDateTime);
        var from = new TimeOnly(now.AddHours(2).Hour, 0);
        return [new() { Days = EveryDay, From = from, To = from.AddHours(1) }];
    }

    private void Open(CampaignSettings settings)
    {
        var now = TimeOnly.FromDateTime(app.Clock.GetUtcNow().UtcDateTime);
        settings.Hours.Intervals = [new() { Days = EveryDay, From = now.AddHours(-1), To = now.AddHours(1) }];
    }

    private void Close(CampaignSettings settings)
    {
        settings.Hours.Intervals = Hours();
        settings.OutOfHours = new LocalText { Es = "Abrimos a las 9.", Pt = "Abrimos às 9." };
    }

    private Task<Campaign> CampaignAsync(string key, Action<CampaignSettings> set) => app.WithAsync<Database, Campaign>(async database =>
    {
        var model = await database.Campaigns.AsNoTracking().SingleAsync(c => c.Key == "sales");
        var campaign = new Campaign
        {
            Id = Ids.New(app.Clock),
            Key = key,
            Name = key,
            ProjectId = model.ProjectId,
            DepartmentId = model.DepartmentId,
        };
        set(campaign.Settings);
        database.Add(campaign);
        await database.SaveChangesAsync();
        return campaign;
    });
}
