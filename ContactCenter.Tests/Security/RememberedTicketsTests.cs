using System.Security.Claims;
using ContactCenter.Security;
using ContactCenter.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace ContactCenter.Tests.Security;

/// <summary>An application that notes how often a session's cookie is unsealed.</summary>
public sealed class UnsealingApp : App
{
    private readonly Counter counter = new();

    public int Unsealed => Volatile.Read(ref counter.Unsealed);

    protected override void Configure(IServiceCollection services) =>
        services.AddOptions<CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme)
            .Configure<IDataProtectionProvider>((options, keys) =>
                options.DataProtectionProvider = new Counting(keys.CreateProtector("counted"), counter));

    private sealed class Counter
    {
        public int Unsealed;
    }

    private sealed class Counting(IDataProtector inner, Counter counter) : IDataProtector
    {
        public IDataProtector CreateProtector(string purpose) => new Counting(inner.CreateProtector(purpose), counter);

        public byte[] Protect(byte[] plaintext) => inner.Protect(plaintext);

        public byte[] Unprotect(byte[] protectedData)
        {
            Interlocked.Increment(ref counter.Unsealed);
            return inner.Unprotect(protectedData);
        }
    }
}

public sealed class RememberedTicketsTests(UnsealingApp app) : IClassFixture<UnsealingApp>
{
    private const string Cookie = "contactcenter";

    [Fact]
    public async Task The_requests_of_a_moment_unseal_their_cookie_once_and_a_session_that_ends_is_over_at_once()
    {
        using var lili = await app.SignInAsync(Cast.Lili);
        using var copy = lili.At(app.Address, app.Address);
        var before = app.Unsealed;
        for (var n = 0; n < 5; n++) Assert.Equal(200, (await copy.GetAsync("/profile")).Status);
        Assert.Equal(before + 1, app.Unsealed);
        // Later it is unsealed again.
        app.Clock.Advance(RememberedTickets.Life);
        Assert.Equal(200, (await copy.GetAsync("/profile")).Status);
        Assert.Equal(before + 2, app.Unsealed);

        Assert.Equal(302, (await lili.PostAsync("/sign-out")).Status);
        Assert.Equal(302, (await copy.GetAsync("/profile")).Status);
    }

    [Fact]
    public async Task A_cookie_that_was_altered_is_none_however_well_its_original_is_known()
    {
        using var omar = await app.SignInAsync(Cast.Omar);
        Assert.Equal(200, (await omar.GetAsync("/profile")).Status);
        var cookie = omar.Cookies.GetCookies(app.Address)[Cookie]!;
        using var mallory = app.Open();
        var altered = cookie.Value[..^2] + (cookie.Value[^2] == 'A' ? "BA" : "AA");
        mallory.Cookies.Add(app.Address, new System.Net.Cookie(Cookie, altered));
        var before = app.Unsealed;
        for (var n = 0; n < 2; n++) Assert.Equal(302, (await mallory.GetAsync("/profile")).Status);
        Assert.True(app.Unsealed >= before + 2, "what was refused is looked at again");
        Assert.Equal(200, (await omar.GetAsync("/profile")).Status);
    }

    [Fact]
    public void What_one_request_does_to_its_user_the_next_does_not_see()
    {
        var tickets = Remembered(app.Clock);
        var text = tickets.Protect(Ticket("Lili"));
        for (var n = 0; n < 3; n++)
        {
            var read = tickets.Unprotect(text)!;
            Assert.Equal("Lili", read.Principal.Identity!.Name);
            Assert.Single(read.Principal.Claims);
            Assert.Equal("kept", read.Properties.Items["key"]);
            ((ClaimsIdentity)read.Principal.Identity).AddClaim(new Claim(ClaimTypes.Role, "Administrator"));
            read.Properties.Items["key"] = "changed";
        }
    }

    [Fact]
    public void Only_so_many_are_remembered_and_none_for_longer_than_some_seconds()
    {
        var clock = new TestClock();
        var tickets = Remembered(clock);
        for (var n = 0; n < RememberedTickets.Size + 10; n++)
            Assert.NotNull(tickets.Unprotect(tickets.Protect(Ticket($"{n}"))));
        Assert.InRange(tickets.Count, 1, RememberedTickets.Size);
        clock.Advance(RememberedTickets.Life);
        Assert.NotNull(tickets.Unprotect(tickets.Protect(Ticket("Lili"))));
        Assert.Equal(1, tickets.Count);
        Assert.Null(tickets.Unprotect("nothing of ours"));
        Assert.Equal(1, tickets.Count);
    }

    private static RememberedTickets Remembered(TimeProvider clock) =>
        new(new TicketDataFormat(new EphemeralDataProtectionProvider().CreateProtector("test")), clock);

    private static AuthenticationTicket Ticket(string name) => new(
        new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], "cookie")),
        new AuthenticationProperties { Items = { ["key"] = "kept" } }, "cookie");
}
