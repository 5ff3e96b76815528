using ContactCenter.Domain;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Tests.Pages.Administration;

public sealed class CampaignTests(App app) : IClassFixture<App>
{
    private const string Path = "/administration/campaigns";

    [Fact]
    public async Task Ada_makes_a_campaign_with_hours_holidays_and_messages()
    {
        var model = await app.CampaignAsync("model");
        using var ada = await app.SignInAsync(Cast.Ada);
        var answer = await ada.PostAsync(Path, [
            .. Good(model).Where(field => field.Name != "timeZone"), ("key", "Online-Shop"), ("timeZone", "america/montevideo"),
            ("hours.index", "0"), ("hours[0].days", "1"), ("hours[0].days", "5"), ("hours[0].from", "09:00"), ("hours[0].to", "13:00"),
            ("hours.index", "n1"), ("hours[n1].days", "5"), ("hours[n1].from", "22:00"), ("hours[n1].to", "02:00"),
            ("holidays.index", "0"), ("holidays[0].date", "2027-01-06"), ("holidays[0].name", "Reyes"),
            ("welcome.es", "¡Hola {contact}!"), ("welcome.pt", "Olá"), ("origins", "https://shop.example\nhttp://localhost:*")]);
        Assert.True(answer.Status == 302, answer.Read());

        var made = await app.WithAsync<Database, Campaign>(database => database.Campaigns.SingleAsync(c => c.Key == "online-shop"));
        Assert.Equal($"{Path}/{made.Id}?done=saved", answer.Location);
        Assert.Equal("America/Montevideo", made.Settings.Hours.TimeZone);
        Assert.Equal([DayOfWeek.Monday, DayOfWeek.Friday], made.Settings.Hours.Intervals[0].Days);
        Assert.Equal(new TimeOnly(2, 0), made.Settings.Hours.Intervals[1].To);
        Assert.Equal((new DateOnly(2027, 1, 6), "Reyes"), (made.Settings.Hours.Holidays.Single().Date, made.Settings.Hours.Holidays.Single().Name));
        Assert.Equal(("¡Hola {contact}!", "Olá"), (made.Settings.Welcome.Es, made.Settings.Welcome.Pt));
        Assert.Equal(["https://shop.example", "http://localhost:*"], made.Settings.AllowedOrigins);

        var page = await ada.GetAsync(answer.Location!);
        Assert.Equal("2027-01-06", page.ValueOf("holidays[0].date"));
        Assert.Contains("data-campaign=\"online-shop\"", page.Read());
    }

    [Fact]
    public async Task Nonsense_is_told_beside_its_field_and_what_was_typed_stays()
    {
        var campaign = await app.CampaignAsync("nonsense");
        using var ada = await app.SignInAsync(Cast.Ada);
        string[] fields = ["name", "project", "department", "eligibility", "distribution", "maximumPerAgent", "maximumWaiting", "answerWithin",
            "exclusiveWait", "serviceLevel", "serviceTarget", "abandonAfter", "abandonTarget", "yellow", "red", "idle", "timeZone", "historyHours", "origins"];
        foreach (var nonsense in new[] { "", "-5", "99999999999999999999", "1e9", "💥<b>\u202E", new string('x', 5000), "7.5" })
        {
            var answer = await ada.PostAsync($"{Path}/{campaign.Id}", [
                .. fields.Select(field => (field, (string?)nonsense)), ("version", nonsense), ("groups", nonsense), ("enabled", nonsense),
                ("skills", nonsense), ("welcome.es", nonsense), ("hours.index", "0"), ("hours[0].from", nonsense), ("hours[0].to", nonsense), ("hours[0].days", nonsense),
                ("holidays.index", "0"), ("holidays[0].date", nonsense), ("holidays[0].name", nonsense)]);
            Assert.Equal(422, answer.Status);
            Assert.Contains("A whole number from 1 to 86400.", answer.Read());
            Assert.Contains("Choose at least one day.", answer.Read());
            Assert.Contains("Write the day as 2027-01-06.", answer.Read());
            Assert.Equal(nonsense, answer.ValueOf("maximumPerAgent"));
            Assert.Equal(nonsense, answer.ValueOf("hours[0].from"));
        }
        var language = ada.Language("es");
        Assert.Contains("Un número entero de 1 a 100.", (await language.PostAsync($"{Path}/{campaign.Id}", [.. Good(campaign).Where(each => each.Name != "maximumPerAgent"), ("maximumPerAgent", "mil")])).Read());
        Assert.Equal(6, (await SettingsAsync(campaign)).MaximumPerAgent);
    }

