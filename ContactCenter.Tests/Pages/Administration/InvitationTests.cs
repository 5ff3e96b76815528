using System.Net;
using System.Text.RegularExpressions;
using ContactCenter.Domain;
using ContactCenter.Security;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Tests.Pages.Administration;

public sealed partial class InvitationTests(AppWithMail app) : IClassFixture<AppWithMail>
{
    private const string NewPassword = "sunny river window";

    [Fact]
    public async Task Nora_is_invited_by_mail_chooses_a_password_and_signs_in()
    {
        using var ada = await app.SignInAsync(Cast.Ada);
        ada.Language("es");
        var made = await ada.PostAsync("/administration/users", UserTests.Good("Nora Núñez", "nora@example.com"));
        Assert.EndsWith("?done=invited", made.Location);
        Assert.Contains("va en camino a nora@example.com", (await ada.GetAsync(made.Location!)).Read());

        var mail = await app.Mail.NextAsync();
        Assert.Equal(("help@contactcenter.test", "nora@example.com", "Tu cuenta en ContactCenter"), (mail.From, mail.To, mail.Subject));
        Assert.Contains("Ada te creó una cuenta", mail.Text);
        var path = PathIn(mail);
        Assert.Contains("https://chat.example.com" + path, WebUtility.HtmlDecode(mail.Html));

        using var nora = app.Open();
        Assert.Equal(422, (await nora.PostAsync("/sign-in", ("Form.Email", "nora@example.com"), ("Form.Password", NewPassword))).Status);
        Assert.Contains("Welcome, Nora Núñez", (await nora.GetAsync(path)).Read());
        Assert.Equal(422, (await nora.PostAsync(path, ("Form.Password", "short"), ("Form.Repeated", "short"))).Status);
        Assert.Equal(422, (await nora.PostAsync(path, ("Form.Password", NewPassword), ("Form.Repeated", "another one"))).Status);
        Assert.Equal("/sign-in?done=password",
            (await nora.PostAsync(path, ("Form.Password", NewPassword), ("Form.Repeated", NewPassword), ("zone", "Asia/Calcutta"))).Location);
        // Her address stands in the form, once, and neither an address of the web nor the cookie tells it.
        Assert.DoesNotContain("example", nora.Cookies.GetCookieHeader(app.Address), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("value=\"nora@example.com\"", (await nora.GetAsync("/sign-in?done=password")).Text);
        Assert.DoesNotContain("nora@example.com", (await nora.GetAsync("/sign-in")).Text);
        var hers = await app.WithAsync<Database, User>(database => database.Users.SingleAsync(user => user.Email == "nora@example.com"));
        Assert.Equal(("Asia/Kolkata", true), (hers.TimeZone, hers.TimeZoneKnown));
        Assert.Equal(302, (await nora.PostAsync("/sign-in", ("Form.Email", "nora@example.com"), ("Form.Password", NewPassword))).Status);
        Assert.Equal(200, (await nora.GetAsync("/inbox")).Status);

        // The link is spent: nobody who finds it later changes her password.
        using var later = app.Open();
        Assert.Contains("has been used", (await later.GetAsync(path)).Text);
        Assert.Equal(422, (await later.PostAsync(path, ("Form.Password", "another good one"), ("Form.Repeated", "another good one"))).Status);
        var id = made.Location!.Split('/', '?')[3];
        Assert.Equal(404, (await ada.PostAsync($"/administration/users/{id}/invitation")).Status);
    }

    [Fact]
    public async Task An_invitation_is_sent_again_and_one_to_a_wrong_address_is_worth_nothing()
    {
        using var ada = await app.SignInAsync(Cast.Ada);
        var made = await ada.PostAsync("/administration/users", UserTests.Good("Pía", "mistyped@example.com"));
        var (user, mistyped) = (made.Location!.Split('?')[0], PathIn(await app.Mail.NextAsync()));
        Assert.Contains("Send again", (await ada.GetAsync(user)).Read());
        var version = (await ada.GetAsync(user)).ValueOf("version");
        Assert.Equal(302, (await ada.PostAsync(user, [("version", version), ("password", Person.Password), .. UserTests.Good("Pía", "pia@example.com")])).Status);
        Assert.Equal($"{user}?done=invited", (await ada.PostAsync($"{user}/invitation")).Location);

        var mail = await app.Mail.NextAsync();
        Assert.Equal("pia@example.com", mail.To);
        using var pia = app.Open();
        Assert.Contains("has been used", (await pia.GetAsync(mistyped)).Text);
        Assert.Contains("Welcome, Pía", (await pia.GetAsync(PathIn(mail))).Read());

        // Deactivated before she answers: the link is closed, and there is none to send.
        Assert.Equal(302, (await ada.PostAsync($"{user}/activation", ("active", "false"))).Status);
        Assert.Contains("has been used", (await pia.GetAsync(PathIn(mail))).Text);
        Assert.Equal(404, (await ada.PostAsync($"{user}/invitation")).Status);
    }

    [Theory]
    [InlineData("/invitation")]
    [InlineData("/invitation?user=nonsense&code=nonsense")]
    [InlineData("/invitation?user=00000000-0000-0000-0000-000000000000&code=AAAA")]
    public async Task A_link_nobody_sent_leads_nowhere(string path)
    {
        using var browser = app.Open();
        Assert.Contains("has been used", (await browser.GetAsync(path)).Text);
        Assert.Equal(422, (await browser.PostAsync(path, ("Form.Password", NewPassword), ("Form.Repeated", NewPassword))).Status);
    }

    [Fact]
    public async Task A_link_to_recover_a_password_is_no_invitation_and_an_invitation_no_recovery()
    {
        var user = await app.WithAsync<Accounts, User>(async accounts =>
            (await accounts.CreateAsync(new NewAccount("tess@example.com", "Tess", null, [Roles.Agent]))).User!);
        using var ada = await app.SignInAsync(Cast.Ada);
        await ada.PostAsync($"/administration/users/{user.Id}/invitation");
        var code = PathIn(await app.Mail.NextAsync()).Split("code=")[1];
        using var browser = app.Open();
        Assert.Contains("has been used", (await browser.GetAsync($"/password/reset?user={user.Id}&code={code}")).Text);
        Assert.Null(await app.WithAsync<Database, string?>(database => database.Users.Where(each => each.Id == user.Id).Select(each => each.PasswordHash).SingleAsync()));
    }

    private static string PathIn(Received mail)
    {
        var link = Link().Match(mail.Text);
        Assert.True(link.Success, mail.Text);
        return link.Groups["path"].Value;
    }

    [GeneratedRegex(@"https://chat\.example\.com(?<path>/invitation\?user=[0-9a-f-]+&code=[\w-]+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Link();
}
