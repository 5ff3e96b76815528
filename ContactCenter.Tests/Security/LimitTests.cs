using System.Text.RegularExpressions;
using ContactCenter.Security;
using ContactCenter.Tests.Rules;
using ContactCenter.Tests.Support;
using Microsoft.AspNetCore.RateLimiting;

namespace ContactCenter.Tests.Security;

/// <summary>
/// An App that allows little: three sign-ins and starts a minute, one message and receipt a second, two visitors' worth from
/// an address.
/// </summary>
public sealed class StrictApp : App
{
    protected override IEnumerable<(string Key, string? Value)> Settings =>
    [
        ("ContactCenter:Limits:SignInsPerMinute", "3"),
        ("ContactCenter:Limits:StartsPerMinute", "3"),
        ("ContactCenter:Limits:ReceiptsPerSecond", "1"),
        ("ContactCenter:Limits:MessagesPerSecond", "1"),
        ("ContactCenter:Limits:MessageBurst", "2"),
        ("ContactCenter:Limits:VisitorsPerAddress", "2"),
        ("ContactCenter:Limits:AddressesPerSite", "3"),
    ];
}

public sealed class LimitTests(StrictApp app) : IClassFixture<StrictApp>
{
    [Fact]
    public async Task Whoever_tries_too_often_is_told_how_long_to_wait_and_others_are_not()
    {
        using var mallory = app.Open().Language("es");
        mallory.Headers.Add("X-Forwarded-For", "203.0.113.7");
        var answers = new List<Answer>();
        for (var attempt = 0; attempt < 5; attempt++)
            answers.Add(await mallory.PostAsync("/sign-in", ("Form.Email", Cast.Omar.Email), ("Form.Password", "guess")));
        Assert.Equal([422, 422, 422, 429, 429], answers.Select(answer => answer.Status));
        Assert.InRange(int.Parse(answers[^1].Header("Retry-After")), 1, 60);
        Assert.Contains("Demasiado a la vez", answers[^1].Text);
        Assert.Equal(200, (await mallory.GetAsync("/sign-in")).Status);

        using var lili = app.Open();
        lili.Headers.Add("X-Forwarded-For", "203.0.113.8");
        Assert.Equal(302, (await lili.PostAsync("/sign-in", ("Form.Email", Cast.Lili.Email), ("Form.Password", Person.Password))).Status);
    }

