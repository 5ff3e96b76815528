using System.Diagnostics;
using System.Text.Json.Nodes;
using ContactCenter.Tests.Support;

namespace ContactCenter.Tests.Rules;

/// <summary>
/// THIRD-PARTY.md is what <c>bin/third-party.mjs</c> makes of what is restored, and every licence in it has been read.
/// </summary>
public sealed class ThirdPartyTests
{
    [Fact]
    public async Task The_list_of_others_software_is_of_what_is_restored_and_every_licence_is_known()
    {
        var done = await CheckAsync();
        Assert.True(done.ExitCode == 0, done.Output + done.Errors);
        var list = await File.ReadAllTextAsync(Path.Combine(Sources.Root(), "THIRD-PARTY.md"));
        Assert.Contains("| MailKit | ", list, StringComparison.Ordinal);
        Assert.Contains("| htmx.org | ", list, StringComparison.Ordinal);
        // What only builds is not published.
        Assert.DoesNotContain("Meziantou", list, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<license type=\"expression\">MIT</license>", "THIRD-PARTY.md is not of what is restored")]
    [InlineData("<license type=\"expression\">SSPL-1.0</license>", "Tide 1.0.0: unknown licence SSPL-1.0")]
    [InlineData("<license type=\"file\">LICENSE.md</license>", "Tide 1.0.0: unknown licence (its package names none)")]
    [InlineData("<license type=\"expression\">ISC</license>", "Tide 1.0.0: the text of ISC is neither")]
    [InlineData("<license type=\"expression\">LGPL-3.0-only</license>", "Tide 1.0.0: the text of LGPL-3.0-only is")]
    public async Task A_new_package_fails_until_the_list_has_it_and_its_licence_is_known(string licence, string said)
    {
        using var folder = new TemporaryFolder("packages");
        var package = Directory.CreateDirectory(Path.Combine(folder.Path, "tide", "1.0.0")).FullName;
        await File.WriteAllTextAsync(
            Path.Combine(package, "tide.nuspec"), $"<package><metadata><id>Tide</id>{licence}</metadata></package>");
        var file = Path.Combine(Sources.Web, "obj", "project.assets.json");
        var assets = JsonNode.Parse(await File.ReadAllTextAsync(file))!;
        assets["targets"]!["net10.0"]!["Tide/1.0.0"] =
            JsonNode.Parse("""{ "type": "package", "runtime": { "lib/net10.0/Tide.dll": {} } }""");
        assets["libraries"]!["Tide/1.0.0"] = JsonNode.Parse("""{ "path": "tide/1.0.0" }""");
        assets["packageFolders"]![folder.Path] = new JsonObject();
        var other = Path.Combine(folder.Path, "assets.json");
        await File.WriteAllTextAsync(other, assets.ToJsonString());

        var done = await CheckAsync("--assets", other);
        Assert.Equal(1, done.ExitCode);
        Assert.Contains(said, done.Output, StringComparison.Ordinal);
    }

    private static Task<Outcome> CheckAsync(params string[] more)
    {
        string[] words = ["bin/third-party.mjs", "--check", .. more];
        return Shell.RunAsync(new ProcessStartInfo("node", words) { WorkingDirectory = Sources.Root() });
    }
}
