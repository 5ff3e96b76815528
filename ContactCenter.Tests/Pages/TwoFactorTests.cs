using System.Text.RegularExpressions;
using ContactCenter.Security;
using ContactCenter.Storage;
using ContactCenter.Tests.Pages.Administration;
using ContactCenter.Tests.Support;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ContactCenter.Tests.Pages;

public sealed partial class TwoFactorTests(App app) : IClassFixture<App>
{
    private const string Path = "/profile/two-factor";

    [Fact]
    public async Task Lili_signs_in_with_her_password_and_a_code_that_works_once()
    {
        using var lili = await app.SignInAsync(Cast.Lili);
        var (phone, _) = await SetUpAsync(lili);
        Assert.Equal(200, (await lili.GetAsync("/profile")).Status);

        using var browser = app.Open();
        await FirstStepAsync(browser, Cast.Lili);
        Assert.Equal(302, (await browser.GetAsync("/profile")).Status);
        var code = phone.Code(1);
        var answer = await browser.PostAsync("/sign-in/code?ReturnUrl=%2Fprofile", ("code", $"{code[..3]} {code[3..]}"));
        Assert.Equal((302, "/profile"), (answer.Status, answer.Location));
        Assert.Equal(200, (await browser.GetAsync("/profile")).Status);

        // Somebody who read it over her shoulder is too late.
        using var stranger = app.Open();
        await FirstStepAsync(stranger, Cast.Lili);
        Assert.Equal(422, (await stranger.PostAsync("/sign-in/code", ("code", code))).Status);
        Assert.Equal(302, (await stranger.GetAsync("/profile")).Status);
    }

