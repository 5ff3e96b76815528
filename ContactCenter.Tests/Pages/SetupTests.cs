using ContactCenter.Domain;
using ContactCenter.Security;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ContactCenter.Tests.Pages;

/// <summary>An App on its first day.</summary>
public sealed class NewApp : App
{
    protected override bool HasCast => false;
}

public sealed class SetupTests(NewApp app) : IClassFixture<NewApp>
{
    private string File => Path.Combine(app.Data, SetupCodes.FileName);

    private string Code => System.IO.File.ReadAllText(File).Trim();

    private (string Name, string? Value)[] Ada(int number) =>
    [
        // As people type it.
        ("Form.Code", Code.Replace("-", " ", StringComparison.Ordinal).ToLowerInvariant()),
        ("Form.DisplayName", "Ada"), ("Form.Email", $"ada{number}@example.com"), ("Form.TimeZone", "America/Buenos_Aires"),
        ("Form.Password", "sunny river window"), ("Form.Repeated", "sunny river window"),
    ];

    [Fact]
    public async Task The_first_visit_makes_one_administrator_however_many_come_at_once()
    {
        var browsers = Enumerable.Range(0, 8).Select(_ => app.Open()).ToList();
        Assert.Equal("/setup", (await browsers[0].GetAsync("/")).Location);
        Assert.Equal("/setup", (await browsers[0].GetAsync("/sign-in")).Location);
        foreach (var browser in browsers) await browser.TokenAsync();
        Assert.Matches("^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$", Code);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));

        // Who does not know the code is told nothing of the rest, and makes nobody.
        foreach (var wrong in (string?[])[null, "", "0000-0000-0000-0000", Code[..^1], Code + "0", new string('9', 5000)])
        {
            var refused = await browsers[0].PostAsync("/setup", [("Form.Code", wrong), ("Form.Email", "nonsense"), .. Ada(0)[1..].Where(field => field.Name != "Form.Email")]);
            Assert.Equal(422, refused.Status);
            Assert.Contains("This is not the code.", refused.Text);
            Assert.DoesNotContain("This is not an e-mail address.", refused.Text);
        }
        Assert.DoesNotContain(Code, (await browsers[0].GetAsync("/setup")).Text);
        var kept = await app.WithAsync<Database, string>(database => database.SetupCodes.Select(code => code.Sealed).SingleAsync());
        Assert.DoesNotContain(SetupCode.Typed(Code), kept);

        var fields = Enumerable.Range(0, browsers.Count).Select(Ada).ToList();
        var invalid = await browsers[0].PostAsync("/setup", [.. Ada(0).Where(field => field.Name != "Form.Email")]);
        Assert.Equal(422, invalid.Status);
        Assert.Contains("Write your e-mail address.", invalid.Text);

        // Nobody is given UTC unasked.
        foreach (var zone in (string[])["", "Mars/Olympus"])
        {
            var unzoned = await browsers[0].PostAsync("/setup", [.. fields[0].Where(field => field.Name != "Form.TimeZone"), ("Form.TimeZone", zone)]);
            Assert.Equal(422, unzoned.Status);
            Assert.Contains("Choose a time zone from the list", unzoned.Text);
        }

        var answers = await Task.WhenAll(browsers.Select((browser, number) => browser.PostAsync("/setup", fields[number])));

        Assert.Equal(1, answers.Count(answer => answer.Status == 302));
        Assert.All(answers.Where(answer => answer.Status != 302), answer => Assert.Equal(404, answer.Status));
        var (users, role) = await app.WithAsync<Database, (int, string?)>(async database => (
            await database.Users.CountAsync(),
            await database.UserRoles.Join(database.Roles, user => user.RoleId, role => role.Id, (_, role) => role.Name).SingleAsync()));
        Assert.Equal((1, Roles.Administrator), (users, role));

        var ada = await app.WithAsync<Database, User>(database => database.Users.SingleAsync());
        Assert.Equal(("America/Argentina/Buenos_Aires", true), (ada.TimeZone, ada.TimeZoneKnown));

        // The winner is signed in, and a campaign begins with their zone; for everyone else there is no set-up any more.
        var winner = browsers[Array.FindIndex(answers, answer => answer.Status == 302)];
        Assert.Contains("value=\"America/Argentina/Buenos_Aires\"", (await winner.GetAsync("/administration/campaigns")).Text.Split("id=\"f-timeZone\"")[1].Split('>')[0]);
        Assert.Equal("/administration/campaigns", (await winner.GetAsync("/")).Location);
        using var late = app.Open();
        Assert.Equal(404, (await late.GetAsync("/setup")).Status);
        Assert.Equal("/sign-in", (await late.GetAsync("/")).Location);
        Assert.Equal(404, (await late.PostAsync("/setup", fields[0])).Status);
        Assert.False(System.IO.File.Exists(File));
        Assert.False(await app.WithAsync<Database, bool>(database => database.SetupCodes.AnyAsync()));
        foreach (var browser in browsers) browser.Dispose();
    }
}

