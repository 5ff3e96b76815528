using System.Net;
using System.Text.RegularExpressions;
using ContactCenter.Domain;
using ContactCenter.Security;
using ContactCenter.Tests.Support;
using Microsoft.AspNetCore.Identity;

namespace ContactCenter.Tests.Pages;

public sealed class SignInTests(App app) : IClassFixture<App>
{
    private static (string, string?)[] As(Person person, string password = Person.Password) =>
        [("Form.Email", person.Email), ("Form.Password", password)];

    [Theory]
    [InlineData("lili@demo.local", "/inbox")]
    [InlineData("supervisor@demo.local", "/supervision")]
    [InlineData("admin@demo.local", "/administration/campaigns")]
    public async Task Everyone_is_taken_to_where_they_work(string email, string place)
    {
        using var browser = app.Open();
        var answer = await browser.PostAsync("/sign-in", ("Form.Email", email), ("Form.Password", Person.Password));
        Assert.Equal((302, "/"), (answer.Status, answer.Location));
        Assert.Equal(place, (await browser.GetAsync("/")).Location);
    }

    [Fact]
    public async Task Whoever_never_chose_a_zone_has_their_browsers_from_the_first_sign_in_that_tells_one_on()
    {
        await app.WithAsync<Accounts>(async accounts => Assert.Empty((await accounts.CreateAsync(
            new NewAccount("zoe@zones.test", "Zoe", Person.Password, [Roles.Agent]) { TimeZone = "Europe/Madrid" })).Errors));
        Assert.Equal("Europe/Madrid", await ZoneAfterAsync(null));
        Assert.Equal("Europe/Madrid", await ZoneAfterAsync("Mars/Olympus"));
        Assert.Equal("America/Argentina/Buenos_Aires", await ZoneAfterAsync("America/Buenos_Aires"));
        // On a journey: what is known stays.
        Assert.Equal("America/Argentina/Buenos_Aires", await ZoneAfterAsync("Asia/Tokyo"));

        async Task<string> ZoneAfterAsync(string? told)
        {
            using var browser = app.Open();
            (string, string?)[] fields = [("Form.Email", "zoe@zones.test"), ("Form.Password", Person.Password)];
            Assert.Equal(302, (await browser.PostAsync("/sign-in", told is null ? fields : [.. fields, ("zone", told)])).Status);
            return (await browser.GetAsync("/profile")).Text.Split("data-zone=\"")[1].Split('"')[0];
        }
    }

    [Fact]
    public async Task A_zone_that_was_chosen_is_nobody_elses_to_change_also_UTC()
    {
        var uma = new Person("Uma", "uma@zones.test");
        await app.WithAsync<Accounts>(async accounts => Assert.Empty((await accounts.CreateAsync(
            new NewAccount(uma.Email, uma.Name, Person.Password, [Roles.Agent]))).Errors));
        using var first = await app.SignInAsync(uma);
        Assert.Equal("/profile?done=profile", (await first.PostAsync("/profile", ("Form.DisplayName", "Uma"), ("Form.TimeZone", "UTC"))).Location);
        using var browser = app.Open();
        await browser.PostAsync("/sign-in", [.. As(uma), ("zone", "Asia/Tokyo")]);
        Assert.Contains("data-zone=\"UTC\"", (await browser.GetAsync("/profile")).Text);
    }

