using System.Net;
using ContactCenter.Domain;
using ContactCenter.Security;
using ContactCenter.Storage;
using ContactCenter.Tests.Pages.Administration;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Tests.Security;

/// <summary>Whoever finds an open browser does not change how its owner, or anybody else, signs in.</summary>
public sealed class ProofTests(App app) : IClassFixture<App>
{
    private const string TwoFactor = "/profile/two-factor";
    private const string Users = "/administration/users";

    [Fact]
    public async Task A_second_step_is_not_set_up_without_the_password_nor_with_a_secret_that_somebody_else_was_shown()
    {
        using var lili = await app.SignInAsync(Cast.Lili);
        using var thief = lili.At(app.Address, app.Address);
        Assert.Equal(422, (await thief.PostAsync(TwoFactor)).Status);
        var refused = await thief.PostAsync(TwoFactor, ("password", "not the password"));
        Assert.Equal(422, refused.Status);
        Assert.Contains("That is not your current password.", WebUtility.HtmlDecode(refused.Text));
        Assert.DoesNotContain("class=\"secret\"", (await thief.GetAsync(TwoFactor)).Text);

        // Lili begins, and leaves it: in another session of hers nobody reads the secret, and in this one not for long.
        Assert.Equal(302, (await lili.PostAsync(TwoFactor, ("password", Person.Password))).Status);
        var phone = Authenticator.Scan((await lili.GetAsync(TwoFactor)).Text);
        using var elsewhere = await app.SignInAsync(Cast.Lili);
        Assert.DoesNotContain("class=\"secret\"", (await elsewhere.GetAsync(TwoFactor)).Text);
        Assert.Equal(TwoFactor, (await elsewhere.PostAsync(TwoFactor + "?handler=Proof", ("code", phone.Code()))).Location);
        app.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.DoesNotContain("class=\"secret\"", (await lili.GetAsync(TwoFactor)).Text);
        Assert.Equal(TwoFactor, (await lili.PostAsync(TwoFactor + "?handler=Proof", ("code", phone.Code()))).Location);
        Assert.False(await app.WithAsync<Database, bool>(database => database.Users.AnyAsync(user => user.Email == Cast.Lili.Email && user.TwoFactorEnabled)));
    }

    [Fact]
    public async Task Guesses_at_the_password_in_a_session_end_there_and_nowhere_else()
    {
        using var omar = await app.SignInAsync(Cast.Omar);
        using var desk = await app.SignInAsync(Cast.Omar);
        for (var attempt = 0; attempt < 5; attempt++) Assert.Equal(422, (await omar.PostAsync(TwoFactor, ("password", "guess"))).Status);
        var refused = await omar.Language("es").PostAsync(TwoFactor, ("password", Person.Password));
        Assert.Equal(429, refused.Status);
        Assert.InRange(int.Parse(refused.Header("Retry-After")), 1, 600);
        Assert.Contains("Demasiados intentos fallidos", WebUtility.HtmlDecode(refused.Text));
        // The other forms of the session count for the same.
        Assert.Equal(429, (await omar.PostAsync("/profile?handler=Password", ("Password.Current", Person.Password),
            ("Password.Password", "sunny river window"), ("Password.Repeated", "sunny river window"))).Status);
        Assert.Equal(302, (await desk.PostAsync(TwoFactor, ("password", Person.Password))).Status);
        using var again = await app.SignInAsync(Cast.Omar);
        app.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(302, (await omar.PostAsync(TwoFactor, ("password", Person.Password))).Status);
    }

    [Fact]
    public async Task A_new_password_needs_a_code_where_there_is_a_second_step()
    {
        using var ines = await app.SignInAsync(Cast.Ines);
        Assert.Equal(302, (await ines.PostAsync(TwoFactor, ("password", Person.Password))).Status);
        var phone = Authenticator.Scan((await ines.GetAsync(TwoFactor)).Text);
        Assert.Equal(200, (await ines.PostAsync(TwoFactor + "?handler=Proof", ("code", phone.Code()))).Status);
        (string, string?)[] form = [("Password.Current", Person.Password), ("Password.Password", "sunny river window"), ("Password.Repeated", "sunny river window")];
        var refused = await ines.PostAsync("/profile?handler=Password", form);
        Assert.Equal(422, refused.Status);
        Assert.Contains("This code is not right", refused.Text);
        Assert.Equal(302, (await ines.PostAsync("/profile?handler=Password", [.. form, ("Password.Code", phone.Code(1))])).Status);
        Assert.Equal(200, (await ines.GetAsync("/profile")).Status);
    }