/// <summary>The code on nodes that share a database and its keys, each with a folder of its own.</summary>
public sealed class SetupCodeTests(NewApp app) : IClassFixture<NewApp>
{
    [Fact]
    public async Task Nodes_that_start_together_tell_one_code_which_a_restart_does_not_change()
    {
        using var folders = new TemporaryFolder();
        var nodes = Enumerable.Range(0, 4).Select(number => Node(Path.Combine(folders.Path, $"{number}"))).ToList();
        await app.WithAsync<Database>(database => database.SetupCodes.ExecuteDeleteAsync());
        var told = await Task.WhenAll(nodes.Select(node => Task.Run(() => node.TellAsync())));
        var code = Assert.Single(told.Distinct(StringComparer.Ordinal));
        Assert.All(nodes, node => Assert.Equal(code, File.ReadAllText(node.File).Trim()));
        Assert.Equal(code, await Node(Path.Combine(folders.Path, "0")).TellAsync());
        Assert.True(await nodes[1].IsRightAsync(code, default));
        Assert.False(await nodes[1].IsRightAsync(code[..^1] + (code[^1] == '7' ? '8' : '7'), default));
        // What is taken for a digit is that digit.
        Assert.Equal("0110", SetupCode.Typed("o-i l O"));

        // Sealed with keys that are gone: another takes its place, for all.
        await app.WithAsync<Database>(database => database.SetupCodes.ExecuteUpdateAsync(set => set.SetProperty(each => each.Sealed, "of a lost key")));
        var anew = Assert.Single((await Task.WhenAll(nodes.Select(node => Task.Run(() => node.TellAsync())))).Distinct(StringComparer.Ordinal));
        Assert.False(code == anew, "It is another code.");
        Assert.False(await nodes[0].IsRightAsync(code, default));

        // A folder nobody may write to keeps no node from starting: the log has it.
        File.WriteAllText(Path.Combine(folders.Path, "file"), "");
        Assert.Equal(anew, await Node(Path.Combine(folders.Path, "file", "below")).TellAsync());
        nodes[0].Forget();
        Assert.False(File.Exists(nodes[0].File));
    }

    [Fact, Trait(Runs.Trait, Runs.Process)]
    public async Task The_log_of_a_start_tells_the_code_and_where_it_lies_also_after_a_restart()
    {
        using var folder = new TemporaryFolder();
        var server = await PostgresServer.SharedAsync();
        await using var database = await server.CreateDatabaseAsync();
        Dictionary<string, string> settings = new(StringComparer.Ordinal)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["ConnectionStrings__Postgres"] = database.ConnectionString,
            ["ContactCenter__DataDirectory"] = folder.Path,
        };
        var codes = new List<string>();
        foreach (var start in (string[])["first", "second"])
        {
            await using var process = await AppProcess.StartAsync(settings);
            var code = File.ReadAllText(Path.Combine(folder.Path, SetupCodes.FileName)).Trim();
            Assert.Contains($"with the one-time code {code} (also in {Path.Combine(folder.Path, SetupCodes.FileName)})", process.Output);
            codes.Add(code);
            // And what else the operator has to see to.
            Assert.Contains("ContactCenter__PublicUrl is not set", process.Output);
        }
        Assert.Single(codes.Distinct(StringComparer.Ordinal));
    }

    private SetupCodes Node(string folder) => new(
        app.Services.GetRequiredService<SetupCodeStore>(), app.Services.GetRequiredService<IDataProtectionProvider>(),
        new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("ContactCenter:DataDirectory", (string?)folder)]).Build(),
        NullLogger<SetupCodes>.Instance);
}
