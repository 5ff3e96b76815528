using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ContactCenter.Domain;
using ContactCenter.Security;
using ContactCenter.Storage;
using ContactCenter.Tests.Security;
using ContactCenter.Tests.Support;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ContactCenter.Tests.Pages.Administration;

/// <summary>Without a mail server an administrator hands the link over.</summary>
public sealed partial class LinkTests(AppWithAddress app) : IClassFixture<AppWithAddress>
{
    private const string Users = "/administration/users";
    private const string NewPassword = "sunny river window";

    [Fact]
    public async Task Nora_is_invited_by_a_link_that_is_shown_once_and_works_once()
    {
        using var ada = await app.SignInAsync(Cast.Ada);
        var made = await ada.PostAsync(Users, UserTests.Good("Nora", "nora@link.test"));
        Assert.EndsWith("?done=unsent", made.Location);
        var page = (await ada.GetAsync(made.Location!)).Read();
        Assert.Contains("Make a link below, and give it to them yourself.", page);
        Assert.Contains("Link to copy", page);
        var user = made.Location!.Split('?')[0];

        var shown = await ada.PostAsync($"{user}/link");
        Assert.Equal(200, shown.Status);
        Assert.Contains("no-store", shown.Header("Cache-Control"));
        Assert.Contains("It works once and for 7 days.", shown.Read());
        var path = LinkIn(shown, "/invitation");
        // Nobody finds it afterwards: not by looking again, not in what is stored.
        Assert.Equal(user, (await ada.GetAsync($"{user}/link")).Location);
        Assert.DoesNotContain("code=", (await ada.GetAsync(user)).Read());
        Assert.False(await app.WithAsync<Database, bool>(database => database.Outbox.AnyAsync()));

        using var nora = app.Open();
        Assert.Contains("Welcome, Nora", (await nora.GetAsync(path)).Read());
        Assert.Equal(302, (await nora.PostAsync(path, ("Form.Password", NewPassword), ("Form.Repeated", NewPassword))).Status);
        Assert.Equal(302, (await nora.PostAsync("/sign-in", ("Form.Email", "nora@link.test"), ("Form.Password", NewPassword))).Status);
        using var later = app.Open();
        Assert.Equal(422, (await later.PostAsync(path, ("Form.Password", "another good one"), ("Form.Repeated", "another good one"))).Status);
    }

    [Fact]
    public async Task Who_may_more_than_an_agent_is_invited_by_a_link_only_with_the_administrators_password()
    {
        using var ada = await app.SignInAsync(Cast.Ada);
        var made = await ada.PostAsync(Users, ("name", "Sven"), ("email", "sven@link.test"), ("roles", "Supervisor"), ("password", Person.Password));
        var user = made.Location!.Split('?')[0];
        foreach (var password in (string?[])[null, "not the password"])
        {
            var refused = await ada.PostAsync($"{user}/link", ("password", password));
            Assert.Equal(422, refused.Status);
            Assert.DoesNotContain("code=", refused.Read());
        }
        LinkIn(await ada.PostAsync($"{user}/link", ("password", Person.Password)), "/invitation");
    }

    [Fact]
    public async Task Who_has_forgotten_a_password_is_given_a_link_where_no_mail_can_bring_it()
    {
        var (omar, admin) = (await app.IdOfAsync(Cast.Omar), await app.IdOfAsync(Cast.Ada));
        using var his = await app.SignInAsync(Cast.Omar);
        using var ada = await app.SignInAsync(Cast.Ada);
        Assert.Contains("Link for a new password", (await ada.GetAsync($"{Users}/{omar}")).Read());
        // Whoever finds her open browser takes over nobody.
        foreach (var password in (string?[])[null, "not the password"])
        {
            var refused = await ada.PostAsync($"{Users}/{omar}/link", ("password", password));
            Assert.Equal(422, refused.Status);
            Assert.DoesNotContain("code=", refused.Read());
        }
        var shown = await ada.PostAsync($"{Users}/{omar}/link", ("password", Person.Password));
        Assert.Contains("It works once and for one hour.", shown.Read());
        var path = LinkIn(shown, "/password/reset");
        Assert.Equal(200, (await his.GetAsync("/inbox")).Status);

        using var browser = app.Open();
        Assert.Equal(302, (await browser.PostAsync(path, ("Form.Password", NewPassword), ("Form.Repeated", NewPassword))).Status);
        Assert.Equal(422, (await browser.PostAsync(path, ("Form.Password", NewPassword), ("Form.Repeated", NewPassword))).Status);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(302, (await his.GetAsync("/inbox")).Status);

        // One's own password is changed by who knows it.
        Assert.DoesNotContain("Link for a new password", (await ada.GetAsync($"{Users}/{admin}")).Read());
        Assert.Equal(404, (await ada.PostAsync($"{Users}/{admin}/link")).Status);
        await app.WithAsync<Database>(database => database.Users.Where(each => each.Id == omar).ExecuteUpdateAsync(set => set.SetProperty(each => each.Active, false)));
        Assert.Equal(404, (await ada.PostAsync($"{Users}/{omar}/link")).Status);
    }