    [Theory]
    [InlineData("red", "200", "Red begins after yellow: more than 300.")]
    [InlineData("origins", "shop.example", "shop.example is no origin.")]
    [InlineData("timeZone", "Mars/Olympus", "Choose a time zone from the list, such as America/Montevideo.")]
    public async Task What_does_not_fit_is_refused(string field, string typed, string problem)
    {
        var campaign = await app.CampaignAsync("misfit-" + field.ToLowerInvariant());
        using var ada = await app.SignInAsync(Cast.Ada);
        var answer = await ada.PostAsync($"{Path}/{campaign.Id}", [.. Good(campaign).Where(each => each.Name != field), (field, typed)]);
        Assert.Equal(422, answer.Status);
        Assert.Contains(problem, answer.Read());
    }

    [Theory]
    [InlineData("taken", "Another campaign has this key.")]
    [InlineData("-shop", "Lower-case letters, digits and hyphens between them.")]
    [InlineData("señal", "Lower-case letters, digits and hyphens between them.")]
    public async Task A_key_is_a_key_and_nobody_elses(string key, string problem)
    {
        var taken = await app.WithAsync<Database, Campaign?>(database => database.Campaigns.SingleOrDefaultAsync(c => c.Key == "taken")) ?? await app.CampaignAsync("taken");
        using var ada = await app.SignInAsync(Cast.Ada);
        var answer = await ada.PostAsync(Path, [.. Good(taken), ("key", key)]);
        Assert.Equal(422, answer.Status);
        Assert.Contains(problem, answer.Read());
    }

    [Fact]
    public async Task Rows_come_and_go_without_scripts()
    {
        var campaign = await app.CampaignAsync("rows");
        using var ada = await app.SignInAsync(Cast.Ada);
        var more = await ada.PostAsync($"{Path}/{campaign.Id}", [.. Good(campaign), ("change", "hours+")]);
        Assert.Equal((200, "18:00"), (more.Status, more.ValueOf("hours[0].to")));
        var less = await ada.PostAsync($"{Path}/{campaign.Id}", [.. Good(campaign),
            ("hours.index", "0"), ("hours[0].from", "08:00"), ("hours.index", "1"), ("hours[1].from", "20:00"), ("change", "hours-0")]);
        Assert.Equal((200, "20:00", ""), (less.Status, less.ValueOf("hours[0].from"), less.ValueOf("hours[1].from")));
        Assert.Equal(200, (await ada.PostAsync($"{Path}/{campaign.Id}", [.. Good(campaign), ("change", "hours-99999999999")])).Status);
        Assert.Empty((await SettingsAsync(campaign)).Hours.Intervals);
    }

    [Theory]
    [InlineData("en", "Open all day, every day, except on holidays.")]
    [InlineData("en", "Open all day, every day, except on holidays.", "0123456 00:00 23:59")]
    [InlineData("en", "Open Monday to Friday 09:00–13:00, 14:00–18:00; Saturday 09:00–13:00.", "12345 09:00 12:59", "12345 14:00 18:00", "6 09:00 13:00")]
    [InlineData("en", "Open Monday 09:00 to Tuesday 02:00.", "1 09:00 24:00", "2 00:00 02:00")]
    [InlineData("en", "Open Sunday, Saturday all day.", "6 00:00 00:00", "0 00:00 23:59")]
    [InlineData("en", "Open every day 22:00 to 06:00 of the next day.", "0123456 22:00 06:00")]
    [InlineData("en", "Not complete yet: each row needs a day and two times.", "12345 09:00 18:00", "6 09:00 ")]
    [InlineData("es", "Abierta lunes 09:00 a martes 02:00; viernes 10:00–11:00.", "1 09:00 02:00", "5 10:00 11:00")]
    [InlineData("pt", "Aberta segunda-feira a sexta-feira 09:00–18:00.", "12345 09:00 18:00")]
    public async Task The_form_says_what_it_understood_of_the_hours(string language, string said, params string[] rows)
    {
        var campaign = await app.WithAsync<Database, Campaign?>(database => database.Campaigns.SingleOrDefaultAsync(c => c.Key == "said")) ?? await app.CampaignAsync("said");
        using var ada = await app.SignInAsync(Cast.Ada);
        var typed = rows.SelectMany((row, at) => row.Split(' ') is var parts
            ? parts[0].Select(day => ($"hours[{at}].days", (string?)day.ToString())).Concat([("hours.index", $"{at}"), ($"hours[{at}].from", parts[1]), ($"hours[{at}].to", parts[2])])
            : []);
        var answer = await ada.Language(language).PostAsync($"{Path}/{campaign.Id}", [.. Good(campaign), .. typed, ("change", "said")]);
        Assert.Equal(200, answer.Status);
        Assert.Contains($"<p>{said}</p>", answer.Read());
        Assert.Empty((await SettingsAsync(campaign)).Hours.Intervals);
    }

