using System.Globalization;
using ContactCenter.Domain;
using ContactCenter.Storage;
using ContactCenter.Tests.Pages;
using ContactCenter.Tests.Pages.Administration;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Tests.Security;

/// <summary>An App whose operator has said where people find it.</summary>
public sealed class AppWithAddress : App
{
    protected override IEnumerable<(string Key, string? Value)> Settings =>
    [
        ("ContactCenter:PublicUrl", "https://chat.example.com"),
        ("ContactCenter:AllowedHosts:0", "intranet.example.com"),
        ("ContactCenter:AllowedHosts:1", "*.offices.example"),
    ];
}

/// <summary>An App whose operator writes Spanish.</summary>
public sealed class AppWithLetters : App
{
    protected override IEnumerable<(string Key, string? Value)> Settings =>
    [
        ("ContactCenter:PublicUrl", "https://españa.example"),
        ("ContactCenter:AllowedHosts:0", "señal.example"),
        ("ContactCenter:AllowedHosts:1", "*.Montaña.example"),
    ];
}

/// <summary>An App that has a mail server, and no address for links to lead to.</summary>
public sealed class AppWithoutAddress : App
{
    private MailServer? mail;

    public MailServer Mail => mail!;

    protected override IEnumerable<(string Key, string? Value)> Settings =>
        AppWithoutLuck.SettingsOf(Mail).Where(pair => pair.Key != "ContactCenter:PublicUrl").Select(pair => (pair.Key, (string?)pair.Value));

    public override async Task InitializeAsync()
    {
        mail = await MailServer.StartAsync();
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        if (mail is not null) await mail.DisposeAsync();
    }
}

public sealed class HostTests(AppWithAddress app) : IClassFixture<AppWithAddress>
{
    [Theory]
    [InlineData("evil.example", 400)]
    [InlineData("chat.example.com.evil.example", 400)]
    [InlineData("offices.example", 400)]
    [InlineData("notchat.example.com", 400)]
    [InlineData("10.0.0.11:8080", 400)]
    [InlineData("chat.example.com", 200)]
    [InlineData("CHAT.example.com:443", 200)]
    [InlineData("intranet.example.com", 200)]
    [InlineData("lisbon.offices.example", 200)]
    [InlineData("localhost:5080", 200)]
    [InlineData("[::1]", 200)]
    public async Task Only_the_operators_hosts_are_answered(string host, int expected)
    {
        using var browser = app.Open().Language("es");
        browser.Headers.Host = host;
        foreach (var path in (string[])["/sign-in", "/widget.js", "/css/tokens.css", "/password/recovery"])
        {
            var answer = await browser.GetAsync(path);
            Assert.Equal((path, expected), (path, answer.Status));
            if (expected != 400) continue;
            Assert.Empty(Rules.Headers.Complaints(answer));
            Assert.DoesNotContain(host, answer.Text);
        }
        if (expected == 400) Assert.Contains("Este servidor no responde por la dirección", (await browser.GetAsync("/sign-in")).Read());
        // Also what is answered straight from the routing; and what changes something.
        Assert.Equal(expected == 400 ? 400 : 404, (await browser.GetAsync("/chat/nobodys/stream")).Status);
        Assert.Equal(expected == 400 ? 400 : 404, (await browser.PostWithoutTokenAsync("/chat/nobodys/messages", ("text", "Hello"))).Status);
        // A balancer asks a node by whatever name it has for it.
        foreach (var probe in (string[])["/health/live", "/health/ready"]) Assert.Equal(200, (await browser.GetAsync(probe)).Status);
    }

    [Fact]
    public async Task The_snippet_and_a_link_lead_to_the_address_whatever_was_asked_for()
    {
        var campaign = await app.CampaignAsync("embedded");
        using var ada = await app.SignInAsync(Cast.Ada);
        ada.Headers.Host = "intranet.example.com";
        ada.Cookies.GetAllCookies().ToList().ForEach(cookie => ada.Headers.Add("Cookie", $"{cookie.Name}={cookie.Value}"));
        Assert.Contains("\"https://chat.example.com/widget.js\"", (await ada.GetAsync($"/administration/campaigns/{campaign.Id}")).Read());
    }
}

