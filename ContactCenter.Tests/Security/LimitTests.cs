using ContactCenter.Tests.Support;

namespace ContactCenter.Tests.Security;

/// <summary>An App that allows little: three sign-ins a minute, one message a second, two visitors' worth from an address.</summary>
public sealed class StrictApp : App
{
    protected override IEnumerable<(string Key, string? Value)> Settings =>
    [
        ("ContactCenter:Limits:SignInsPerMinute", "3"),
        ("ContactCenter:Limits:MessagesPerSecond", "1"),
        ("ContactCenter:Limits:MessageBurst", "2"),
        ("ContactCenter:Limits:VisitorsPerAddress", "2"),
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
}