    [Theory]
    [InlineData("203.0.113.9", false)]
    [InlineData("203.0.113.10", true)]
    public async Task A_flood_is_stopped_also_when_each_message_claims_another_visitor(string address, bool changing)
    {
        using var mallory = app.Open();
        mallory.Headers.Add("X-Forwarded-For", address);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(number =>
        {
            var message = new HttpRequestMessage(HttpMethod.Post, "/chat/no-such-campaign/messages");
            message.Headers.Add("X-Visitor", changing ? $"made up {number}" : "made up");
            return mallory.SendAsync(message);
        }));
        Assert.Contains(answers, answer => answer.Status != 429);
        Assert.All(answers.Where(answer => answer.Status == 429), answer => Assert.True(answer.Header("Retry-After").Length > 0));
        // Four at once, and what is let through while twenty are answered.
        Assert.InRange(answers.Count(answer => answer.Status == 429), 10, 19);
    }

    [Theory]
    [InlineData("203.0.113.30", "::ffff:203.0.113.30", "203.0.113.30:4711", "[::ffff:203.0.113.30]:80")]
    [InlineData("2001:db8:30:1::1", "2001:db8:30:1:ffff:ffff:ffff:ffff", "[2001:db8:30:1::2]:4711", "2001:DB8:30:1:0:0:0:3")]
    public async Task An_address_is_one_however_it_is_spelled(params string[] spelled)
    {
        var answers = new List<int>();
        foreach (var address in spelled) answers.Add((await TryAsync(address)).Status);
        Assert.Equal([422, 422, 422, 429], answers);
    }

    [Fact]
    public async Task Whoever_has_a_whole_network_is_not_sixty_five_thousand_senders()
    {
        var answers = new List<int>();
        for (var subnet = 0; subnet < 12; subnet++) answers.Add((await TryAsync($"2001:db8:31:{subnet:x}::1")).Status);
        // Three addresses' worth of three tries, and one that is gained back meanwhile.
        Assert.InRange(answers.Count(status => status == 422), 9, 10);
        Assert.Equal(429, answers[^1]);
        Assert.Equal(422, (await TryAsync("2001:db8:32::1")).Status);
    }

    [Fact]
    public async Task What_a_client_says_of_itself_counts_only_where_a_proxy_we_trust_said_it_last()
    {
        var answers = new List<int>();
        for (var attempt = 0; attempt < 5; attempt++) answers.Add((await TryAsync($"198.18.0.{attempt}, 203.0.113.33")).Status);
        Assert.Equal([422, 422, 422, 429, 429], answers);
        answers.Clear();
        for (var attempt = 0; attempt < 5; attempt++) answers.Add((await TryAsync($"198.18.1.{attempt}", "203.0.113.34")).Status);
        Assert.Equal([422, 422, 422, 429, 429], answers);
    }

    private async Task<Answer> TryAsync(params string[] forwardedFor)
    {
        using var mallory = app.Open();
        mallory.Headers.TryAddWithoutValidation("X-Forwarded-For", forwardedFor);
        return await mallory.PostAsync("/sign-in", ("Form.Email", "nobody@demo.local"), ("Form.Password", "guess"));
    }

    [Fact]
    public async Task An_agent_who_claims_other_visitors_gains_nothing()
    {
        using var lili = await app.SignInAsync(Cast.Lili);
        lili.Headers.Add("X-Forwarded-For", "203.0.113.11");
        var token = await lili.TokenAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(number =>
        {
            var message = new HttpRequestMessage(HttpMethod.Post, $"/conversations/{Guid.Empty}/messages");
            message.Headers.Add("X-Visitor", $"made up {number}");
            message.Headers.Add("RequestVerificationToken", token);
            return lili.SendAsync(message);
        }));
        Assert.InRange(answers.Count(answer => answer.Status == 429), 10, 19);
    }

    [Fact]
    public async Task Every_limited_route_says_when_to_come_again()
    {
        var limited = (await Route.AllAsync(app.Services))
            .Select(route => (Route: route, Limit: route.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName)).Where(each => each.Limit is not null).ToList();
        Assert.Equal(
            string.Join(' ', Limits.Message, Limits.Receipt, Limits.SignIn, Limits.Start),
            string.Join(' ', limited.Select(each => each.Limit!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)));
        var (number, people) = (20, new Queue<Person>(Cast.Staff));
        foreach (var (route, limit) in limited)
        {
            using var browser = route.IsOpen ? app.Open() : await SignInAsync(people.Dequeue(), $"198.51.100.{++number}");
            browser.Headers.Remove("X-Forwarded-For");
            browser.Headers.Add("X-Forwarded-For", $"198.51.100.{++number}");
            var path = Regex.Replace(route.Pattern.Replace("{key}", "nobodys", StringComparison.Ordinal), "\\{[^}]*\\}", $"{Guid.Empty}", RegexOptions.NonBacktracking);
            var token = await browser.TokenAsync();
            var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            {
                var request = new HttpRequestMessage(HttpMethod.Post, path);
                request.Headers.Add("RequestVerificationToken", token);
                return browser.SendAsync(request);
            }));
            Assert.True(answers.Any(answer => answer.Status == 429) && answers.Any(answer => answer.Status != 429), $"{route.Pattern} {limit}: {string.Join(' ', answers.Select(answer => answer.Status))}");
            Assert.All(answers.Where(answer => answer.Status == 429), answer => Assert.InRange(int.Parse(answer.Header("Retry-After")), 1, 60));
        }
    }

    [Fact]
    public async Task Each_account_has_a_limit_of_its_own_also_behind_one_address()
    {
        using var lili = await SignInAsync(Cast.Lili, "203.0.113.20");
        using var ada = await SignInAsync(Cast.Ada, "203.0.113.20");
        using var phone = await SignInAsync(Cast.Lili, "203.0.113.21");
        var answers = new List<int>();
        for (var attempt = 0; attempt < 8; attempt++) answers.Add((await SayAsync(lili)).Status);
        Assert.Contains(429, answers);
        // Her other address does not help her; a colleague beside her is not held up.
        Assert.Equal(429, (await SayAsync(phone)).Status);
        Assert.NotEqual(429, (await SayAsync(ada)).Status);
    }

    private static Task<Answer> SayAsync(Browserless browser) => browser.PostAsync($"/conversations/{Guid.Empty}/messages", ("text", "Hello"));

    private async Task<Browserless> SignInAsync(Person person, string address)
    {
        var browser = app.Open();
        browser.Headers.Add("X-Forwarded-For", address);
        Assert.Equal(302, (await browser.PostAsync("/sign-in", ("Form.Email", person.Email), ("Form.Password", Person.Password))).Status);
        await browser.TokenAsync();
        return browser;
    }
}
