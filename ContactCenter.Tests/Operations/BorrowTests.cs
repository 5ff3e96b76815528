using ContactCenter.Tests.Support;

namespace ContactCenter.Tests.Operations;

/// <summary>Programs for tests come from where the machine's own packages come from; the repository names no host of them.</summary>
[Trait(Runs.Trait, Runs.Rehearsal)]
public sealed class BorrowTests
{
    private const string Key = "/usr/share/keyrings/debian-archive-keyring.gpg";

    [Fact]
    public async Task A_line_keeps_its_options_and_its_address()
    {
        if (!HasApt) return;
        var found = await SourcesOf(("sources.list", $"""
            # deb http://commented.example/debian bookworm main
            deb cdrom:[Debian 12]/ bookworm main
            deb-src http://mirror.example/debian bookworm main
            deb [ arch=amd64 signed-by={Key} ] http://mirror.example/debian bookworm main contrib # ours
            deb http://mirror.example/debian-security bookworm-security main
            deb http://mirror.example/debian bookworm-updates main
            """));
        Assert.Equal([$"deb [ arch=amd64 signed-by={Key} ] http://mirror.example/debian forky main"], found);
    }

    [Fact]
    public async Task A_stanza_keeps_its_fields_and_its_key()
    {
        if (!HasApt) return;
        var found = await SourcesOf(("parts/debian.sources", """
            # The archive
            Types: deb deb-src
            URIs: mirror+file:/etc/apt/mirrors/debian.list
            Suites: bookworm bookworm-updates
            Components: main non-free
            Signed-By:
             -----BEGIN PGP PUBLIC KEY BLOCK-----
             .
             mQINBGPL0BUBEADmW5NdOOHwPIJlgPu6JDcKw/NZJPR8lsD3K87ZM18gzyQZJD+w
             -----END PGP PUBLIC KEY BLOCK-----

            Types: deb
            URIs: http://mirror.example/debian-security
            Suites: bookworm-security
            Components: main
            Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

            Enabled: no
            Types: deb
            URIs: http://off.example/debian
            Suites: bookworm
            Components: main
            """));
        Assert.Equal(
        [
            """
            Types: deb
            Suites: forky
            Components: main
            URIs: mirror+file:/etc/apt/mirrors/debian.list
            Signed-By:
             -----BEGIN PGP PUBLIC KEY BLOCK-----
             .
             mQINBGPL0BUBEADmW5NdOOHwPIJlgPu6JDcKw/NZJPR8lsD3K87ZM18gzyQZJD+w
             -----END PGP PUBLIC KEY BLOCK-----
            """,
        ], found);
    }

    [Fact]
    public async Task Debians_own_come_before_strangers()
    {
        if (!HasApt) return;
        var found = await SourcesOf(
            ("sources.list", "deb http://tools.example/apt bookworm main\ndeb http://mirror.example/debian/ bookworm main"),
            ("parts/debian.sources", $"""
                Types: deb
                URIs: http://cache.example/d
                Suites: bookworm
                Components: main
                Signed-By: {Key}
                """));
        Assert.Equal(3, found.Count);
        Assert.Contains("cache.example", found[0], StringComparison.Ordinal);
        Assert.Contains("mirror.example", found[1], StringComparison.Ordinal);
        Assert.Contains("tools.example", found[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_source_has_them_the_way_out_is_said()
    {
        if (!HasApt) return;
        using var folder = new TemporaryFolder("apt");
        var variables = Configured(folder, ("sources.list", ""));
        var refused = await Shell.RunAsync("bin/borrow no-such-package - no-such-program", Repository.Root, variables);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("None of this machine's package sources has Debian's release", refused.Errors, StringComparison.Ordinal);
        Assert.Contains(
            "Install no-such-program (Debian's package is no-such-package), then try again.", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_host_that_packages_come_from_is_named_in_the_repository()
    {
        string[] hosts =
        [
            "deb.debian", "security.debian", "archive.ubuntu", "registry.npmjs", "registry.yarnpkg", "api.nuget", "pypi.org", "apt.postgresql",
        ];
        var words = string.Join('|', hosts.Select(host => host.Replace(".", "\\.", StringComparison.Ordinal)));
        var found = await Shell.RunAsync($"git grep -nIE '({words})' -- . ':!*/BorrowTests.cs' || true", Repository.Root);
        Assert.Equal("", found.Output);
    }

    private static bool HasApt => OperatingSystem.IsLinux() && File.Exists("/usr/bin/apt-config");

    private static async Task<IReadOnlyList<string>> SourcesOf(params (string Name, string Text)[] files)
    {
        using var folder = new TemporaryFolder("apt");
        var variables = Configured(folder, files);
        var found = await Shell.RunAsync($"bin/debian-sources forky '{folder.Path}/found'", Repository.Root, variables);
        Assert.True(found.ExitCode == 0, found.Errors);
        return [.. found.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(file => File.ReadAllText(file).Trim())];
    }

    private static Dictionary<string, string> Configured(TemporaryFolder folder, params (string Name, string Text)[] files)
    {
        Directory.CreateDirectory(Path.Combine(folder.Path, "parts"));
        foreach (var (name, text) in files) File.WriteAllText(Path.Combine(folder.Path, name), text);
        var configuration = Path.Combine(folder.Path, "apt.conf");
        File.WriteAllLines(configuration,
        [
            $"Dir::Etc::sourcelist \"{folder.Path}/sources.list\";", $"Dir::Etc::sourceparts \"{folder.Path}/parts\";",
        ]);
        return new(StringComparer.Ordinal) { ["APT_CONFIG"] = configuration };
    }
}
