using ContactCenter.Domain;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Tests.Pages;

/// <summary>An App on its first day.</summary>
public sealed class NewApp : App
{
    protected override bool HasCast => false;
}

public sealed class SetupTests(NewApp app) : IClassFixture<NewApp>
{
    private static (string Name, string? Value)[] Ada(int number) =>
    [
        ("Form.DisplayName", "Ada"), ("Form.Email", $"ada{number}@example.com"), ("Form.TimeZone", "Europe/Madrid"),
        ("Form.Password", "sunny river window"), ("Form.Repeated", "sunny river window"),
    ];

    [Fact]
    public async Task The_first_visit_makes_one_administrator_however_many_come_at_once()
    {
        var browsers = Enumerable.Range(0, 8).Select(_ => app.Open()).ToList();
        Assert.Equal("/setup", (await browsers[0].GetAsync("/")).Location);
        Assert.Equal("/setup", (await browsers[0].GetAsync("/sign-in")).Location);
        foreach (var browser in browsers) await browser.TokenAsync();

        var invalid = await browsers[0].PostAsync("/setup", [.. Ada(0).Where(field => field.Name != "Form.Email")]);
        Assert.Equal(422, invalid.Status);
        Assert.Contains("Write your e-mail address.", invalid.Text);

        var answers = await Task.WhenAll(browsers.Select((browser, number) => browser.PostAsync("/setup", Ada(number))));

        Assert.Equal(1, answers.Count(answer => answer.Status == 302));
        Assert.All(answers.Where(answer => answer.Status != 302), answer => Assert.Equal(404, answer.Status));
        var (users, role) = await app.WithAsync<Database, (int, string?)>(async database => (
            await database.Users.CountAsync(),
            await database.UserRoles.Join(database.Roles, user => user.RoleId, role => role.Id, (_, role) => role.Name).SingleAsync()));
        Assert.Equal((1, Roles.Administrator), (users, role));

        // The winner is signed in; for everyone else there is no set-up any more.
        var winner = browsers[Array.FindIndex(answers, answer => answer.Status == 302)];
        Assert.Equal("/administration/campaigns", (await winner.GetAsync("/")).Location);
        using var late = app.Open();
        Assert.Equal(404, (await late.GetAsync("/setup")).Status);
        Assert.Equal("/sign-in", (await late.GetAsync("/")).Location);
        foreach (var browser in browsers) browser.Dispose();
    }
}
