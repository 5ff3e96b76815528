using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace ContactCenter.Tests.Support;

/// <summary>What came back.</summary>
public sealed record Answer(int Status, string Text, HttpResponseMessage Response)
{
    public string? Location => Response.Headers.Location?.ToString();

    /// <summary>The page without what each answer has of its own: the token, the address typed and the nonce of its script.</summary>
    public string Neutral() =>
        Regex.Replace(Text, "(value|nonce)=\"[^\"]*\"", "", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    /// <summary>A header's value, or empty.</summary>
    public string Header(string name) =>
        Response.Headers.TryGetValues(name, out var values) || Response.Content.Headers.TryGetValues(name, out values) ? string.Join(", ", values) : "";
}

/// <summary>
/// A person's browser without the browser: keeps cookies, sends forms with the antiforgery token, follows no redirect.
/// Headers set on <see cref="Headers"/> go with every request; <see cref="Htmx"/> asks as htmx does.
/// </summary>
public sealed partial class Browserless : IDisposable
{
    private readonly HttpClient http;
    private string? token;

    public Browserless(Uri address)
    {
        http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = Cookies }) { BaseAddress = address };
        Headers.Accept.ParseAdd("text/html");
        Headers.AcceptLanguage.ParseAdd("en");
    }

    public CookieContainer Cookies { get; } = new();

    public HttpRequestHeaders Headers => http.DefaultRequestHeaders;

    /// <summary>The client below, for streams and the like.</summary>
    public HttpClient Http => http;

    /// <summary>From now on as htmx asks, for fragments.</summary>
    public Browserless Htmx()
    {
        Headers.Remove("HX-Request");
        Headers.Add("HX-Request", "true");
        return this;
    }

    public Browserless Language(string tag)
    {
        Headers.AcceptLanguage.Clear();
        Headers.AcceptLanguage.ParseAdd(tag);
        return this;
    }

    /// <summary>The same person at another node: another address, the same cookies.</summary>
    public Browserless At(Uri here, Uri there)
    {
        var other = new Browserless(there);
        foreach (Cookie cookie in Cookies.GetCookies(here)) other.Cookies.Add(there, new Cookie(cookie.Name, cookie.Value));
        return other;
    }

    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        var response = await http.SendAsync(request);
        return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response);
    }

    public Task<Answer> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    /// <summary>Sends a form with the antiforgery token of whoever is signed in here.</summary>
    public async Task<Answer> PostAsync(string path, params (string Name, string? Value)[] fields)
    {
        var request = Form(path, fields);
        request.Headers.Add("RequestVerificationToken", await TokenAsync());
        var answer = await SendAsync(request);
        // A token belongs to its user: after signing in or out another is needed.
        if (answer.Header("Set-Cookie").Contains("contactcenter=", StringComparison.Ordinal)) token = null;
        return answer;
    }

    /// <summary>Sends a form without token, as another site would or a visitor does.</summary>
    public Task<Answer> PostWithoutTokenAsync(string path, params (string Name, string? Value)[] fields) => SendAsync(Form(path, fields));

    /// <summary>The token, for requests made by hand (header <c>RequestVerificationToken</c>).</summary>
    public async Task<string> TokenAsync()
    {
        if (token is not null) return token;
        foreach (var page in (string[])["/profile", "/sign-in", "/setup"])
            if (Field().Match((await GetAsync(page)).Text) is { Success: true } field)
                return token = field.Groups["token"].Value;
        throw new InvalidOperationException("No page has a form with a token.");
    }

    public void Dispose() => http.Dispose();

    private static HttpRequestMessage Form(string path, (string Name, string? Value)[] fields) => new(HttpMethod.Post, path)
    {
        Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
    };

    [GeneratedRegex("__RequestVerificationToken\" type=\"hidden\" value=\"(?<token>[^\"]+)\"", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Field();
}
