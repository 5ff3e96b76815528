using System.Diagnostics;
using ContactCenter.Tests.Support;

namespace ContactCenter.Tests.Rules;

/// <summary>What the build puts into wwwroot/lib, with libraries made for these tests.</summary>
public sealed class ClientLibrariesTests : IDisposable
{
    private readonly TemporaryFolder root = new("root");

    public ClientLibrariesTests()
    {
        Write("libman.json", """
            {
              "version": "3.0",
              "defaultProvider": "filesystem",
              "libraries": [
                { "library": "node_modules/wave/dist", "destination": "wwwroot/lib", "files": [ "wave.js", "tide.js" ] }
              ]
            }
            """);
        Fetch("1.0.1");
    }

    public void Dispose() => root.Dispose();

    [Fact]
    public async Task A_build_with_nothing_to_do_leaves_every_file_and_its_time_as_they_are()
    {
        await RestoreAsync();
        Assert.Equal("wave 1.0.1", Read("wave.js"));
        var before = new DateTime(2026, 11, 20, 9, 0, 0, DateTimeKind.Utc);
        foreach (var file in Files()) File.SetLastWriteTimeUtc(Lib(file), before);

        await RestoreAsync();
        Assert.Equal(["tide.js", "wave.js"], Files());
        Assert.All(Files(), file => Assert.Equal(before, File.GetLastWriteTimeUtc(Lib(file))));
    }

    [Fact]
    public async Task A_new_version_arrives_also_where_no_file_changes_its_length()
    {
        await RestoreAsync();
        Fetch("1.0.2");
        await RestoreAsync();
        Assert.Equal("wave 1.0.2", Read("wave.js"));
    }

    [Fact]
    public async Task What_libman_json_names_no_more_goes_and_what_it_names_comes_back()
    {
        await RestoreAsync();
        Write("wwwroot/lib/former/left.js", "left");
        Write("wwwroot/lib/icons.svg", "<svg/>");
        Write("libman.json", Read("../../libman.json").Replace(", \"tide.js\"", "", StringComparison.Ordinal));
        File.Delete(Lib("wave.js"));

        await RestoreAsync();
        Assert.Equal(["icons.svg", "wave.js"], Files());
    }

    [Fact]
    public async Task A_file_that_npm_did_not_bring_fails_the_build()
    {
        File.Delete(Path.Combine(root.Path, "node_modules/wave/dist/tide.js"));
        var done = await BuildAsync();
        Assert.NotEqual(0, done.ExitCode);
        Assert.Contains("LIB018", done.Output, StringComparison.Ordinal);
        Assert.Contains("tide.js", done.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_restores_by_other_means_is_left_alone()
    {
        Write("wwwroot/lib/own.js", "own");
        var done = await BuildAsync("-p:RestoreClientLibraries=false");
        Assert.True(done.ExitCode == 0, done.Output);
        Assert.Equal(["own.js"], Files());
    }

    // As npm does: the files, and then its own list of them.
    private void Fetch(string version)
    {
        foreach (var name in (string[])["wave", "tide", "foam"])
            Write($"node_modules/wave/dist/{name}.js", $"{name} {version}");
        Write("node_modules/.package-lock.json", version);
        File.Delete(Path.Combine(root.Path, "node_modules/.restored"));
    }

    private async Task RestoreAsync()
    {
        var done = await BuildAsync();
        Assert.True(done.ExitCode == 0, done.Output);
    }

    private Task<Outcome> BuildAsync(params string[] more)
    {
        string[] words =
        [
            "msbuild", Path.Combine(Sources.Web, "ContactCenter.Web.csproj"), "-t:RestoreLibraries", "-v:minimal",
            "-nologo", "-nodeReuse:false", $"-p:ClientRoot={root.Path}/", "-p:UseNode=false", .. more,
        ];
        return Shell.RunAsync(new ProcessStartInfo("dotnet", words));
    }

    private string Lib(string file) => Path.Combine(root.Path, "wwwroot/lib", file);

    private string Read(string file) => File.ReadAllText(Lib(file));

    private string[] Files() =>
    [
        .. Directory.EnumerateFiles(Lib(""), "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Lib(""), file)).Order(StringComparer.Ordinal),
    ];

    private void Write(string file, string text)
    {
        var path = Path.Combine(root.Path, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
