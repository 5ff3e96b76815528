using ContactCenter.Domain;
using ContactCenter.Security;
using ContactCenter.Storage;
using ContactCenter.Tests.Pages;
using ContactCenter.Tests.Support;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Tests.Security;

/// <summary>Guessing is bounded, and no weapon against whose account it is.</summary>
public sealed class GuessTests(CountingApp app) : IClassFixture<CountingApp>
{
    [Fact]
    public async Task Mallory_locks_herself_out_and_nobody_else()
    {
        using var desk = At("203.0.113.50");
        Assert.Equal(302, (await SignInAsync(desk, Cast.Lili)).Status);
        Assert.Equal(302, (await desk.PostAsync("/sign-out")).Status);

        using var mallory = At("203.0.113.66");
        for (var attempt = 0; attempt < 5; attempt++) Assert.Equal(422, (await SignInAsync(mallory, Cast.Lili, "guess")).Status);
        var looks = app.Looks;
        var refused = await SignInAsync(mallory, Cast.Lili);
        Assert.Equal(429, refused.Status);
        Assert.InRange(int.Parse(refused.Header("Retry-After")), 1, 600);
        Assert.Contains("Too many wrong tries.", refused.Text);
        // What is refused is not looked at: not even the right password.
        Assert.Equal(looks, app.Looks);

        // Lili comes in at once from her own browser, and from a new one at another address.
        Assert.Equal(302, (await SignInAsync(desk, Cast.Lili)).Status);
        using var phone = At("203.0.113.51");
        Assert.Equal(302, (await SignInAsync(phone, Cast.Lili)).Status);
        // Mallory's rest has an end, which trying does not put off.
        app.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(422, (await SignInAsync(mallory, Cast.Lili, "guess")).Status);
    }

    [Fact]
    public async Task From_many_addresses_the_account_rests_for_unknown_browsers_and_its_owner_still_comes_in()
    {
        using var desk = At("203.0.113.50");
        Assert.Equal(302, (await SignInAsync(desk, Cast.Omar)).Status);
        var answers = new List<int>();
        for (var address = 0; address < 8; address++)
        {
            using var mallory = At($"198.51.100.{address}");
            for (var attempt = 0; attempt < 4; attempt++) answers.Add((await SignInAsync(mallory, Cast.Omar, "guess")).Status);
        }
        Assert.Equal(30, answers.Count(status => status == 422));
        Assert.Equal(2, answers.Count(status => status == 429));
        using var stranger = At("192.0.2.7");
        Assert.Equal(429, (await SignInAsync(stranger, Cast.Omar)).Status);
        Assert.Equal(302, (await SignInAsync(desk, Cast.Omar)).Status);
        // Another house's browser is none of his, and his is nobody else's.
        using var lilis = At("203.0.113.52");
        Assert.Equal(302, (await SignInAsync(lilis, Cast.Lili)).Status);
        Assert.Equal(429, (await SignInAsync(lilis, Cast.Omar)).Status);
    }

    [Fact]
    public async Task A_known_browser_has_a_limit_of_its_own()
    {
        using var desk = At("203.0.113.60");
        Assert.Equal(302, (await SignInAsync(desk, Cast.Ines)).Status);
        var cookie = desk.Cookies.GetCookies(app.Address)["contactcenter-device"]!;
        Assert.True(cookie.HttpOnly);
        Assert.DoesNotContain("ines", cookie.Value, StringComparison.OrdinalIgnoreCase);
        // Ten of its own, then as any unknown one.
        var answers = new List<int>();
        for (var attempt = 0; attempt < 17; attempt++) answers.Add((await SignInAsync(desk, Cast.Ines, "guess")).Status);
        Assert.Equal(15, answers.TakeWhile(status => status == 422).Count());
        Assert.All(answers.Skip(15), status => Assert.Equal(429, status));
        // A made-up cookie is no browser anybody knows.
        using var mallory = At("203.0.113.60");
        mallory.Cookies.Add(app.Address, new System.Net.Cookie("contactcenter-device", "CfDJ8made-up"));
        Assert.Equal(429, (await SignInAsync(mallory, Cast.Ines)).Status);
    }