    [Fact]
    public async Task A_stranger_is_sent_to_sign_in_and_then_to_the_page_asked_for()
    {
        using var browser = app.Open();
        var refused = await browser.GetAsync("/profile");
        Assert.Equal(302, refused.Status);
        Assert.EndsWith("/sign-in?returnUrl=%2Fprofile", refused.Location);
        var answer = await browser.PostAsync("/sign-in?returnUrl=%2Fprofile", As(Cast.Lili));
        Assert.Equal((302, "/profile"), (answer.Status, answer.Location));
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/\t/evil.example")]
    [InlineData("\\\\evil.example")]
    [InlineData("https:evil.example")]
    [InlineData(" //evil.example")]
    [InlineData("~//evil.example")]
    [InlineData("/\r\nLocation: https://evil.example")]
    public async Task Signing_in_never_leads_to_another_site(string elsewhere)
    {
        using var browser = app.Open();
        var answer = await browser.PostAsync("/sign-in?returnUrl=" + Uri.EscapeDataString(elsewhere), As(Cast.Lili));
        Assert.Equal((302, "/"), (answer.Status, answer.Location));
    }

    [Fact]
    public async Task Wrong_password_unknown_name_invited_and_inactive_accounts_get_the_same_answer()
    {
        await app.WithAsync<UserManager<User>>(async users =>
        {
            var ines = (await users.FindByEmailAsync(Cast.Ines.Email))!;
            ines.Active = false;
            await users.UpdateAsync(ines);
        });
        using var browser = app.Open();
        await app.WithAsync<Accounts>(accounts => accounts.CreateAsync(new NewAccount("nora@demo.local", "Nora", null, [ContactCenter.Domain.Roles.Agent])));

        var wrong = await browser.PostAsync("/sign-in", As(Cast.Sofia, "not the password"));
        var unknown = await browser.PostAsync("/sign-in", ("Form.Email", "nobody@demo.local"), ("Form.Password", "not the password"));
        var invited = await browser.PostAsync("/sign-in", ("Form.Email", "nora@demo.local"), ("Form.Password", "not the password"));
        var inactive = await browser.PostAsync("/sign-in", As(Cast.Ines));

        Assert.Equal(422, wrong.Status);
        Assert.Contains("do not match", wrong.Text);
        foreach (var other in (Answer[])[unknown, invited, inactive])
        {
            Assert.Equal(422, other.Status);
            Assert.Equal(wrong.Neutral(), other.Neutral());
        }

        // Nor does it show by when one has to wait.
        var waits = new List<Answer>();
        foreach (var email in (string[])[Cast.Omar.Email, "nobody-either@demo.local"])
        {
            for (var attempt = 0; attempt < 5; attempt++)
                Assert.Equal(422, (await browser.PostAsync("/sign-in", ("Form.Email", email), ("Form.Password", "not the password"))).Status);
            waits.Add(await browser.PostAsync("/sign-in", ("Form.Email", email), ("Form.Password", Person.Password)));
        }
        Assert.All(waits, wait => Assert.Equal(429, wait.Status));
        Assert.Equal(waits[0].Neutral(), waits[1].Neutral());
    }

    [Theory]
    [InlineData("", "x")]
    [InlineData("lili@demo.local", "")]
    [InlineData("lili\u0000@demo.local", "x")]
    public async Task An_incomplete_form_comes_back(string email, string password)
    {
        using var browser = app.Open();
        Assert.Equal(422, (await browser.PostAsync("/sign-in", ("Form.Email", email), ("Form.Password", password))).Status);
    }

    [Fact]
    public async Task Signing_out_needs_a_post_and_ends_the_session()
    {
        using var lili = await app.SignInAsync(Cast.Lili);
        Assert.Equal(404, (await lili.GetAsync("/sign-out")).Status);
        Assert.Equal(200, (await lili.GetAsync("/profile")).Status);
        var answer = await lili.PostAsync("/sign-out");
        Assert.Equal((302, "/sign-in"), (answer.Status, answer.Location));
        Assert.Equal(302, (await lili.GetAsync("/profile")).Status);
    }

    [Fact]
    public async Task The_button_of_the_rail_signs_out_without_a_script()
    {
        using var lili = await app.SignInAsync(Cast.Lili);
        var form = Regex.Match(
            (await lili.GetAsync("/inbox")).Text, "<form method=\"post\" action=\"/sign-out\"[^>]*>.*?value=\"(?<token>[^\"]+)\".*?</form>",
            RegexOptions.NonBacktracking | RegexOptions.Singleline);
        Assert.True(form.Success);
        var answer = await lili.PostWithoutTokenAsync("/sign-out", ("__RequestVerificationToken", form.Groups["token"].Value));
        Assert.Equal((302, "/sign-in"), (answer.Status, answer.Location));
    }

    [Theory]
    [InlineData("es-UY", "Iniciar sesión")]
    [InlineData("pt-BR", "Entrar")]
    [InlineData("de, pt;q=0.5", "Entrar")]
    [InlineData("de", "Sign in")]
    public async Task The_page_speaks_the_browsers_language(string tag, string heading)
    {
        using var browser = app.Open().Language(tag);
        Assert.Contains($"<h1>{heading}</h1>", WebUtility.HtmlDecode((await browser.GetAsync("/sign-in")).Text));
    }
}
