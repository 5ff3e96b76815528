using System.Net;
using ContactCenter.Security;
using ContactCenter.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace ContactCenter.Tests.Security;

public sealed class CommonPasswordTests(App app) : IClassFixture<App>
{
    private CommonPasswords Common => app.Services.GetRequiredService<CommonPasswords>();

    [Theory]
    [InlineData("1q2w3e4r5t")]
    [InlineData("Sunshine2024!")]
    [InlineData("BASEBALL-1987")]
    [InlineData("Dr4g0n!!!!!!")]
    [InlineData("monkeymonkey")]
    [InlineData("2026liverpool")]
    public void What_everybody_chooses_is_common_however_it_is_written(string password) => Assert.True(Common.Contains(password));

    [Theory]
    [InlineData("sunny river window")]
    [InlineData(Person.Password)]
    [InlineData("correct horse battery staple")]
    [InlineData("monkeys eat dragons")]
    public void What_few_would_choose_is_not(string password) => Assert.False(Common.Contains(password));

    [Fact]
    public void The_whole_list_is_in_the_build() => Assert.InRange(Common.Count, 9_000, 10_000);

    [Fact]
    public async Task It_is_refused_in_the_profile_and_by_invitation_in_the_readers_language()
    {
        using var lili = await app.SignInAsync(Cast.Lili);
        var refused = await lili.Language("pt").PostAsync("/profile?handler=Password",
            ("Password.Current", Person.Password), ("Password.Password", "Sunshine2024!"), ("Password.Repeated", "Sunshine2024!"));
        Assert.Equal(422, refused.Status);
        Assert.Contains("uma das senhas que se tentam primeiro", WebUtility.HtmlDecode(refused.Text));

        await app.WithAsync<Accounts>(async accounts => Assert.Contains("tried first", Assert.Single(
            (await accounts.CreateAsync(new NewAccount("nora@common.test", "Nora", "Sunshine2024!", [ContactCenter.Domain.Roles.Agent]))).Errors)));
    }
}
