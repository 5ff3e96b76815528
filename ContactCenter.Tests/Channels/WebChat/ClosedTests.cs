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
        var now = TimeOnly.FromDateTime(app.Clock.GetUtcNow().UtcDateTime);
        var closes = app.Clock.GetUtcNow().AddSeconds(3);
        await CampaignAsync("evening", settings =>
        {
            settings.Hours.Intervals = [new() { Days = EveryDay, From = now.AddHours(-1), To = TimeOnly.FromDateTime(closes.UtcDateTime) }];
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

    private void Close(CampaignSettings settings)
    {
        var now = TimeOnly.FromDateTime(app.Clock.GetUtcNow().UtcDateTime);
        settings.Hours.Intervals = [new() { Days = EveryDay, From = now.AddHours(2), To = now.AddHours(3) }];
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
