using System.Diagnostics;
using ContactCenter.Tests.Support;

namespace ContactCenter.Tests.Operations;

/// <summary>After the others and alone: building takes the whole machine.</summary>
[CollectionDefinition("Image", DisableParallelization = true)]
public sealed class ImageCollection;

/// <summary>The Dockerfile, step by step in a clean folder with what is committed, since not everybody can build images.</summary>
[Collection("Image")]
[Trait(Runs.Trait, Runs.Rehearsal)]
public sealed class ImageTests
{
    [Fact]
    public async Task The_image_builds_from_what_is_committed_and_runs_healthy_as_nobody_in_particular()
    {
        if (OperatingSystem.IsWindows()) return;
        var recipe = Recipe.Read(Path.Combine(Repository.Root, "Dockerfile"));
        using var folder = new TemporaryFolder("image");
        var context = Path.Combine(folder.Path, "context");
        await CopyCommittedAsync(context);
        var kitchen = new Kitchen(folder.Path, context);

        await kitchen.FollowAsync(recipe);

        Assert.NotEqual("0", kitchen.User, StringComparer.Ordinal);
        Assert.True(File.Exists(Path.Combine(kitchen.Place, "THIRD-PARTY.md")), "licences come with it");
        var port = recipe.Last("EXPOSE").Rest;
        Assert.Equal(port, kitchen.Set["ASPNETCORE_HTTP_PORTS"]);
        Assert.Contains(recipe.Last("VOLUME").Rest, kitchen.Set["ContactCenter__DataDirectory"], StringComparison.Ordinal);
        var health = recipe.Last("HEALTHCHECK").List;
        Assert.Contains($"/127.0.0.1/{port} ", health[^1], StringComparison.Ordinal);

        var server = await PostgresServer.SharedAsync();
        await using var database = await server.CreateDatabaseAsync();
        kitchen.Set["ConnectionStrings__Postgres"] = database.ConnectionString;
        // The image's own port may be taken here, and would be open to others.
        var start = kitchen.AsUser([.. recipe.Last("ENTRYPOINT").List, "--urls", "http://127.0.0.1:0"]);
        Uri address;
        await using (var app = await AppProcess.StartAsync(start))
        {
            address = await app.Address();
            Assert.Equal(kitchen.User, await UserOfAsync(app.Id));
            Assert.Equal(0, (await CheckAsync(kitchen, health, port, address)).ExitCode);
            using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = address };
            Assert.Equal("/setup", (await http.GetAsync("/")).Headers.Location?.ToString());
            Assert.Contains("htmx", await http.GetStringAsync("/lib/htmx.min.js"), StringComparison.Ordinal);
            Assert.Contains("Healthy", await http.GetStringAsync("/health/ready"), StringComparison.Ordinal);
            Assert.Equal(0, await app.StopAsync());
        }

        Assert.Equal(0, (await Shell.RunAsync(kitchen.AsUser("touch", Path.Combine(kitchen.Set["ContactCenter__DataDirectory"], "written")))).ExitCode);
        Assert.NotEqual(0, (await CheckAsync(kitchen, health, port, address)).ExitCode);
    }

    private static Task<Outcome> CheckAsync(Kitchen kitchen, string[] command, string port, Uri address) =>
        Shell.RunAsync(kitchen.AsUser([.. command.Select(word => word.Replace($"/{port} ", $"/{address.Port} ", StringComparison.Ordinal))]));

    private static async Task CopyCommittedAsync(string context)
    {
        var list = await Shell.RunAsync("git ls-files -z", Repository.Root);
        var files = list.Output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(file => File.Exists(Path.Combine(Repository.Root, file))).ToList();
        Assert.True(files.Count > 100, "the committed files are known");
        foreach (var file in files)
        {
            var to = Path.Combine(context, file);
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(Path.Combine(Repository.Root, file), to);
        }
    }

    private static async Task<string> UserOfAsync(int process)
    {
        var asked = await Shell.RunAsync(new ProcessStartInfo("ps", ["-o", "uid=", "-p", $"{process}"]));
        return asked.Output.Trim();
    }
}
