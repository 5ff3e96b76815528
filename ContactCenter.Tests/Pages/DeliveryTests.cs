using System.Net;
using ContactCenter.Domain;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;
using static ContactCenter.Tests.Support.Cast;

namespace ContactCenter.Tests.Pages;

/// <summary>An App whose mail server refuses every attempt of the first mail.</summary>
public sealed class AppWithoutLuck : App
{
    private MailServer? mail;

    public MailServer Mail => mail!;

    protected override IEnumerable<(string Key, string? Value)> Settings => SettingsOf(Mail).Select(pair => (pair.Key, (string?)pair.Value));

    public static Dictionary<string, string> SettingsOf(MailServer mail) => new(StringComparer.Ordinal)
    {
        ["ContactCenter:Smtp:Host"] = "127.0.0.1",
        ["ContactCenter:Smtp:Port"] = $"{mail.Port}",
        ["ContactCenter:Smtp:StartTls"] = "false",
        ["ContactCenter:PublicUrl"] = "https://chat.example.com",
    };

    public override async Task InitializeAsync()
    {
        mail = await MailServer.StartAsync($"fail={OutboxMail.MaxAttempts}");
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        if (mail is not null) await mail.DisposeAsync();
    }
}

/// <summary>Mails by the running application, through a real SMTP server that fails and then works.</summary>
public sealed class DeliveryTests(AppWithoutLuck app) : IClassFixture<AppWithoutLuck>
{
    [Fact]
    public async Task A_mail_nobody_takes_is_a_dead_letter_that_Ada_sends_again()
    {
        using var browser = app.Open();
        using var ada = await app.SignInAsync(Ada);
        using var sofia = (await app.SignInAsync(Sofia)).Htmx();
        await browser.PostAsync("/password/recovery", ("Form.Email", Lili.Email));
        for (var attempt = 1; attempt <= OutboxMail.MaxAttempts; attempt++)
        {
            await Eventually.Holds($"attempt {attempt} failed", async () => await MailAsync() is { Problem: not null } mail && mail.Attempts == attempt);
            if (attempt < OutboxMail.MaxAttempts)
            {
                Assert.Contains(Lili.Email, WebUtility.HtmlDecode((await ada.GetAsync("/administration/jobs")).Text));
                app.Clock.Advance(TimeSpan.FromHours(1));
                await app.WithAsync<Database>(database => database.Outbox.Where(mail => mail.NextAt != null)
                    .ExecuteUpdateAsync(set => set.SetProperty(mail => mail.Problem, (string?)null)));
            }
        }
        var dead = (await MailAsync())!;
        Assert.NotNull(dead.DeadAt);
        Assert.Contains("Try again later", dead.Problem);
        Assert.False(app.Mail.HasMore);
        var page = WebUtility.HtmlDecode((await ada.GetAsync("/administration/jobs")).Text);
        Assert.Contains(Lili.Email, page);
        Assert.Contains("Try again later", page);
        Assert.Contains($"/administration/jobs/delivery/{dead.Id}", page);

        Assert.Equal(403, (await sofia.PostAsync($"/administration/jobs/delivery/{dead.Id}")).Status);
        Assert.Equal(404, (await ada.PostAsync($"/administration/jobs/delivery/{Desk.Id()}")).Status);
        Assert.Equal(404, (await ada.PostAsync("/administration/jobs/delivery/nonsense")).Status);
        Assert.Equal(404, (await ada.GetAsync($"/administration/jobs/delivery/{dead.Id}")).Status);
        Assert.Equal((302, "/administration/jobs"), Place(await ada.PostAsync($"/administration/jobs/delivery/{dead.Id}")));
        var arrived = await app.Mail.NextAsync();
        Assert.Equal(Lili.Email, arrived.To);
        await Eventually.Holds("it is noted", async () => await MailAsync() is { SentAt: not null });

        // What is kept of it opens nothing: the link is in the letter alone.
        Assert.Contains("https://chat.example.com/password/reset?user=", arrived.Text);
        var kept = await app.WithAsync<Database, string>(database => database.Database
            .SqlQuery<string>($"select coalesce(string_agg(o::text, ' '), '') as \"Value\" from outbox o").SingleAsync());
        Assert.Contains(Lili.Email, kept);
        Assert.DoesNotContain("reset", kept);
    }

    private static (int, string?) Place(Answer answer) => (answer.Status, answer.Location);

    private Task<OutboxMail?> MailAsync() => app.WithAsync<Database, OutboxMail?>(database =>
        database.Outbox.AsNoTracking().SingleOrDefaultAsync());
}

/// <summary>The same with nodes that are processes of their own; this one has no mail server and only looks.</summary>
public sealed class KilledNodeTests(App app) : IClassFixture<App>
{
    [Fact, Trait(Runs.Trait, Runs.Process)]
    public async Task A_mail_whose_node_is_killed_while_it_sends_leaves_by_another()
    {
        await using var mail = await MailServer.StartAsync("hang=1");
        var settings = AppWithoutLuck.SettingsOf(mail).ToDictionary(pair => pair.Key.Replace(":", "__", StringComparison.Ordinal), pair => pair.Value, StringComparer.Ordinal);
        settings["ConnectionStrings__Postgres"] = app.ConnectionString;
        settings["ASPNETCORE_ENVIRONMENT"] = "Production";
        await using var first = await AppProcess.StartAsync(settings);
        using (var browser = new Browserless(await first.Address()))
            Assert.Equal(200, (await browser.PostAsync("/password/recovery", ("Form.Email", Omar.Email))).Status);
        await mail.IsSilent;
        await first.KillAsync();
        Assert.True(await WaitsAsync(attempts: 1));
        Assert.False(mail.HasMore);

        await using var second = await AppProcess.StartAsync(settings);
        // The claim's minute is over.
        await app.WithAsync<Database>(database => database.Outbox.ExecuteUpdateAsync(set => set.SetProperty(each => each.NextAt, app.Clock.GetUtcNow())));
        Assert.Equal(Omar.Email, (await mail.NextAsync()).To);
        await Eventually.Holds("it is noted", () => app.WithAsync<Database, bool>(database => database.Outbox.AnyAsync(each => each.SentAt != null && each.Attempts == 2)));
        Assert.False(mail.HasMore);
    }

    private Task<bool> WaitsAsync(int attempts) => app.WithAsync<Database, bool>(database =>
        database.Outbox.AnyAsync(each => each.NextAt != null && each.Attempts == attempts));
}