    [Fact]
    public async Task A_copied_invitation_is_worth_nothing_after_the_days_it_names()
    {
        using var ada = await app.SignInAsync(Cast.Ada);
        var user = (await ada.PostAsync(Users, UserTests.Good("Pía", "pia@link.test"))).Location!.Split('?')[0];
        var shown = await ada.PostAsync($"{user}/link");
        var days = int.Parse(Days().Match(shown.Read()).Groups["days"].Value, CultureInfo.InvariantCulture);
        var path = LinkIn(shown, "/invitation");
        // What was shown is not shown again: a second look is another link.
        var other = LinkIn(await ada.PostAsync($"{user}/link"), "/invitation");
        Assert.NotEqual(path, other, StringComparer.Ordinal);
        foreach (var place in (string[])[user, Users, "/administration/security", "/administration/jobs"])
        {
            var page = (await ada.GetAsync(place)).Read();
            foreach (var link in (string[])[path, other]) Assert.DoesNotContain(link.Split("code=")[1], page);
        }

        using var pia = app.Open();
        var early = Aged(path, TimeSpan.FromDays(days) - TimeSpan.FromMinutes(1));
        Assert.Contains("Welcome, Pía", (await pia.GetAsync(early)).Read());
        var late = Aged(path, TimeSpan.FromDays(days) + TimeSpan.FromMinutes(1));
        Assert.Contains("has been used", (await pia.GetAsync(late)).Read());
        var chosen = await pia.PostAsync(late, ("Form.Password", NewPassword), ("Form.Repeated", NewPassword));
        Assert.Equal(422, chosen.Status);
        Assert.True(await app.WithAsync<Database, bool>(database =>
            database.Users.AnyAsync(each => each.Email == "pia@link.test" && each.PasswordHash == null)));
    }

    /// <summary>The link as if it had been shown earlier: its code begins with when it was made, by a clock that
    /// no test moves.</summary>
    private string Aged(string path, TimeSpan by)
    {
        var code = path.Split("code=");
        var protection = app.Services.GetRequiredService<IDataProtectionProvider>();
        var protector = protection.CreateProtector(Invitations.Provider);
        var token = Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(code[1]));
        var content = protector.Unprotect(Convert.FromBase64String(token));
        BitConverter.TryWriteBytes(content, BitConverter.ToInt64(content) - by.Ticks);
        var aged = Encoding.UTF8.GetBytes(Convert.ToBase64String(protector.Protect(content)));
        return $"{code[0]}code={WebEncoders.Base64UrlEncode(aged)}";
    }

    [GeneratedRegex("once and for (?<days>[0-9]+) days", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Days();

    internal static string LinkIn(Answer answer, string path)
    {
        var link = Link().Match(answer.Read());
        Assert.True(link.Success, answer.Read());
        Assert.StartsWith(path, link.Groups["path"].Value, StringComparison.Ordinal);
        return link.Groups["path"].Value;
    }

    [GeneratedRegex(@"https://chat\.example\.com(?<path>/[a-z/]+\?user=[0-9a-f-]+&code=[\w-]+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Link();
}

public sealed class LinkWithMailTests(AppWithMail app) : IClassFixture<AppWithMail>
{
    [Fact]
    public async Task With_a_mail_server_the_link_of_an_invitation_may_be_copied_and_passwords_are_recovered_by_mail()
    {
        using var ada = await app.SignInAsync(Cast.Ada);
        var made = await ada.PostAsync("/administration/users", UserTests.Good("Tess", "tess@link.test"));
        Assert.EndsWith("?done=invited", made.Location);
        var user = made.Location!.Split('?')[0];
        Assert.Contains("Send again", (await ada.GetAsync(user)).Read());
        LinkTests.LinkIn(await ada.PostAsync($"{user}/link"), "/invitation");
        var lili = await app.IdOfAsync(Cast.Lili);
        Assert.DoesNotContain("Link for a new password", (await ada.GetAsync($"/administration/users/{lili}")).Read());
        Assert.Equal(404, (await ada.PostAsync($"/administration/users/{lili}/link")).Status);
    }
}