    [Fact]
    public async Task Who_saves_second_sees_both_and_chooses()
    {
        var campaign = await app.CampaignAsync("both");
        using var ada = await app.SignInAsync(Cast.Ada);
        using var elsewhere = await app.SignInAsync(Cast.Ada);
        var version = (await elsewhere.GetAsync($"{Path}/{campaign.Id}")).ValueOf("version");
        Assert.Equal(302, (await ada.PostAsync($"{Path}/{campaign.Id}", Changed(version, "Theirs"))).Status);

        var conflict = await elsewhere.PostAsync($"{Path}/{campaign.Id}", Changed(version, "Mine"));
        Assert.Equal(409, conflict.Status);
        Assert.Contains("<td>Theirs</td><td>Mine</td>", conflict.Read());
        Assert.Equal("Mine", conflict.ValueOf("name"));
        Assert.NotEqual(version, conflict.ValueOf("version"), StringComparer.Ordinal);

        Assert.Equal(302, (await elsewhere.PostAsync($"{Path}/{campaign.Id}", Changed(conflict.ValueOf("version"), "Mine"))).Status);
        Assert.Equal("Mine", await app.WithAsync<Database, string>(database => database.Campaigns.Where(c => c.Id == campaign.Id).Select(c => c.Name).SingleAsync()));

        (string, string?)[] Changed(string at, string name) =>
            [.. Good(campaign).Where(field => field.Name != "version" && field.Name != "name"), ("version", at), ("name", name)];
    }