    [Fact]
    public async Task Many_guesses_at_once_are_no_way_around()
    {
        using var mallory = At("203.0.113.70");
        await mallory.TokenAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 15).Select(_ => SignInAsync(mallory, Cast.Sofia, "guess")));
        Assert.Equal(5, answers.Count(answer => answer.Status == 422));
        Assert.Equal(10, answers.Count(answer => answer.Status == 429));
    }

    [Fact]
    public async Task Codes_are_guessed_five_times_and_the_owners_browser_goes_on()
    {
        using var desk = At("203.0.113.80");
        var phone = await TwoStepsAsync(desk, Cast.Ada);

        using var mallory = At("203.0.113.81");
        Assert.StartsWith("/sign-in/code", (await SignInAsync(mallory, Cast.Ada)).Location);
        for (var attempt = 0; attempt < 5; attempt++) Assert.Equal(422, (await mallory.PostAsync("/sign-in/code", ("code", $"00000{attempt}"))).Status);
        var refused = await mallory.PostAsync("/sign-in/code", ("code", phone.Code(1)));
        Assert.Equal(429, refused.Status);
        Assert.True(refused.Header("Retry-After").Length > 0);

        Assert.StartsWith("/sign-in/code", (await SignInAsync(desk, Cast.Ada)).Location);
        Assert.Equal("/", (await desk.PostAsync("/sign-in/code", ("code", phone.Code(1)))).Location);
    }

    [Fact]
    public async Task Who_signed_in_by_the_former_password_is_as_strange_as_anybody()
    {
        await app.WithAsync<Accounts>(accounts => accounts.CreateAsync(new NewAccount("pia@guess.test", "Pía", Person.Password, [Roles.Agent])));
        var pia = new Person("Pía", "pia@guess.test", Roles.Agent);
        using var mallory = At("203.0.113.91");
        Assert.Equal(302, (await SignInAsync(mallory, pia)).Status);
        using var desk = At("203.0.113.92");
        Assert.Equal(302, (await SignInAsync(desk, pia)).Status);
        Assert.Equal(302, (await desk.PostAsync("/profile?handler=Password", ("Password.Current", Person.Password),
            ("Password.Password", "sunny river window"), ("Password.Repeated", "sunny river window"))).Status);
        // Five as from any place, where it was fifteen; in hers she goes on as before.
        foreach (var (browser, guesses) in ((Browserless, int)[])[(mallory, 5), (desk, 15)])
        {
            var answers = new List<int>();
            for (var attempt = 0; attempt < 16; attempt++) answers.Add((await SignInAsync(browser, pia, "guess")).Status);
            Assert.Equal(guesses, answers.Count(status => status == 422));
        }
    }

    [Fact]
    public async Task Codes_are_not_guessed_for_weeks_and_whose_they_are_is_told()
    {
        await app.WithAsync<Accounts>(accounts => accounts.CreateAsync(new NewAccount("rita@guess.test", "Rita", Person.Password, [Roles.Agent])));
        var rita = new Person("Rita", "rita@guess.test", Roles.Agent);
        using var desk = At("203.0.113.93");
        var phone = await TwoStepsAsync(desk, rita);
        var looked = 0;
        for (var hour = 0; hour < 30; hour++)
        {
            using var mallory = At($"198.51.100.{hour}");
            Assert.StartsWith("/sign-in/code", (await SignInAsync(mallory, rita)).Location);
            for (var attempt = 0; attempt < 4; attempt++)
                if ((await mallory.PostAsync("/sign-in/code", ("code", $"00000{attempt}"))).Status == 422) looked++;
            app.Clock.Advance(TimeSpan.FromMinutes(65));
        }
        Assert.Equal(60, looked);
        using var stranger = At("192.0.2.9");
        Assert.StartsWith("/sign-in/code", (await SignInAsync(stranger, rita)).Location);
        var refused = await stranger.PostAsync("/sign-in/code", ("code", phone.Code()));
        Assert.Equal(429, refused.Status);
        Assert.Contains("Too many wrong codes this week.", refused.Text);
        // Her own browser still lets her in.
        Assert.StartsWith("/sign-in/code", (await SignInAsync(desk, rita)).Location);
        Assert.Equal("/", (await desk.PostAsync("/sign-in/code", ("code", phone.Code(1)))).Location);
    }

    [Fact]
    public async Task Codes_are_not_guessed_for_weeks_in_a_session_either()
    {
        await app.WithAsync<Accounts>(accounts => accounts.CreateAsync(new NewAccount("sara@guess.test", "Sara", Person.Password, [Roles.Agent])));
        var sara = new Person("Sara", "sara@guess.test", Roles.Agent);
        using var desk = At("203.0.113.94");
        await TwoStepsAsync(desk, sara);
        var looked = 0;
        for (var attempt = 0; attempt < 70; attempt++)
        {
            var answer = await desk.PostAsync("/profile?handler=Password", ("Password.Current", Person.Password),
                ("Password.Password", "sunny river window"), ("Password.Repeated", "sunny river window"), ("Password.Code", $"{attempt:D6}"));
            if (answer.Status == 422) looked++;
            if (attempt % 4 == 3) app.Clock.Advance(TimeSpan.FromMinutes(65));
        }
        Assert.Equal(60, looked);
    }

    internal static async Task<Authenticator> TwoStepsAsync(Browserless desk, Person person)
    {
        const string path = "/profile/two-factor";
        Assert.Equal(302, (await SignInAsync(desk, person)).Status);
        Assert.Equal(302, (await desk.PostAsync(path, ("password", Person.Password))).Status);
        var phone = Authenticator.Scan((await desk.GetAsync(path)).Text);
        Assert.Equal(200, (await desk.PostAsync(path + "?handler=Proof", ("code", phone.Code()))).Status);
        return phone;
    }

    [Fact]
    public async Task Whatever_the_account_lacks_a_wrong_password_costs_the_same_work()
    {
        await app.WithAsync<Accounts>(accounts => accounts.CreateAsync(new NewAccount("guest@work.test", "Guest", null, [Roles.Agent])));
        await app.WithAsync<Accounts>(accounts => accounts.CreateAsync(new NewAccount("right@work.test", "Right", Person.Password, [Roles.Agent])));
        foreach (var (email, change) in ((string, Action<User>)[])[("idle@work.test", user => user.Active = false), ("locked@work.test", user => user.LockoutEnd = DateTimeOffset.MaxValue)])
        {
            await app.WithAsync<Accounts>(accounts => accounts.CreateAsync(new NewAccount(email, email, Person.Password, [Roles.Agent])));
            await app.WithAsync<UserManager<User>>(async users =>
            {
                var user = (await users.FindByEmailAsync(email))!;
                change(user);
                await users.UpdateAsync(user);
            });
        }
        var work = new Dictionary<string, (int Status, int Looks, int Statements)>(StringComparer.Ordinal);
        using var browser = At("203.0.113.90");
        await browser.TokenAsync();
        // Once before: what is prepared or read for the first time is nobody's work.
        await browser.PostAsync("/sign-in", ("Form.Email", "first@work.test"), ("Form.Password", "not the password"));
        foreach (var email in (string[])["nobody@work.test", "right@work.test", "guest@work.test", "idle@work.test", "locked@work.test"])
        {
            using var statements = new Statements(app);
            var before = app.Looks;
            var answer = await browser.PostAsync("/sign-in", ("Form.Email", email), ("Form.Password", "not the password"));
            // Of this request's: jobs ask for other things meanwhile.
            work[email] = (answer.Status, app.Looks - before,
                ((string[])["guesses as g", "FROM users", "update users", "UPDATE users", "insert into security_events", "user_roles"]).Sum(statements.With));
        }
        Assert.True(work.Values.Distinct().Count() == 1, string.Join('\n', work));
        Assert.Equal((422, 1, 4), work["nobody@work.test"]);
    }

    private Browserless At(string address)
    {
        var browser = app.Open();
        browser.Headers.Add("X-Forwarded-For", address);
        return browser;
    }

    internal static Task<Answer> SignInAsync(Browserless browser, Person person, string password = Person.Password) =>
        browser.PostAsync("/sign-in", ("Form.Email", person.Email), ("Form.Password", password));
}

public sealed class GuessMailTests(AppWithMail app) : IClassFixture<AppWithMail>
{
    [Fact]
    public async Task Whose_codes_are_guessed_is_written_to_once_a_day()
    {
        using var desk = app.Open();
        await GuessTests.TwoStepsAsync(desk, Cast.Lili);
        for (var round = 0; round < 3; round++)
        {
            using var mallory = app.Open();
            mallory.Headers.Add("X-Forwarded-For", $"198.51.100.{round}");
            Assert.StartsWith("/sign-in/code", (await GuessTests.SignInAsync(mallory, Cast.Lili)).Location);
            for (var attempt = 0; attempt < 6; attempt++) await mallory.PostAsync("/sign-in/code", ("code", $"00000{attempt}"));
            if (round > 0) continue;
            var mail = await app.Mail.NextAsync();
            Assert.Equal((Cast.Lili.Email, "Somebody is trying codes for your account"), (mail.To, mail.Subject));
            Assert.Contains("choose another password", mail.Text);
            Assert.DoesNotContain("http", mail.Text);
        }
        Assert.Equal(1, await app.WithAsync<Database, int>(database => database.Outbox.CountAsync(each => each.Kind == MailKind.CodesGuessed)));
    }
}
