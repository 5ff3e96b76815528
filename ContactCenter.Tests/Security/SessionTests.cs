using ContactCenter.Security;
using ContactCenter.Tests.Support;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ContactCenter.Tests.Security;

/// <summary>An application that notes how often a password is held against a hash.</summary>
public sealed class CountingApp : App
{
    private readonly CountingHasher hasher = new();

    public int Looks => hasher.Looks;

    protected override void Configure(IServiceCollection services) =>
        services.Replace(ServiceDescriptor.Singleton<IPasswordHasher<User>>(hasher));

    private sealed class CountingHasher : PasswordHasher<User>
    {
        private int looks;

        public int Looks => Volatile.Read(ref looks);

        public override PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword)
        {
            Interlocked.Increment(ref looks);
            return base.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}

public sealed class SessionTests(CountingApp app) : IClassFixture<CountingApp>
{
    private const string Cookie = "contactcenter";

    [Fact]
    public async Task A_session_planted_before_signing_in_is_not_the_one_after()
    {
        // Mallory signs in and plants her session in Omar's browser.
        using var mallory = await app.SignInAsync(Cast.Lili);
        var planted = mallory.Cookies.GetCookies(app.Address)[Cookie]!.Value;
        using var omar = app.Open();
        omar.Cookies.Add(app.Address, new System.Net.Cookie(Cookie, planted));
        Assert.Contains("value=\"Lili\"", (await omar.GetAsync("/profile")).Text);

        Assert.Equal(302, (await omar.PostAsync("/sign-in", ("Form.Email", Cast.Omar.Email), ("Form.Password", Person.Password))).Status);
        var cookie = omar.Cookies.GetCookies(app.Address)[Cookie]!;
        Assert.False(string.Equals(planted, cookie.Value, StringComparison.Ordinal));
        Assert.True(cookie.HttpOnly);
        Assert.Contains("value=\"Omar\"", (await omar.GetAsync("/profile")).Text);
        // What was planted leads nowhere any more: not to Omar, and not to Lili.
        Assert.Equal(302, (await mallory.GetAsync("/profile")).Status);
    }

    [Fact]
    public async Task A_copy_of_the_cookie_is_worth_nothing_after_signing_out()
    {
        using var lili = await app.SignInAsync(Cast.Lili);
        using var copy = lili.At(app.Address, app.Address);
        using var phone = await app.SignInAsync(Cast.Lili);
        Assert.Equal(200, (await copy.GetAsync("/profile")).Status);
        Assert.Equal(302, (await lili.PostAsync("/sign-out")).Status);
        Assert.Equal(302, (await copy.GetAsync("/profile")).Status);
        // The session on her phone is another one.
        Assert.Equal(200, (await phone.GetAsync("/profile")).Status);
    }

    [Fact]
    public async Task A_refused_cookie_does_not_take_a_new_one_away_with_it()
    {
        using var here = await app.SignInAsync(Cast.Ines);
        // Another tab of the same browser whose request was on its way while the password was changed.
        using var late = here.At(app.Address, app.Address);
        Assert.Equal(302, (await here.PostAsync("/profile?handler=Password",
            ("Password.Current", Person.Password), ("Password.Password", "sunny river window"), ("Password.Repeated", "sunny river window"))).Status);
        var answer = await late.GetAsync("/profile");
        Assert.Equal(302, answer.Status);
        Assert.DoesNotContain("contactcenter=", answer.Header("Set-Cookie"));
        Assert.Equal(200, (await here.GetAsync("/profile")).Status);
    }

    [Fact]
    public async Task Whether_there_is_such_an_account_costs_the_same_work_as_whether_the_password_is_right()
    {
        await app.WithAsync<UserManager<User>>(async users =>
        {
            var sofia = (await users.FindByEmailAsync(Cast.Sofia.Email))!;
            sofia.Active = false;
            await users.UpdateAsync(sofia);
            var ada = (await users.FindByEmailAsync(Cast.Ada.Email))!;
            await users.SetLockoutEndDateAsync(ada, DateTimeOffset.MaxValue);
        });
        using var browser = app.Open();
        foreach (var email in (string[])[Cast.Omar.Email, "nobody@demo.local", Cast.Sofia.Email, Cast.Ada.Email])
        {
            var before = app.Looks;
            Assert.Equal(422, (await browser.PostAsync("/sign-in", ("Form.Email", email), ("Form.Password", "not the password"))).Status);
            Assert.True(app.Looks == before + 1, $"{email}: {app.Looks - before} looks at a hash");
        }
        // Asking for a new password looks at nobody: the letter is written later.
        var asked = app.Looks;
        foreach (var email in (string[])[Cast.Omar.Email, "nobody@demo.local"])
            Assert.Equal(200, (await browser.PostAsync("/password/recovery", ("Form.Email", email))).Status);
        Assert.Equal(asked, app.Looks);
    }

    [Fact]
    public async Task Under_tls_every_cookie_is_secure_and_none_is_a_scripts()
    {
        using var lili = app.Open();
        lili.Headers.Add("X-Forwarded-Proto", "https");
        var form = await lili.GetAsync("/sign-in");
        lili.Headers.Add("Cookie", form.Header("Set-Cookie").Split(';')[0]);
        var answer = await lili.PostAsync("/sign-in", ("Form.Email", Cast.Lili.Email), ("Form.Password", Person.Password));
        Assert.Equal(302, answer.Status);
        string[] cookies = [.. form.Response.Headers.GetValues("Set-Cookie"), .. answer.Response.Headers.GetValues("Set-Cookie")];
        Assert.True(cookies.Length >= 2);
        foreach (var cookie in cookies)
            foreach (var part in (string[])["secure", "httponly", "samesite=lax"])
                Assert.Contains(part, cookie, StringComparison.OrdinalIgnoreCase);
        // And without it there is nothing to say of TLS.
        using var plain = app.Open();
        Assert.Equal("", (await plain.GetAsync("/sign-in")).Header("Strict-Transport-Security"));
    }
}