    [Fact]
    public async Task Ada_gives_nobody_another_address_and_herself_no_other_role_without_her_password()
    {
        using var ada = await app.SignInAsync(Cast.Ada);
        var (hers, sofias) = (await app.IdOfAsync(Cast.Ada), await app.IdOfAsync(Cast.Sofia));
        await RefusedAndDoneAsync(ada, sofias, ("name", "Sofía"), ("email", "sofia@elsewhere.test"), ("roles", "Supervisor"));
        Assert.Equal("sofia@elsewhere.test", await EmailAsync(sofias));
        // What lets nobody in asks for nothing.
        Assert.Equal(302, (await SaveAsync(ada, sofias, ("name", "Sofía Paz"), ("email", "sofia@elsewhere.test"), ("roles", "Supervisor"))).Status);

        await RefusedAndDoneAsync(ada, hers, ("name", "Ada"), ("email", Cast.Ada.Email), ("roles", "Administrator"), ("roles", "Supervisor"));
        await RefusedAndDoneAsync(ada, hers, ("name", "Ada"), ("email", "ada@elsewhere.test"), ("roles", "Administrator"), ("roles", "Supervisor"));
        // Her address is another one: her sessions have ended.
        Assert.Equal(302, (await ada.GetAsync("/profile")).Status);
    }

    [Fact]
    public async Task An_administrator_makes_nobody_more_than_an_agent_without_their_password()
    {
        await app.WithAsync<Accounts>(accounts => accounts.CreateAsync(new NewAccount("uma@proof.test", "Uma", Person.Password, [Roles.Administrator])));
        using var uma = await app.SignInAsync(new Person("Uma", "uma@proof.test", Roles.Administrator));
        // Whoever finds her open browser makes themselves no account that may what hers may.
        foreach (var role in (string[])["Supervisor", "Administrator"])
        {
            (string, string?)[] form = [("name", $"New {role}"), ("email", $"new-{role}@proof.test"), ("roles", "Agent"), ("roles", role), ("capacity", "6")];
            foreach (var password in (string?[])[null, "not the password"])
            {
                var refused = await uma.PostAsync(Users, [.. form, ("password", password)]);
                Assert.Equal(422, refused.Status);
                Assert.Contains("Confirm that it is you", refused.Text);
                Assert.Contains($"new-{role}@proof.test", refused.Text);
            }
            Assert.Null(await FindAsync($"new-{role}@proof.test"));
            var made = await uma.PostAsync(Users, [.. form, ("password", Person.Password)]);
            Assert.True(made.Status == 302, made.Read());
        }
        var agent = await uma.PostAsync(Users, ("name", "New agent"), ("email", "new-agent@proof.test"), ("roles", "Agent"), ("capacity", "6"));
        Assert.Equal(302, agent.Status);

        // Nor of somebody who is one already, nor whole houses to one who has a part of them.
        var nora = (await FindAsync("new-agent@proof.test"))!.Value;
        (string, string?)[] nothing = [("name", "New agent"), ("email", "new-agent@proof.test"), ("capacity", "6")];
        var group = await app.GroupAsync("Nora's");
        await RefusedAndDoneAsync(uma, nora, [.. nothing, ("roles", "Agent"), ("roles", "Supervisor"), ("groups", $"{group}")]);
        await RefusedAndDoneAsync(uma, nora, [.. nothing, ("roles", "Supervisor")]);
        // What takes rights away asks for nothing.
        Assert.Equal(302, (await SaveAsync(uma, nora, [.. nothing, ("roles", "Agent")])).Status);
    }

    private Task<Guid?> FindAsync(string email) => app.WithAsync<Database, Guid?>(database =>
        database.Users.Where(each => each.Email == email).Select(each => (Guid?)each.Id).SingleOrDefaultAsync());

    private async Task RefusedAndDoneAsync(Browserless ada, Guid user, params (string, string?)[] form)
    {
        var before = await EmailAsync(user);
        foreach (var password in (string?[])[null, "not the password"])
        {
            var refused = await SaveAsync(ada, user, [.. form, ("password", password)]);
            Assert.Equal(422, refused.Status);
            Assert.Contains("Confirm that it is you", refused.Text);
            Assert.DoesNotContain("not the password", refused.Text);
        }
        Assert.Equal(before, await EmailAsync(user));
        Assert.Equal(302, (await SaveAsync(ada, user, [.. form, ("password", Person.Password)])).Status);
    }

    private static async Task<Answer> SaveAsync(Browserless ada, Guid user, params (string, string?)[] form)
    {
        var page = (await ada.GetAsync($"/administration/users/{user}")).Text;
        var version = page[(page.IndexOf("name=\"version\" value=\"", StringComparison.Ordinal) + 22)..].Split('"')[0];
        return await ada.PostAsync($"/administration/users/{user}", [("version", version), .. form]);
    }

    private Task<string?> EmailAsync(Guid user) =>
        app.WithAsync<Database, string?>(database => database.Users.Where(each => each.Id == user).Select(each => each.Email).SingleAsync());
}
