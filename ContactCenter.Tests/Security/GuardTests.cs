using System.Net.Http.Headers;
using System.Text;
using ContactCenter.Security;
using ContactCenter.Tests.Support;

namespace ContactCenter.Tests.Security;

public sealed class GuardTests(App app) : IClassFixture<App>
{
    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    public async Task What_another_site_makes_a_browser_send_is_refused(string header, string value)
    {
        using var lili = await app.SignInAsync(Cast.Lili);
        Assert.Equal(302, (await lili.PostAsync("/profile", Profile)).Status);
        lili.Headers.Add(header, value);
        Assert.Equal(403, (await lili.PostAsync("/profile", Profile)).Status);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Origin", "https://evil.example")]
    public async Task It_is_not_told_what_is_there(string header, string value)
    {
        using var lili = await app.SignInAsync(Cast.Lili);
        await lili.TokenAsync();
        // Published or not, nothing is there.
        Assert.Contains((await lili.PostAsync("/nothing/here", Profile)).Status, (int[])[404, 405]);
        lili.Headers.Add(header, value);
        var there = await lili.Htmx().PostAsync("/profile", Profile);
        Assert.Equal(403, there.Status);
        var nobodys = $"/conversations/{TwoHouses.Id()}/pause";
        foreach (var path in (string[])["/nothing/here", "/sign-out/there", "/widget.js", nobodys])
        {
            var nothing = await lili.PostAsync(path, Profile);
            Assert.Equal((path, 403, there.Text), (path, nothing.Status, nothing.Text));
        }
    }

    [Fact]
    public async Task Our_own_pages_are_not_refused()
    {
        using var lili = await app.SignInAsync(Cast.Lili);
        lili.Headers.Add("Origin", app.Address.GetLeftPart(UriPartial.Authority));
        lili.Headers.Add("Sec-Fetch-Site", "same-origin");
        Assert.Equal(302, (await lili.PostAsync("/profile", Profile)).Status);
    }

    [Theory]
    [InlineData("/profile")]
    [InlineData("/sign-out")]
    public async Task A_form_without_token_is_refused_in_plain_words(string path)
    {
        using var lili = await app.SignInAsync(Cast.Lili);
        var answer = await lili.Language("pt").PostWithoutTokenAsync(path, Profile);
        Assert.Equal(400, answer.Status);
        Assert.Contains("Esta página ficou velha.", System.Net.WebUtility.HtmlDecode(answer.Text));
    }

    [Fact]
    public async Task The_token_of_another_person_does_not_count()
    {
        using var lili = await app.SignInAsync(Cast.Lili);
        using var omar = await app.SignInAsync(Cast.Omar);
        var request = new HttpRequestMessage(HttpMethod.Post, "/sign-out");
        request.Headers.Add("RequestVerificationToken", await omar.TokenAsync());
        Assert.Equal(400, (await lili.SendAsync(request)).Status);
    }

    [Theory]
    [InlineData("Form.DisplayName=%FF%FE", 400)]
    [InlineData("Form.DisplayName=%C3%28", 400)]
    [InlineData("Form.DisplayName=%ED%A0%80", 400)]
    [InlineData("Form.DisplayName=100%+sure%zz&Form.TimeZone=UTC", 302)]
    [InlineData("Form.DisplayName=In%C3%A9s&Form.TimeZone=UTC", 302)]
    public async Task A_form_must_be_utf8(string body, int status) => Assert.Equal(status, await SendAsync(Encoding.ASCII.GetBytes(body), chunked: false));

    [Fact]
    public async Task Bytes_that_are_not_utf8_are_refused_however_they_are_sent()
    {
        byte[] body = [.. "Form.TimeZone=UTC&Form.DisplayName="u8, 0x80, 0xFF];
        Assert.Equal(400, await SendAsync(body, chunked: false));
        Assert.Equal(400, await SendAsync(body, chunked: true));
        Assert.Equal(302, await SendAsync(body[..^2].Concat("Omar"u8.ToArray()).ToArray(), chunked: true));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Too_large_a_body_is_413(bool chunked)
    {
        var body = new byte[SecurityRoom.LargestForm + 1];
        "Form.DisplayName="u8.CopyTo(body);
        body.AsSpan(17).Fill((byte)'a');
        Assert.Equal(413, await SendAsync(body, chunked));
    }

    [Theory]
    [InlineData("text/html", "<!doctype html>")]
    [InlineData("*/*", "Aquí no hay nada")]
    public async Task Nothing_is_404_in_the_form_asked_for(string accept, string start)
    {
        using var browser = app.Open().Language("es");
        browser.Headers.Accept.Clear();
        browser.Headers.Accept.ParseAdd(accept);
        var answer = await browser.GetAsync("/nothing/here");
        Assert.Equal(404, answer.Status);
        Assert.StartsWith(start, answer.Text);
    }

    [Fact]
    public async Task For_htmx_a_failure_is_an_alert_and_not_a_page()
    {
        using var browser = app.Open().Htmx();
        var answer = await browser.GetAsync("/nothing/here");
        Assert.Equal(404, answer.Status);
        Assert.StartsWith("<div class=\"alert error\" role=\"alert\">", answer.Text.Trim());
        Assert.DoesNotContain("<html", answer.Text);
    }

    [Fact]
    public async Task The_page_of_errors_is_no_page_of_its_own()
    {
        using var browser = app.Open();
        Assert.Equal(404, (await browser.GetAsync("/error")).Status);
    }

    private static (string, string?)[] Profile => [("Form.DisplayName", "Lili"), ("Form.TimeZone", "UTC")];

    private async Task<int> SendAsync(byte[] body, bool chunked)
    {
        using var sofia = await app.SignInAsync(Cast.Sofia);
        var request = new HttpRequestMessage(HttpMethod.Post, "/profile")
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded") } },
        };
        request.Headers.Add("RequestVerificationToken", await sofia.TokenAsync());
        request.Headers.TransferEncodingChunked = chunked;
        // Asks first, as a client with much to send does: the answer is then read before anything is written.
        request.Headers.ExpectContinue = body.Length > 1_000_000;
        return (await sofia.SendAsync(request)).Status;
    }
}
