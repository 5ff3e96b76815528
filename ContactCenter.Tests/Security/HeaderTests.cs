using System.Text.RegularExpressions;
using ContactCenter.Tests.Support;

namespace ContactCenter.Tests.Security;

public sealed class HeaderTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task A_page_lets_in_nothing_but_its_own_and_no_frame()
    {
        using var browser = app.Open();
        var page = await browser.GetAsync("/sign-in");
        var policy = page.Header("Content-Security-Policy");
        Assert.StartsWith("default-src 'none'; script-src 'nonce-", policy);
        Assert.Contains("frame-ancestors 'none'", policy);
        Assert.Contains("base-uri 'none'", policy);
        Assert.Contains("require-trusted-types-for 'script'", policy);
        Assert.DoesNotContain("unsafe", policy);
        Assert.Equal("nosniff", page.Header("X-Content-Type-Options"));
        Assert.Equal("same-origin", page.Header("Referrer-Policy"));
        Assert.Equal("same-origin", page.Header("Cross-Origin-Opener-Policy"));
        Assert.Contains("camera=()", page.Header("Permissions-Policy"));
        Assert.Contains("no-store", page.Header("Cache-Control"));
        Assert.Equal("", page.Header("Server"));
    }

    [Fact]
    public async Task Every_answer_has_a_nonce_of_its_own_and_each_script_and_htmx_element_carries_it()
    {
        using var lili = await app.SignInAsync(Cast.Lili);
        var (first, second) = (await lili.GetAsync("/inbox"), await lili.GetAsync("/inbox"));
        var one = Nonce(first);
        Assert.False(string.Equals(one, Nonce(second), StringComparison.Ordinal));
        var tags = Regex.Matches(first.Text, "<[a-z]+ [^>]*>", RegexOptions.NonBacktracking).Select(match => match.Value).ToList();
        var guarded = tags.Where(tag => tag.StartsWith("<script", StringComparison.Ordinal) || tag.Contains(" hx-", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(guarded);
        Assert.All(guarded, tag => Assert.Contains($"nonce=\"{one}\"", tag));
    }

    [Fact]
    public async Task Under_tls_the_cookie_is_bound_to_the_host_and_the_browser_is_told_to_stay_with_it()
    {
        using var lili = app.Open();
        // As a proxy on this machine passes it on. A browser sends the Secure cookie back over TLS; this one by hand.
        lili.Headers.Add("X-Forwarded-Proto", "https");
        lili.Headers.Host = "chat.example.com";
        var form = await lili.GetAsync("/sign-in");
        Assert.StartsWith("max-age=31536000", form.Header("Strict-Transport-Security"));
        lili.Headers.Add("Cookie", form.Header("Set-Cookie").Split(';')[0]);
        var answer = await lili.PostAsync("/sign-in", ("Form.Email", Cast.Lili.Email), ("Form.Password", Person.Password));
        Assert.Equal(302, answer.Status);
        // The session's, and the one by which the browser is known.
        var cookies = answer.Response.Headers.GetValues("Set-Cookie").ToList();
        Assert.Contains(cookies, cookie => cookie.StartsWith("__Host-contactcenter=", StringComparison.Ordinal));
        foreach (var cookie in cookies)
        {
            Assert.StartsWith("__Host-", cookie);
            foreach (var part in (string[])["path=/", "secure", "samesite=lax", "httponly"]) Assert.Contains(part, cookie);
        }
    }

    [Fact]
    public async Task A_file_is_what_it_says_it_is()
    {
        using var browser = app.Open();
        foreach (var (path, type) in ((string, string)[])[("/widget.js", "javascript"), ("/css/tokens.css", "text/css"), ("/health/live", "application/json")])
        {
            var file = await browser.GetAsync(path);
            Assert.Equal(200, file.Status);
            Assert.Contains(type, file.Response.Content.Headers.ContentType?.MediaType);
            Assert.Equal("nosniff", file.Header("X-Content-Type-Options"));
        }
    }

    [Fact]
    public async Task Only_the_launcher_is_for_the_pages_of_others()
    {
        using var browser = app.Open();
        foreach (var path in (string[])["/widget.js", "/js/chat.js", "/css/tokens.css", "/sign-in", "/chat/nothing"])
        {
            var answer = await browser.GetAsync(path);
            Assert.Equal(path == "/widget.js" ? "*" : "", answer.Header("Access-Control-Allow-Origin"));
            Assert.Equal(path == "/widget.js", answer.Header("Cross-Origin-Resource-Policy") == "cross-origin");
        }
    }

    [Theory]
    [InlineData("/inbox", "HX-Request", "true")]
    [InlineData("/inbox/stream", "Accept", "text/event-stream")]
    [InlineData("/inbox", "Sec-Fetch-Dest", "empty")]
    public async Task A_script_whose_session_is_over_is_told_so_instead_of_getting_the_sign_in_page(string path, string header, string value)
    {
        using var browser = app.Open();
        browser.Headers.Remove(header);
        browser.Headers.Add(header, value);
        var answer = await browser.GetAsync(path);
        Assert.Equal(401, answer.Status);
        Assert.DoesNotContain("<form", answer.Text);
    }

    [Fact]
    public async Task Htmx_is_told_where_to_sign_in_and_comes_back_to_the_page_it_was_on()
    {
        using var browser = app.Open().Htmx();
        browser.Headers.Add("HX-Current-URL", app.Address + "inbox?tab=paused");
        Assert.Equal("/sign-in?returnUrl=%2Finbox%3Ftab%3Dpaused", (await browser.GetAsync("/inbox/list")).Header("HX-Redirect"));
        browser.Headers.Remove("HX-Current-URL");
        browser.Headers.Add("HX-Current-URL", "https://evil.example/inbox");
        Assert.Equal("/sign-in?returnUrl=%2F", (await browser.GetAsync("/inbox/list")).Header("HX-Redirect"));
    }

    private static string Nonce(Answer page) =>
        Regex.Match(page.Header("Content-Security-Policy"), "script-src 'nonce-(?<nonce>[^']+)'", RegexOptions.NonBacktracking).Groups["nonce"].Value;
}
