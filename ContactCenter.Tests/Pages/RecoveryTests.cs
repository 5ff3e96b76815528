using System.Net;
using System.Text.RegularExpressions;
using ContactCenter.Domain;
using ContactCenter.Security;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Tests.Pages;

/// <summary>An App that sends its mail to a real server, which refuses the first one for a moment.</summary>
public sealed class AppWithMail : App
{
    private MailServer? mail;

    public MailServer Mail => mail!;

    protected override IEnumerable<(string Key, string? Value)> Settings =>
    [
        ("ContactCenter:Smtp:Host", "127.0.0.1"),
        ("ContactCenter:Smtp:Port", $"{Mail.Port}"),
        ("ContactCenter:Smtp:User", "postman"),
        ("ContactCenter:Smtp:Password", "rings twice"),
        ("ContactCenter:Smtp:StartTls", "false"),
        ("ContactCenter:Smtp:From", "help@contactcenter.test"),
        ("ContactCenter:PublicUrl", "https://chat.example.com/"),
    ];

    public override async Task InitializeAsync()
    {
        mail = await MailServer.StartAsync("fail=1", "login=postman:rings twice");
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        if (mail is not null) await mail.DisposeAsync();
    }
}

public sealed partial class RecoveryTests(AppWithMail app) : IClassFixture<AppWithMail>
{
    private const string NewPassword = "sunny river window";

    [Fact]
    public async Task Lili_recovers_her_password_by_mail()
    {
        using var elsewhere = await app.SignInAsync(Cast.Lili);
        using var browser = app.Open().Language("es");
        Assert.Equal(200, (await browser.PostAsync("/password/recovery", ("Form.Email", Cast.Lili.Email))).Status);

        var mail = await app.Mail.NextAsync();
        Assert.Equal(("help@contactcenter.test", Cast.Lili.Email), (mail.From, mail.To));
        Assert.Equal("Tu contraseña nueva de ContactCenter", mail.Subject);
        Assert.Contains("Hola, Lili:", mail.Text);
        var link = Link().Match(mail.Text);
        Assert.True(link.Success, mail.Text);
        Assert.Contains(link.Value, WebUtility.HtmlDecode(mail.Html));
        var path = link.Groups["path"].Value;

        Assert.Contains("Elegir una contraseña nueva", WebUtility.HtmlDecode((await browser.GetAsync(path)).Text));
        Assert.Equal(422, (await browser.PostAsync(path, ("Form.Password", "short"), ("Form.Repeated", "short"))).Status);
        var answer = await browser.PostAsync(path, ("Form.Password", NewPassword), ("Form.Repeated", NewPassword));
        Assert.Equal((302, "/sign-in?done=password"), (answer.Status, answer.Location));
        Assert.Contains($"value=\"{Cast.Lili.Email}\"", (await browser.GetAsync(answer.Location!)).Text);

        Assert.Equal(422, (await browser.PostAsync("/sign-in", ("Form.Email", Cast.Lili.Email), ("Form.Password", Person.Password))).Status);
        Assert.Equal(302, (await browser.PostAsync("/sign-in", ("Form.Email", Cast.Lili.Email), ("Form.Password", NewPassword))).Status);

        // The link is spent, and whoever was signed in before is not any more.
        using var later = app.Open();
        Assert.Contains("has been used", (await later.GetAsync(path)).Text);
        Assert.Equal(422, (await later.PostAsync(path, ("Form.Password", "another good one"), ("Form.Repeated", "another good one"))).Status);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(302, (await elsewhere.GetAsync("/profile")).Status);
    }

    [Fact]
    public async Task A_stranger_cannot_tell_an_account_from_none_and_fills_no_mailbox()
    {
        using var browser = app.Open();
        var nobody = await browser.PostAsync("/password/recovery", ("Form.Email", "nobody@demo.local"));
        var omar = await browser.PostAsync("/password/recovery", ("Form.Email", Cast.Omar.Email));
        Assert.Equal((200, 200), (nobody.Status, omar.Status));
        Assert.Equal(
            nobody.Neutral().Replace("nobody@demo.local", "", StringComparison.Ordinal),
            omar.Neutral().Replace(Cast.Omar.Email, "", StringComparison.Ordinal));

        await browser.PostAsync("/password/recovery", ("Form.Email", Cast.Omar.Email));
        await browser.PostAsync("/password/recovery", ("Form.Email", Cast.Ines.Email));
        string[] to = [(await app.Mail.NextAsync()).To, (await app.Mail.NextAsync()).To];
        Assert.Equal($"{Cast.Ines.Email} {Cast.Omar.Email}", string.Join(' ', to.Order(StringComparer.Ordinal)));
        await Eventually.Holds("nothing waits to be sent", () => app.WithAsync<OutboxStore, bool>(async outbox => await outbox.CountAsync() == 0));
        Assert.False(app.Mail.HasMore);
    }

    [Theory]
    [InlineData("/password/reset")]
    [InlineData("/password/reset?user=nonsense&code=nonsense")]
    [InlineData("/password/reset?user=00000000-0000-0000-0000-000000000000&code=AAAA")]
    public async Task A_link_nobody_sent_leads_nowhere(string path)
    {
        using var browser = app.Open();
        Assert.Contains("has been used", (await browser.GetAsync(path)).Text);
        var answer = await browser.PostAsync(path, ("Form.Password", NewPassword), ("Form.Repeated", NewPassword));
        Assert.Equal(422, answer.Status);
        Assert.Contains("has been used", answer.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not an address")]
    public async Task Something_that_is_no_address_is_refused(string email)
    {
        using var browser = app.Open();
        Assert.Equal(422, (await browser.PostAsync("/password/recovery", ("Form.Email", email))).Status);
    }

    [GeneratedRegex(@"https://chat\.example\.com(?<path>/password/reset\?user=[0-9a-f-]+&code=[\w-]+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Link();
}

public sealed class RecoveryWithoutMailTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task Without_a_mail_server_the_page_says_so_to_everyone_alike()
    {
        using var browser = app.Open();
        Assert.Contains("has not set up mail", (await browser.GetAsync("/password/recovery")).Text);
        var somebody = await browser.PostAsync("/password/recovery", ("Form.Email", Cast.Lili.Email));
        var nobody = await browser.PostAsync("/password/recovery", ("Form.Email", "nobody@demo.local"));
        Assert.Equal(somebody.Neutral(), nobody.Neutral());
    }
}

public sealed class RecoverySpellingTests(AppWithMail app) : IClassFixture<AppWithMail>
{
    [Fact]
    public async Task However_an_address_is_spelled_its_mail_is_asked_for_once()
    {
        await app.WithAsync<Accounts>(async accounts =>
            Assert.Empty((await accounts.CreateAsync(new NewAccount("jos\u00E9@demo.local", "José", Person.Password, [Roles.Agent]))).Errors));
        using var browser = app.Open();
        // Accounts are looked up without regard to case and to how an accent is composed.
        string[] spelled = ["jos\u00E9@demo.local", "jose\u0301@demo.local", "JOS\u00C9@demo.local", "JOSE\u0301@Demo.Local"];
        foreach (var address in spelled)
            Assert.Equal(200, (await browser.PostAsync("/password/recovery", ("Form.Email", address))).Status);
        var asked = await app.WithAsync<Database, List<string>>(database =>
            database.Outbox.Where(mail => EF.Functions.ILike(mail.Address, "jos%")).Select(mail => mail.Address).ToListAsync());
        Assert.Equal(spelled[0], Assert.Single(asked));
    }
}
