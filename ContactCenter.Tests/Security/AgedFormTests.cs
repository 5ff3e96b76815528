using System.Net;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Tests.Security;

/// <summary>Forms whose token is of another session or of other keys: nothing is done, and nothing that was typed is lost.</summary>
public sealed class AgedFormTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task The_second_tab_of_who_has_signed_in_goes_where_it_was_going()
    {
        using var lili = app.Open();
        var old = await lili.TokenAsync();
        Assert.Equal(302, (await lili.PostAsync("/sign-in", ("Form.Email", Cast.Lili.Email), ("Form.Password", Person.Password))).Status);
        var second = await PostAsync(lili, "/sign-in?returnUrl=%2Fprofile", old, ("Form.Email", Cast.Omar.Email), ("Form.Password", Person.Password));
        Assert.Equal((302, "/profile"), (second.Status, second.Location));
        Assert.Contains("Lili", (await lili.GetAsync("/profile")).Text);
        var elsewhere = await PostAsync(lili, "/sign-in?returnUrl=https%3A%2F%2Fevil.example", old, ("Form.Email", Cast.Omar.Email));
        Assert.Equal((302, "/"), (elsewhere.Status, elsewhere.Location));
    }

    [Fact]
    public async Task A_sign_in_form_of_another_session_comes_back_fresh_with_the_address()
    {
        using var lili = await app.SignInAsync(Cast.Lili);
        var old = await lili.TokenAsync();
        await lili.PostAsync("/sign-out");
        var again = await PostAsync(lili, "/sign-in?returnUrl=%2Fprofile", old, ("Form.Email", Cast.Lili.Email), ("Form.Password", Person.Password));
        Assert.Equal(400, again.Status);
        Assert.Contains("This page had grown old", again.Text);
        Assert.Contains($"value=\"{Cast.Lili.Email}\"", again.Text);
        Assert.DoesNotContain(Person.Password, again.Text);
        Assert.Equal(302, (await lili.GetAsync("/profile")).Status);

        var fresh = Field(again.Text);
        var answer = await lili.PostWithoutTokenAsync(
            "/sign-in?returnUrl=%2Fprofile", ("Form.Email", Cast.Lili.Email), ("Form.Password", Person.Password), ("__RequestVerificationToken", fresh));
        Assert.Equal((302, "/profile"), (answer.Status, answer.Location));
    }

    [Fact]
    public async Task What_Lili_typed_about_herself_is_shown_again_and_saved_when_she_sends_it_again()
    {
        using var lili = await app.SignInAsync(Cast.Lili);
        var old = await AgedAsync(lili);
        var again = await PostAsync(lili.Language("es"), "/profile", old, ("Form.DisplayName", "Liliana"), ("Form.TimeZone", "Europe/Madrid"));
        Assert.Equal(400, again.Status);
        Assert.Contains("Lo que escribiste está aquí", WebUtility.HtmlDecode(again.Text));
        Assert.Contains("value=\"Liliana\"", again.Text);
        Assert.DoesNotContain("Liliana", (await lili.GetAsync("/profile")).Text);

        var saved = await lili.PostWithoutTokenAsync(
            "/profile", ("Form.DisplayName", "Liliana"), ("Form.TimeZone", "Europe/Madrid"), ("__RequestVerificationToken", Field(again.Text)));
        Assert.Equal(302, saved.Status);
        Assert.Contains("value=\"Liliana\"", (await lili.GetAsync("/profile")).Text);
        await lili.PostAsync("/profile", ("Form.DisplayName", "Lili"), ("Form.TimeZone", "UTC"));
    }

    [Fact]
    public async Task Passwords_are_asked_for_again_and_the_other_form_of_the_page_stays_as_it_is()
    {
        using var omar = await app.SignInAsync(Cast.Omar);
        var old = await AgedAsync(omar);
        var again = await PostAsync(
            omar, "/profile?handler=Password", old, ("Password.Current", Person.Password), ("Password.Password", "another-Secret-1"), ("Password.Repeated", "another-Secret-1"));
        Assert.Equal(400, again.Status);
        Assert.Contains("value=\"Omar\"", again.Text);
        Assert.DoesNotContain("another-Secret-1", again.Text);
        Assert.DoesNotContain(Person.Password, again.Text);
    }

    [Theory]
    [InlineData("/administration/campaigns", "name=Rebajas de invierno&key=rebajas&hours.index=n7&holidays.index=n8&hours[n7].from=07:45&hours[n7].to=08:15&hours[n7].days=1&holidays[n8].name=Navidad del taller", "Rebajas de invierno|rebajas|07:45|08:15|Navidad del taller")]
    [InlineData("/administration/users", "name=Juana la nueva&email=juana@demo.local&capacity=7", "Juana la nueva|juana@demo.local|value=\"7\"")]
    [InlineData("/administration/groups", "name=Turno de noche", "Turno de noche")]
    [InlineData("/administration/departments", "name=Postventa de antes", "Postventa de antes")]
    [InlineData("/administration/clients", "name=Acme de toda la vida", "Acme de toda la vida")]
    public async Task What_Ada_typed_into_a_form_of_the_administration_is_shown_again(string path, string typed, string shown)
    {
        using var ada = await app.SignInAsync(Cast.Ada);
        var old = await AgedAsync(ada);
        var before = await CountAsync();
        var fields = typed.Split('&').Select(pair => pair.Split('=', 2)).Select(pair => (pair[0], (string?)pair[1])).ToArray();
        var again = await PostAsync(ada, path, old, fields);
        Assert.Equal(400, again.Status);
        var page = WebUtility.HtmlDecode(again.Text);
        Assert.Contains("This page had grown old", page);
        Assert.All(shown.Split('|'), each => Assert.Contains(each, page));
        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task What_has_no_form_to_show_again_says_so()
    {
        using var lili = await app.SignInAsync(Cast.Lili);
        var answer = await PostAsync(lili, "/availability", await AgedAsync(lili), ("accepting", "true"));
        Assert.Equal(400, answer.Status);
        Assert.Contains("Load it again and repeat.", answer.Text);
        Assert.DoesNotContain("Send it again", answer.Text);
    }

    [Fact]
    public async Task A_note_whose_page_has_no_form_of_its_own_is_kept_to_be_sent_again()
    {
        using var lili = await app.SignInAsync(Cast.Lili);
        var path = $"/contacts/{ContactCenter.Domain.Ids.New(TimeProvider.System)}/annotations";
        var answer = await PostAsync(lili, path, await AgedAsync(lili), ("id", "7"), ("text", "Wants it <blue>"));
        Assert.Equal(400, answer.Status);
        Assert.Contains("Wants it &lt;blue&gt;</textarea>", answer.Text);
        // Sent again it is answered as it would have been at first; and that, too, loses nothing.
        var again = await PostAsync(lili, path, Field(answer.Text), ("id", "7"), ("text", "Wants it <blue>"));
        Assert.Equal(404, again.Status);
        Assert.Contains("Wants it &lt;blue&gt;</textarea>", again.Text);
    }

    [Fact]
    public async Task A_script_is_given_a_fresh_token_and_told_whose_it_is()
    {
        using var lili = await app.SignInAsync(Cast.Lili);
        var old = await AgedAsync(lili);
        lili.Htmx();
        var refused = await PostAsync(lili, "/availability", old, ("accepting", "false"));
        Assert.Equal(400, refused.Status);
        Assert.Equal((await app.IdOfAsync(Cast.Lili)).ToString(), refused.Header("X-User"));
        // With it she is heard: she is no agent of any campaign here.
        Assert.Equal(404, (await PostAsync(lili, "/availability", refused.Header("RequestVerificationToken"), ("accepting", "false"))).Status);
    }

    // As after the keys were rotated away, or the browser has forgotten the cookie that belongs to the token.
    private async Task<string> AgedAsync(Browserless browser)
    {
        var token = await browser.TokenAsync();
        foreach (Cookie cookie in browser.Cookies.GetCookies(app.Address))
            if (cookie.Name == "contactcenter-form") cookie.Expired = true;
        return token;
    }

    private static Task<Answer> PostAsync(Browserless browser, string path, string token, params (string Name, string? Value)[] fields) =>
        browser.PostWithoutTokenAsync(path, [.. fields, ("__RequestVerificationToken", token)]);

    private Task<int> CountAsync() => app.WithAsync<Database, int>(async database =>
        await database.Campaigns.CountAsync() + await database.Users.CountAsync() + await database.Departments.CountAsync());

    private static string Field(string page)
    {
        const string start = "__RequestVerificationToken\" type=\"hidden\" value=\"";
        // The last: that of the page's own form, not of the rail's.
        var from = page.LastIndexOf(start, StringComparison.Ordinal) + start.Length;
        return page[from..page.IndexOf('"', from)];
    }
}
