using ContactCenter.Hosting;
using ContactCenter.Tests.Support;

namespace ContactCenter.Tests.Hosting;

/// <summary>The application started and stopped as a process.</summary>
[Trait(Runs.Trait, Runs.Process)]
public sealed class StartTests
{
    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Stopping_the_application_stops_its_database(string signal)
    {
        using var folder = new TemporaryFolder();
        await using var app = await AppProcess.StartAsync(Settings(folder.Path));
        Assert.True(File.Exists(PidFile(folder.Path)), "the database runs");
        Assert.Equal(0, await app.StopAsync(signal));
        Assert.False(File.Exists(PidFile(folder.Path)), "and has ended");
    }

    [Fact]
    public async Task Ctrl_C_stops_it_also_when_the_tests_run_in_the_background_of_a_script()
    {
        if (OperatingSystem.IsWindows()) return;
        using var folder = new TemporaryFolder();
        AppProcess app;
        using (Foreground.InBackground())
        {
            Assert.True(Foreground.IsIgnored(), "what is started now would ignore it");
            app = AppProcess.Launch(Settings(folder.Path));
            Assert.True(Foreground.IsIgnored(), "the tests themselves go on ignoring it");
        }

        await using (app)
        {
            await app.Address();
            Assert.Equal(0, await app.StopAsync("INT"));
        }
    }

    [Fact]
    public async Task A_second_copy_on_one_data_folder_ends_with_a_clear_error()
    {
        using var folder = new TemporaryFolder();
        await using var first = await AppProcess.StartAsync(Settings(folder.Path));
        await using var second = AppProcess.Launch(Settings(folder.Path));
        Assert.NotEqual(0, await second.ExitAsync());
        Assert.Contains($"Another ContactCenter is already using the data folder {folder.Path} (process {first.Id})", second.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Development_prints_the_demo_page_and_the_accounts()
    {
        using var folder = new TemporaryFolder();
        await using var app = await AppProcess.StartAsync(Settings(folder.Path, "Development"));
        await Eventually.Holds("the banner", () => app.Output.Contains("Contact-Center-1", StringComparison.Ordinal));
        Assert.Contains($"{(await app.Address()).GetLeftPart(UriPartial.Authority)}/demo", app.Output, StringComparison.Ordinal);
        Assert.Contains("lili@demo.local", app.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Production_prints_no_account()
    {
        using var folder = new TemporaryFolder();
        await using var app = await AppProcess.StartAsync(Settings(folder.Path));
        await Eventually.Holds("the banner", () => app.Output.Contains(folder.Path, StringComparison.Ordinal));
        Assert.DoesNotContain("demo.local", app.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_libraries_and_icons_are_served()
    {
        using var folder = new TemporaryFolder();
        await using var app = await AppProcess.StartAsync(Settings(folder.Path));
        using var http = new HttpClient { BaseAddress = await app.Address() };
        Assert.Contains("htmx", await http.GetStringAsync("lib/htmx.min.js"), StringComparison.Ordinal);
        Assert.Contains("id=\"send\"", await http.GetStringAsync("lib/icons.svg"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "/project", "/project/.data")]
    [InlineData("", "/project", "/project/.data")]
    [InlineData("elsewhere", "/project", "/project/elsewhere")]
    [InlineData("/var/lib/contactcenter", "/project", "/var/lib/contactcenter")]
    public void The_data_folder_is_resolved_from_the_content_root(string? configured, string root, string expected)
    {
        if (OperatingSystem.IsWindows()) return;
        using var folder = new TemporaryFolder();
        var content = folder.Path + root;
        Directory.CreateDirectory(content);
        Assert.Equal(expected.StartsWith("/project", StringComparison.Ordinal) ? folder.Path + expected : expected, DatabaseServer.DataDirectory(configured, content));
    }

    [Fact]
    public void Run_from_its_sources_the_data_lies_beside_the_project()
    {
        using var folder = new TemporaryFolder();
        var project = Directory.CreateDirectory(Path.Combine(folder.Path, "ContactCenter.Web")).FullName;
        File.WriteAllText(Path.Combine(project, "ContactCenter.Web.csproj"), "");
        Assert.Equal(Path.Combine(folder.Path, ".data"), DatabaseServer.DataDirectory(null, project));
    }

    private static Dictionary<string, string> Settings(string folder, string environment = "Production") => new(StringComparer.Ordinal)
    {
        ["ContactCenter__DataDirectory"] = folder,
        ["ASPNETCORE_ENVIRONMENT"] = environment,
    };

    private static string PidFile(string folder) => Path.Combine(folder, "postgres", "data", "postmaster.pid");
}
