using System.Net;
using ContactCenter.Tests.Support;

namespace ContactCenter.Tests.Pages;

public sealed class ProfileTests(App app) : IClassFixture<App>
{
    private const string NewPassword = "sunny river window";

    [Fact]
    public async Task Lili_changes_her_name_language_and_zone_and_sees_them_at_once()
    {
        using var lili = await app.SignInAsync(Cast.Lili);
        var answer = await lili.PostAsync("/profile", ("Form.DisplayName", "Lili Suárez"), ("Form.Language", "pt"), ("Form.TimeZone", "america/montevideo"));
        Assert.Equal((302, "/profile?done=profile"), (answer.Status, answer.Location));
        var page = WebUtility.HtmlDecode((await lili.GetAsync("/profile?done=profile")).Text);
        Assert.Contains("<html lang=\"pt\"", page);
        Assert.Contains("value=\"Lili Suárez\"", page);
        Assert.Contains("value=\"America/Montevideo\"", page);
        Assert.Contains("Salvo.", page);
    }

    [Theory]
    [InlineData("", "en", "UTC", "Write your name.")]
    [InlineData("Omar\u202Eramo", "en", "UTC", "This contains characters that cannot be used here.")]
    [InlineData("Omar", "xx", "UTC", "Choose a language from the list.")]
    [InlineData("Omar", "en", "Mars/Olympus", "Choose a time zone from the list, such as America/Montevideo.")]
    [InlineData("Omar", "en", "", "Choose a time zone from the list, such as America/Montevideo.")]
    public async Task What_is_wrong_is_said_beside_the_field(string name, string language, string zone, string error)
    {
        using var omar = await app.SignInAsync(Cast.Omar);
        var answer = await omar.PostAsync("/profile", ("Form.DisplayName", name), ("Form.Language", language), ("Form.TimeZone", zone));
        Assert.Equal(422, answer.Status);
        Assert.Contains(error, WebUtility.HtmlDecode(answer.Text));
    }

    [Fact]
    public async Task A_new_password_ends_the_other_sessions_and_keeps_this_one()
    {
        using var here = await app.SignInAsync(Cast.Ines);
        using var elsewhere = await app.SignInAsync(Cast.Ines);
        Assert.Equal(200, (await elsewhere.GetAsync("/profile")).Status);

        var answer = await here.PostAsync("/profile?handler=Password",
            ("Password.Current", Person.Password), ("Password.Password", NewPassword), ("Password.Repeated", NewPassword));
        Assert.Equal((302, "/profile?done=password"), (answer.Status, answer.Location));

        app.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(200, (await here.GetAsync("/profile")).Status);
        Assert.Equal(302, (await elsewhere.GetAsync("/profile")).Status);
    }

    [Theory]
    [InlineData("not the current one", NewPassword, NewPassword, "That is not your current password.")]
    [InlineData(Person.Password, "short", "short", "The password needs at least 10 characters.")]
    [InlineData(Person.Password, NewPassword, "another one", "The two are not the same.")]
    [InlineData(Person.Password, "aaaaaaaaaaaa", "aaaaaaaaaaaa", "The password needs at least 5 different characters.")]
    [InlineData(Person.Password, "password1234", "password1234", "This password is easy to guess.")]
    [InlineData(Person.Password, "supervisor@demo.local!", "supervisor@demo.local!", "This password is easy to guess.")]
    public async Task A_password_that_will_not_do_is_refused(string current, string password, string repeated, string error)
    {
        using var sofia = await app.SignInAsync(Cast.Sofia);
        var answer = await sofia.PostAsync("/profile?handler=Password",
            ("Password.Current", current), ("Password.Password", password), ("Password.Repeated", repeated));
        Assert.Equal(422, answer.Status);
        Assert.Contains(error, answer.Text);
    }

    [Fact]
    public async Task A_stranger_has_no_profile()
    {
        using var browser = app.Open();
        Assert.Equal(302, (await browser.GetAsync("/profile")).Status);
        Assert.Equal(302, (await browser.PostAsync("/profile", ("Form.DisplayName", "Mallory"))).Status);
    }
}