    [Fact]
    public async Task A_recovery_code_lets_Omar_in_once_and_new_ones_replace_the_old()
    {
        using var omar = await app.SignInAsync(Cast.Omar);
        var (_, codes) = await SetUpAsync(omar);
        Assert.Equal(SecondFactor.RecoveryCodes, codes.Count);
        foreach (var (code, status) in ((string, int)[])[(codes[0].ToLowerInvariant(), 302), (codes[0], 422), (codes[1], 302)])
        {
            using var browser = app.Open();
            await FirstStepAsync(browser, Cast.Omar);
            Assert.Equal(status, (await browser.PostAsync("/sign-in/code", ("code", code))).Status);
        }
        Assert.Contains("8 recovery codes are left.", (await omar.GetAsync(Path)).Read());

        // The password alone makes no new ones, nor does a code alone.
        Assert.Equal(422, (await omar.PostAsync(Path + "?handler=Codes", ("password", "not the password"), ("code", codes[3]))).Status);
        Assert.Equal(422, (await omar.PostAsync(Path + "?handler=Codes", ("password", Person.Password))).Status);
        Assert.Equal(422, (await omar.PostAsync(Path + "?handler=Codes", ("password", Person.Password), ("code", codes[0]))).Status);
        var fresh = Codes(await omar.PostAsync(Path + "?handler=Codes", ("password", Person.Password), ("code", codes[3])));
        Assert.Equal(SecondFactor.RecoveryCodes, fresh.Count);
        using var late = app.Open();
        await FirstStepAsync(late, Cast.Omar);
        Assert.Equal(422, (await late.PostAsync("/sign-in/code", ("code", codes[2]))).Status);
        Assert.Equal(302, (await late.PostAsync("/sign-in/code", ("code", fresh[0]))).Status);

        // The operator revokes every key: sessions end, and the second step goes on as it was.
        app.Services.GetRequiredService<IKeyManager>().RevokeAllKeys(app.Clock.GetUtcNow(), "a test");
        await Eventually.Holds("his session has ended and a new key seals", async () => (await omar.GetAsync("/profile")).Status == 302);
        using var after = app.Open();
        await FirstStepAsync(after, Cast.Omar);
        Assert.Equal(302, (await after.PostAsync("/sign-in/code", ("code", fresh[1]))).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("12345")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("٠١٢٣٤٥")]
    public async Task Nonsense_turns_nothing_on_and_lets_nobody_in(string nonsense)
    {
        using var ines = await app.SignInAsync(Cast.Ines);
        await ines.PostAsync(Path, ("password", Person.Password));
        var refused = await ines.PostAsync(Path + "?handler=Proof", ("code", nonsense));
        Assert.Equal(422, refused.Status);
        Assert.Contains("This is not the code the application shows now.", refused.Read());
        using var again = await app.SignInAsync(Cast.Ines);
        Assert.Equal(200, (await again.GetAsync("/profile")).Status);
    }

    [Fact]
    public async Task Without_the_first_step_there_is_no_second()
    {
        using var browser = app.Open();
        Assert.Equal("/sign-in", (await browser.GetAsync("/sign-in/code")).Location);
        Assert.Equal("/sign-in", (await browser.PostAsync("/sign-in/code", ("code", "123456"))).Location);
        Assert.StartsWith("/sign-in?", (await browser.GetAsync(Path)).Location, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_secrets_are_not_readable_in_the_database()
    {
        using var sofia = await app.SignInAsync(Cast.Sofia);
        await sofia.PostAsync(Path, ("password", Person.Password));
        var secret = SecretOf(await sofia.GetAsync(Path));
        var codes = await ProveAsync(sofia);
        var stored = await app.WithAsync<Database, List<string>>(database => database.UserTokens.Select(token => token.Value!).ToListAsync());
        Assert.True(stored.Count >= 2);
        Assert.All(stored, value => Assert.DoesNotContain(codes.Append(secret), each => value.Contains(each, StringComparison.Ordinal)));

        Assert.Equal(422, (await sofia.PostAsync(Path + "?handler=Off", ("password", "not the password"), ("code", codes[0]))).Status);
        Assert.Equal(422, (await sofia.PostAsync(Path + "?handler=Off", ("password", Person.Password), ("code", "000000"))).Status);
        Assert.Equal(302, (await sofia.PostAsync(Path + "?handler=Off", ("password", Person.Password), ("code", codes[0]))).Status);
        using var again = await app.SignInAsync(Cast.Sofia);
        Assert.Equal(200, (await again.GetAsync("/profile")).Status);

        // She sets it up anew and loses her phone: only an administrator helps, and only who has one to lose.
        await SetUpAsync(again);
        var page = $"/administration/users/{await app.IdOfAsync(Cast.Sofia)}";
        Assert.Equal(403, (await again.PostAsync(page + "/two-factor")).Status);
        using var ada = await app.SignInAsync(Cast.Ada);
        Assert.Equal(404, (await ada.PostAsync($"/administration/users/{Guid.AllBitsSet}/two-factor")).Status);
        Assert.Contains("Turn off the second step of Sofía?", (await ada.GetAsync(page + "/two-factor")).Read());
        Assert.Equal(422, (await ada.PostAsync(page + "/two-factor")).Status);
        Assert.Equal(422, (await ada.PostAsync(page + "/two-factor", ("password", "not the password"))).Status);
        Assert.Equal(200, (await again.GetAsync("/profile")).Status);
        Assert.Equal(page + "?done=two-factor", (await ada.PostAsync(page + "/two-factor", ("password", Person.Password))).Location);
        Assert.Equal(404, (await ada.PostAsync(page + "/two-factor")).Status);
        Assert.Equal(302, (await again.GetAsync("/profile")).Status);
        using var later = await app.SignInAsync(Cast.Sofia);
        Assert.Equal(200, (await later.GetAsync("/profile")).Status);
    }

    private static async Task FirstStepAsync(Browserless browser, Person person)
    {
        var answer = await browser.PostAsync("/sign-in", ("Form.Email", person.Email), ("Form.Password", Person.Password));
        Assert.Equal(302, answer.Status);
        Assert.StartsWith("/sign-in/code", answer.Location);
    }

    private static async Task<(Authenticator Phone, IReadOnlyList<string> Codes)> SetUpAsync(Browserless person)
    {
        Assert.Equal(302, (await person.PostAsync(Path, ("password", Person.Password))).Status);
        var phone = Authenticator.Scan((await person.GetAsync(Path)).Text);
        var shown = await person.PostAsync(Path + "?handler=Proof", ("code", phone.Code()));
        Assert.Equal(200, shown.Status);
        return (phone, Codes(shown));
    }

    private static async Task<IReadOnlyList<string>> ProveAsync(Browserless person) =>
        Codes(await person.PostAsync(Path + "?handler=Proof", ("code", Authenticator.Scan((await person.GetAsync(Path)).Text).Code())));

    private static List<string> Codes(Answer page) => [.. RecoveryCode().Matches(page.Text).Select(match => match.Groups["code"].Value)];

    private static string SecretOf(Answer page) => Secret().Match(page.Text).Groups["secret"].Value.Replace(" ", "", StringComparison.Ordinal);

    [GeneratedRegex("<li>(?<code>[A-Z0-9]{5}-[A-Z0-9]{5})</li>", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex RecoveryCode();

    [GeneratedRegex("class=\"secret\">(?<secret>[A-Z2-7 ]+)<", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Secret();
}