/// <summary>A request names a host in punycode, also one that people write with their letters.</summary>
public sealed class LetteredHostTests(AppWithLetters app) : IClassFixture<AppWithLetters>
{
    [Theory]
    [InlineData("españa.example", "", 200)]
    [InlineData("señal.example", ":443", 200)]
    [InlineData("oficina.montaña.example", "", 200)]
    [InlineData("montaña.example", "", 400)]
    [InlineData("espana.example", "", 400)]
    [InlineData("españa.example.evil.example", "", 400)]
    [InlineData("xn--9999999999.example", "", 400)]
    [InlineData("xn--.example", "", 400)]
    public async Task It_is_answered_by_the_name_the_operator_wrote_and_its_pages_may_send(
        string name, string port, int expected)
    {
        var host = name.StartsWith("xn--", StringComparison.Ordinal) ? name : new IdnMapping().GetAscii(name) + port;
        using var browser = app.Open();
        browser.Headers.Host = host;
        Assert.Equal(expected, (await browser.GetAsync("/sign-in")).Status);
        // Other sites' forms are refused; this one is only shown again, for it has no token.
        browser.Headers.Add("Origin", $"{(port.Length > 0 ? "https" : "http")}://{host}");
        var sent = await browser.PostWithoutTokenAsync("/sign-in", ("Form.Email", Cast.Lili.Email));
        Assert.Equal(400, sent.Status);
        Assert.Equal(expected == 200, sent.Text.Contains(Cast.Lili.Email, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_site_is_another_one_in_letters_too()
    {
        using var browser = app.Open();
        browser.Headers.Host = new IdnMapping().GetAscii("españa.example");
        browser.Headers.Add("Origin", "http://" + new IdnMapping().GetAscii("espáña.example"));
        Assert.Equal(403, (await browser.PostWithoutTokenAsync("/sign-in", ("Form.Email", Cast.Lili.Email))).Status);
    }
}

public sealed class PoisonedLinkTests(AppWithoutAddress app) : IClassFixture<AppWithoutAddress>
{
    [Fact]
    public async Task Without_an_address_no_mail_with_a_link_is_asked_for_and_the_page_says_why()
    {
        using var mallory = app.Open();
        mallory.Headers.Host = "evil.example";
        foreach (var answer in (Answer[])[await mallory.GetAsync("/password/recovery"), await mallory.PostAsync("/password/recovery", ("Form.Email", Cast.Lili.Email))])
        {
            Assert.Contains("The address of this site has not been set up yet, so no link can be sent.", answer.Read());
            Assert.DoesNotContain("is on its way", answer.Read());
        }

        using var ada = await app.SignInAsync(Cast.Ada);
        var made = await ada.PostAsync("/administration/users", UserTests.Good("Nora", "nora@poisoned.test"));
        Assert.EndsWith("?done=unsent", made.Location);
        var page = (await ada.GetAsync(made.Location!)).Read();
        Assert.Contains("no mail can be sent: the address of this site is not set up here yet (ContactCenter__PublicUrl)", page);
        Assert.DoesNotContain("Send again", page);
        var user = made.Location!.Split('?')[0];
        Assert.EndsWith("?done=unsent", (await ada.PostAsync($"{user}/invitation")).Location);
        var link = await ada.PostAsync($"{user}/link");
        Assert.Equal(409, link.Status);
        Assert.Contains("No link can be made: the address of this site is not set up.", link.Read());
        Assert.Contains("No mail with a link leaves: ContactCenter__PublicUrl is not set.", (await ada.GetAsync("/administration/jobs")).Read());
        var campaign = await app.CampaignAsync("nowhere");
        Assert.Contains("https://YOUR-ADDRESS/widget.js", (await ada.GetAsync($"/administration/campaigns/{campaign.Id}")).Read());
        Assert.False(await app.WithAsync<Database, bool>(database => database.Outbox.AnyAsync(mail => mail.Kind != MailKind.AddressChanged && mail.Address != "old@poisoned.test")));
    }

    [Fact]
    public async Task A_mail_that_an_older_build_stored_with_somebodys_host_does_not_leave()
    {
        await app.StoreForElsewhereAsync(Cast.Omar);
        await Eventually.Holds("an attempt failed", () => app.WithAsync<Database, bool>(database =>
            database.Outbox.AnyAsync(mail => mail.Problem == "ContactCenter__PublicUrl is not set: no mail with a link leaves.")));
        await app.WithAsync<Database>(database => database.Outbox.Where(mail => mail.Address == Cast.Omar.Email).ExecuteDeleteAsync());
        Assert.False(app.Mail.HasMore);
    }

    [Fact]
    public async Task A_host_that_stands_for_nothing_is_refused_although_any_other_is_answered()
    {
        using var mallory = app.Open();
        mallory.Headers.Host = "xn--.example";
        foreach (var path in (string[])["/inbox", "/sign-in", "/css/tokens.css"])
            Assert.Equal((path, 400), (path, (await mallory.GetAsync(path)).Status));
        Assert.Equal(200, (await mallory.GetAsync("/health/live")).Status);
    }

    [Fact]
    public async Task A_redirect_names_no_host()
    {
        using var mallory = app.Open();
        mallory.Headers.Host = "evil.example";
        foreach (var path in (string[])["/inbox", "/administration/users", "/", "/profile"])
        {
            var answer = await mallory.GetAsync(path);
            Assert.Equal((path, 302), (path, answer.Status));
            Assert.StartsWith("/", answer.Location, StringComparison.Ordinal);
        }
    }
}

public sealed class StoredSiteTests(AppWithMail app) : IClassFixture<AppWithMail>
{
    [Fact]
    public async Task A_link_leads_to_the_address_also_of_a_mail_that_was_stored_with_another()
    {
        await app.StoreForElsewhereAsync(Cast.Ines);
        var mail = await app.Mail.NextAsync();
        Assert.Equal(Cast.Ines.Email, mail.To);
        Assert.Contains("https://chat.example.com/password/reset?", mail.Text);
        Assert.DoesNotContain("evil.example", mail.Text + mail.Html);
    }
}

/// <summary>What an older build has left.</summary>
static class OldMail
{
    /// <summary>A mail that was stored with the host of whoever asked for it.</summary>
    public static Task StoreForElsewhereAsync(this App app, Person to) => app.WithAsync<Database>(async database =>
    {
        database.Add(new OutboxMail
        {
            Id = TwoHouses.Id(),
            Kind = MailKind.Recovery,
            Address = to.Email,
            Site = "https://evil.example",
            Language = "en",
            At = app.Clock.GetUtcNow(),
            NextAt = app.Clock.GetUtcNow(),
        });
        await database.SaveChangesAsync();
    });
}
