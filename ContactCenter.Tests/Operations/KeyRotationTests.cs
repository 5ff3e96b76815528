using ContactCenter.Tests.Support;
using Npgsql;

namespace ContactCenter.Tests.Operations;

/// <summary>The keys that seal sessions and visitors' tokens: sealed with a certificate, and changed while people are at work.</summary>
[Trait(Runs.Trait, Runs.Rehearsal)]
public sealed class KeyRotationTests
{
    private const string Warning = "lie open in the database";

    [Fact]
    public async Task Certificates_and_keys_change_while_Lili_and_Marta_go_on_until_the_keys_are_revoked()
    {
        var server = await PostgresServer.SharedAsync();
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Path);
        await using var database = await server.CreateDatabaseAsync();
        await using var company = await Company.FoundAsync(new(StringComparer.Ordinal)
        {
            ["ConnectionStrings__Postgres"] = database.ConnectionString,
            ["ContactCenter__DataDirectory"] = folder.Path,
        });
        await company.WorkAsync();
        Assert.Contains("<masterKey", Assert.Single(await KeysAsync(database)));
        Assert.DoesNotContain(Warning, company.App.Output, StringComparison.Ordinal);
        await company.StopAsync();

        await company.StartAsync();
        await Eventually.Holds("the warning of open keys", () => company.App.Output.Contains(Warning, StringComparison.Ordinal));
        await company.StopAsync();

        var first = await CertificateAsync(folder, "2026");
        await company.StartAsync(("ContactCenter__KeyCertificate", first));
        await GoOnAsync(company);
        Assert.DoesNotContain(Warning, company.App.Output, StringComparison.Ordinal);
        var withFirst = Assert.Single(await KeysAsync(database));
        Assert.DoesNotContain("masterKey", withFirst, StringComparison.Ordinal);
        Assert.Contains("encryptedSecret", withFirst, StringComparison.Ordinal);
        await company.StopAsync();

        var second = await CertificateAsync(folder, "2027");
        await company.StartAsync(("ContactCenter__KeyCertificate", second), ("ContactCenter__FormerKeyCertificates__0", first));
        await GoOnAsync(company);
        Assert.NotEqual(withFirst, Assert.Single(await KeysAsync(database)), StringComparer.Ordinal);
        await company.StopAsync();
        await company.StartAsync(("ContactCenter__FormerKeyCertificates__0", null));
        await GoOnAsync(company);
        await company.StopAsync();

        var renewed = await company.CommandAsync("keys", "renew");
        Assert.True(renewed.ExitCode == 0, renewed.Output + renewed.Errors);
        await company.StartAsync();
        await GoOnAsync(company);
        Assert.Equal(2, (await KeysAsync(database)).Count(key => key.Contains("encryptedSecret", StringComparison.Ordinal)));
        await company.StopAsync();
        var list = (await company.CommandAsync("keys")).Output;
        Assert.Contains("CN=ContactCenter keys 2027", list, StringComparison.Ordinal);
        Assert.Matches("  reads\n(.|\n)*  seals and reads\n", list);

        Assert.Equal(2, (await company.CommandAsync("keys", "polish")).ExitCode);
        Assert.Equal(0, (await company.CommandAsync("keys", "revoke")).ExitCode);
        await company.StartAsync();
        Assert.Equal(302, (await company.Lili.GetAsync("/profile")).Status);
        Assert.Contains("data-stage=\"start\"", (await company.Marta.PaneAsync()).Text, StringComparison.Ordinal);
        using var again = new Browserless(company.Address);
        await Company.SignInAsync(again, Cast.Lili);
        Assert.Contains(Company.Reply, System.Net.WebUtility.HtmlDecode((await again.GetAsync($"/conversations/{company.MartasConversation}")).Text), StringComparison.Ordinal);
        await company.StopAsync();

        await using var wrong = company.Launch(("ContactCenter__KeyCertificate", first));
        Assert.Equal(1, await wrong.ExitAsync());
        Assert.Contains("is sealed with a certificate that is not configured", wrong.Output, StringComparison.Ordinal);
        await using var missing = company.Launch(("ContactCenter__KeyCertificate", Path.Combine(folder.Path, "nowhere.pem")));
        Assert.Equal(1, await missing.ExitAsync());
        Assert.Contains("nowhere.pem cannot be used", missing.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", wrong.Output + missing.Output, StringComparison.Ordinal);
    }

    // What both hold was given to them before anything was changed.
    private static async Task GoOnAsync(Company company)
    {
        Assert.Equal(200, (await company.Lili.GetAsync("/profile")).Status);
        await company.MartaFindsHerConversationAsync();
    }

    private static async Task<string> CertificateAsync(TemporaryFolder folder, string year)
    {
        await Handbook.FollowAsync("Make a certificate", folder.Path, new Dictionary<string, string>(StringComparer.Ordinal) { ["YEAR"] = year });
        return Path.Combine(folder.Path, $"keys-{year}.pem");
    }

    /// <summary>The stored keys, without the marks of revocations.</summary>
    private static async Task<List<string>> KeysAsync(TestDatabase database)
    {
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await using var command = source.CreateCommand("select xml from data_protection_keys where xml like '<key %' order by id");
        await using var reader = await command.ExecuteReaderAsync();
        var keys = new List<string>();
        while (await reader.ReadAsync()) keys.Add(reader.GetString(0));
        return keys;
    }
}
