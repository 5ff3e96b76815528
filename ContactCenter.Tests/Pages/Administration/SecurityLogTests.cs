using ContactCenter.Domain;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Tests.Pages.Administration;

public sealed class SecurityLogTests(TwoHouses houses) : IClassFixture<TwoHouses>
{
    private const string Page = "/administration/security";

    [Fact]
    public async Task What_happens_to_accounts_is_told_and_nothing_that_opens_them_is_kept()
    {
        // Ada is of a group; Uma administers all.
        await houses.WithAsync<ContactCenter.Security.Accounts>(accounts =>
            accounts.CreateAsync(new("uma@all.test", "Uma", Person.Password, [Roles.Administrator])));
        using var uma = await houses.SignInAsync(new Person("Uma", "uma@all.test"));
        using var ada = await houses.SignInAsync(Cast.Ada);
        using var stranger = houses.Open();
        foreach (var email in (string[])[Cast.Lili.Email, Cast.Omar.Email, "typed-by-mistake@nowhere.test"])
            Assert.Equal(422, (await stranger.PostAsync("/sign-in", ("Form.Email", email), ("Form.Password", "my-secret-guess"))).Status);
        using var lili = await houses.SignInAsync(Cast.Lili);
        Assert.Equal(302, (await lili.PostAsync("/profile?handler=Password", ("Password.Current", Person.Password),
            ("Password.Password", "sunny river window"), ("Password.Repeated", "sunny river window"))).Status);
        Assert.Equal(302, (await lili.PostAsync("/sign-out")).Status);

        var all = (await uma.GetAsync(Page)).Read();
        foreach (var shown in (string[])["Sign-in failed", "Password changed", "Session ended", "Signed out", "An address nobody has", "Lili zorzal", Cast.Omar.Email])
            Assert.Contains(shown, all);
        // Of the other house, and of nobody's, who administers a group reads nothing.
        var group = (await ada.GetAsync(Page)).Read();
        Assert.Contains("Lili zorzal", group);
        Assert.Contains("Sign-in failed", group);
        foreach (var hidden in (string[])[Cast.Omar.Email, "benteveo", "<span class=\"muted\">An address nobody has", "uma@all.test"]) Assert.DoesNotContain(hidden, group);

        var stored = await houses.WithAsync<Database, List<string>>(database => database.Database
            .SqlQuery<string>($"select to_jsonb(e)::text as \"Value\" from security_events e").ToListAsync());
        Assert.NotEmpty(stored);
        foreach (var secret in (string[])["my-secret-guess", "typed-by-mistake", Person.Password, "sunny river"])
            Assert.DoesNotContain(stored, line => line.Contains(secret, StringComparison.OrdinalIgnoreCase));

        using var sofia = await houses.SignInAsync(Cast.Sofia);
        Assert.Equal(403, (await sofia.GetAsync(Page)).Status);
    }

    [Fact]
    public async Task It_is_narrowed_by_person_kind_and_days_and_pages()
    {
        var (lili, sofia) = (await houses.IdOfAsync(Cast.Lili), await houses.IdOfAsync(Cast.Sofia));
        var past = new DateTimeOffset(houses.Clock.GetUtcNow().Date.AddDays(-100).AddHours(12), TimeSpan.Zero);
        var (day, after) = ($"{past:yyyy-MM-dd}", $"{past.AddDays(50):yyyy-MM-dd}");
        await houses.WithAsync<Database>(async database =>
        {
            for (var number = 0; number < 60; number++)
                database.Add(new SecurityEvent { Id = TwoHouses.Id(), At = past.AddSeconds(number), Kind = SecurityEventKind.CodeFailed, UserId = lili, Address = $"192.0.2.{number}" });
            database.Add(new SecurityEvent { Id = TwoHouses.Id(), At = past, Kind = SecurityEventKind.RolesChanged, UserId = sofia, ById = lili, Address = "198.51.100.77", Detail = "Agent → Agent, Supervisor" });
            await database.SaveChangesAsync();
        });
        using var ada = await houses.SignInAsync(Cast.Ada);
        var first = (await ada.GetAsync($"{Page}?kind=CodeFailed&from={day}&to={day}")).Read();
        Assert.Contains("192.0.2.59", first);
        Assert.DoesNotContain("192.0.2.9<", first);
        Assert.Contains("p=2", first);
        var second = (await ada.GetAsync($"{Page}?kind=CodeFailed&from={day}&to={day}&p=2")).Read();
        Assert.Contains("192.0.2.9<", second);
        Assert.DoesNotContain("192.0.2.59", second);
        Assert.DoesNotContain("198.51.100.77", first + second);

        var person = (await ada.GetAsync($"{Page}?q=sof%C3%ADa&to={after}")).Read();
        Assert.Contains("Agent → Agent, Supervisor", person);
        Assert.DoesNotContain("192.0.2.", person);
        Assert.Contains("Nothing found", (await ada.GetAsync($"{Page}?to=2019-12-31")).Read());
        foreach (var nonsense in (string[])["?kind=99", "?from=never&to=0001-01-01&p=-7", "?p=999999999"]) Assert.Equal(200, (await ada.GetAsync(Page + nonsense)).Status);

        // A year later it is gone.
        houses.Clock.Advance(TimeSpan.FromDays(300));
        await houses.WithAsync<SecurityLog>(log => log.CleanAsync(default));
        using var later = await houses.SignInAsync(Cast.Ada);
        Assert.Contains("Nothing found", (await later.GetAsync($"{Page}?to={after}")).Read());
    }
}