    [Fact]
    public async Task A_disabled_campaign_is_hidden_from_visitors_and_keeps_everything()
    {
        var campaign = await app.CampaignAsync("hidden");
        using var ada = await app.SignInAsync(Cast.Ada);
        using var visitor = app.Open();
        Assert.Contains("name=\"email\"", (await visitor.GetAsync("/chat/hidden/pane")).Text);

        Assert.Equal(302, (await ada.PostAsync($"{Path}/{campaign.Id}/activation", ("enabled", "false"))).Status);
        app.Clock.Advance(TimeSpan.FromSeconds(2));
        await Eventually.Holds("the page follows", async () => !(await visitor.GetAsync("/chat/hidden/pane")).Text.Contains("name=\"email\"", StringComparison.Ordinal));
        Assert.Contains("disabled", (await ada.GetAsync(Path)).Text);
        Assert.Equal(302, (await ada.PostAsync($"{Path}/{campaign.Id}/activation", ("enabled", "true"))).Status);
        await Eventually.Holds("the page follows", async () => (await visitor.GetAsync("/chat/hidden/pane")).Text.Contains("name=\"email\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_with_history_is_kept_and_one_without_is_deleted()
    {
        var (used, unused) = (await app.CampaignAsync("used"), await app.CampaignAsync("unused"));
        await VisitorAsync(used, "Marta");
        using var ada = await app.SignInAsync(Cast.Ada);
        var refused = await ada.PostAsync($"{Path}/{used.Id}/deletion");
        Assert.Equal(409, refused.Status);
        Assert.Contains("Disable it instead", refused.Read());
        Assert.Contains("Disable it instead", (await ada.GetAsync($"{Path}/{used.Id}/deletion")).Read());
        Assert.Equal($"{Path}?done=deleted", (await ada.PostAsync($"{Path}/{unused.Id}/deletion")).Location);
        Assert.Equal(404, (await ada.GetAsync($"{Path}/{unused.Id}")).Status);
    }

    [Fact]
    public async Task A_raised_limit_reaches_who_waits_without_a_restart()
    {
        var campaign = await app.CampaignAsync("limit");
        var lili = await app.IdOfAsync(Cast.Lili);
        await app.WithAsync<Database>(async database =>
        {
            (await database.Campaigns.SingleAsync(c => c.Id == campaign.Id)).Settings.MaximumPerAgent = 1;
            var now = app.Clock.GetUtcNow();
            database.Add(new Agent { UserId = lili, Accepting = true, Since = now, SeenAt = now.AddHours(1) });
            await database.SaveChangesAsync();
            database.Add(new Member { CampaignId = campaign.Id, UserId = lili });
            await database.SaveChangesAsync();
        });
        await VisitorAsync(campaign, "Marta");
        await VisitorAsync(campaign, "João");
        await Eventually.Holds("the page follows", async () => await HeldAsync() == 1);

        using var ada = await app.SignInAsync(Cast.Ada);
        var version = (await ada.GetAsync($"{Path}/{campaign.Id}")).ValueOf("version");
        var saved = await ada.PostAsync($"{Path}/{campaign.Id}", [.. Good(campaign).Where(field => field.Name != "version"), ("version", version)]);
        Assert.Equal(302, saved.Status);
        await Eventually.Holds("the page follows", async () => await HeldAsync() == 2);

        Task<int> HeldAsync() => app.WithAsync<Database, int>(database =>
            database.Conversations.CountAsync(c => c.CampaignId == campaign.Id && c.State == ConversationState.Attending));
    }

    [Fact]
    public async Task Agents_supervisors_and_strangers_have_no_administration()
    {
        var campaign = await app.CampaignAsync("closed-to-them");
        string[] paths = [Path, $"{Path}/{campaign.Id}", $"{Path}/{campaign.Id}/deletion"];
        using var omar = await app.SignInAsync(Cast.Omar);
        using var sofia = await app.SignInAsync(Cast.Sofia);
        using var stranger = app.Open();
        foreach (var path in paths)
        {
            Assert.Equal(403, (await omar.GetAsync(path)).Status);
            Assert.Equal(403, (await sofia.PostAsync(path, ("name", "Mine"))).Status);
            Assert.Equal(302, (await stranger.GetAsync(path)).Status);
        }
        Assert.DoesNotContain("/administration", (await omar.GetAsync("/inbox")).Text);
    }

    [Fact]
    public async Task What_was_stored_for_switches_that_are_gone_stands_in_nobodys_way()
    {
        var campaign = await app.CampaignAsync("switches");
        Assert.Equal(1, await app.WithAsync<Database, int>(database => database.Database.ExecuteSqlAsync($$"""
            update campaigns set settings = settings || '{"AllowCalls": true, "AllowExternalResources": true}' where id = {{campaign.Id}}
            """)));
        using var ada = await app.SignInAsync(Cast.Ada);
        var page = await ada.GetAsync($"{Path}/{campaign.Id}");
        Assert.Equal(200, page.Status);
        Assert.DoesNotContain("allowCalls", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("allowFiles", page.Text, StringComparison.Ordinal);
        var version = page.ValueOf("version");
        var answer = await ada.PostAsync($"{Path}/{campaign.Id}", [
            .. Good(campaign).Where(field => field.Name is not ("version" or "idle")), ("version", version), ("idle", "601"), ("allowCalls", "true")]);
        Assert.True(answer.Status == 302, answer.Read());
        Assert.Equal(601, (await SettingsAsync(campaign)).IdleAfter);
    }

    internal static (string Name, string? Value)[] Good(Campaign campaign) =>
    [
        ("version", campaign.Version.ToString()), ("name", campaign.Name), ("project", campaign.ProjectId.ToString()), ("department", campaign.DepartmentId.ToString()),
        ("enabled", "true"), ("eligibility", "NoCall"), ("distribution", "LeastActive"), ("maximumPerAgent", "6"), ("maximumWaiting", "0"),
        ("answerWithin", "300"), ("exclusiveWait", "10"), ("serviceLevel", "20"), ("serviceTarget", "80"), ("abandonAfter", "120"), ("abandonTarget", "5"),
        ("yellow", "300"), ("red", "900"), ("idle", "600"), ("timeZone", "UTC"), ("historyHours", "0"),
    ];

    private Task<CampaignSettings> SettingsAsync(Campaign campaign) =>
        app.WithAsync<Database, CampaignSettings>(async database => (await database.Campaigns.AsNoTracking().SingleAsync(c => c.Id == campaign.Id)).Settings);

    private Task VisitorAsync(Campaign campaign, string name) => app.WithAsync<ConversationStore>(conversations =>
        conversations.StartAsync(campaign.Id, Ids.New(TimeProvider.System), null, new ContactDetails(name, null, null), "es", "Hola"));
}
