using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Tests.Rules;

/// <summary>What we build on is pinned to its bytes, and what is known to be vulnerable of it fails the build.</summary>
public sealed class AuditTests
{
    [Fact]
    public void Every_package_is_pinned_by_a_lock_file()
    {
        var versions = File.ReadAllText(Path.Combine(Sources.Root(), "Directory.Packages.props"));
        Assert.Empty(Regex.Matches(versions, "Version=\"(?<version>[^\"]*)\"", RegexOptions.NonBacktracking)
            .Select(match => match.Groups["version"].Value).Where(version => !Version.TryParse(version, out _)).Select(version => $"floats: {version}"));
        var projects = Directory.GetDirectories(Sources.Root(), "ContactCenter.*");
        Assert.True(projects.Length >= 4);
        foreach (var project in projects)
        {
            var file = Path.Combine(project, "packages.lock.json");
            Assert.True(File.Exists(file), $"{project} has no lock file");
            using var locked = JsonDocument.Parse(File.ReadAllText(file));
            var packages = locked.RootElement.GetProperty("dependencies").EnumerateObject().SelectMany(framework => framework.Value.EnumerateObject())
                .Where(each => each.Value.GetProperty("type").GetString() != "Project").ToList();
            Assert.NotEmpty(packages);
            Assert.Empty(packages.Where(each => !each.Value.TryGetProperty("contentHash", out _)).Select(each => $"no hash: {each.Name}"));
        }

        using var npm = JsonDocument.Parse(File.ReadAllText(Path.Combine(Sources.Root(), "package-lock.json")));
        using var asked = JsonDocument.Parse(File.ReadAllText(Path.Combine(Sources.Root(), "package.json")));
        var entries = npm.RootElement.GetProperty("packages").EnumerateObject().ToDictionary(each => each.Name, each => each.Value, StringComparer.Ordinal);
        Assert.Empty(entries.Where(each => each.Key.Length > 0 && !each.Value.GetProperty("integrity").GetString()!.StartsWith("sha512-", StringComparison.Ordinal)).Select(each => each.Key));
        foreach (var kind in (string[])["dependencies", "optionalDependencies", "devDependencies"])
            foreach (var package in asked.RootElement.GetProperty(kind).EnumerateObject())
                Assert.Equal(package.Value.GetString(), entries[$"node_modules/{package.Name}"].GetProperty("version").GetString());
    }

    [Fact]
    public async Task The_audit_fails_on_what_is_known_to_be_high_or_critical_and_tells_the_rest()
    {
        // Sources that know something of packages we have; dotnet and npm ask them as they ask their own.
        await using var source = await OpenAsync(
            """{ "hangfire.core": [{ "url": "https://advisories.example/1", "severity": 2, "versions": "(, 999.0.0)" }], "npgsql": [{ "url": "https://advisories.example/2", "severity": 1, "versions": "(, 999.0.0)" }] }""",
            """{ "htmx.org": [{ "id": 3, "url": "https://advisories.example/3", "title": "A hole", "severity": "critical", "vulnerable_versions": "<999.0.0" }] }""");
        var (status, said) = await AuditAsync(source.Urls.Single());
        Assert.Contains("NuGet: FAILED: high: Hangfire.Core", said);
        Assert.Contains("NuGet: moderate: Npgsql", said);
        Assert.Contains("npm: FAILED: critical: htmx.org", said);
        Assert.Equal(1, status);
    }

    [Fact]
    public async Task A_source_that_does_not_answer_or_knows_nothing_is_told_and_is_no_failure()
    {
        await using var source = await OpenAsync("{}", "not an answer");
        var (status, said) = await AuditAsync(source.Urls.Single());
        Assert.Contains("NuGet: no known vulnerability.", said);
        Assert.Contains("npm: NOT AUDITED.", said);
        Assert.Equal(0, status);
    }

    private static async Task<(int Status, string Said)> AuditAsync(string source)
    {
        var start = new ProcessStartInfo("node", ["bin/audit.mjs"]) { WorkingDirectory = Sources.Root(), RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["CC_AUDIT_NUGET"] = $"{source}/v3/index.json";
        start.Environment["CC_AUDIT_NPM"] = source + "/";
        start.Environment["CC_AUDIT_PROJECT"] = "ContactCenter.Web";
        using var audit = Process.Start(start)!;
        var said = await audit.StandardOutput.ReadToEndAsync();
        await audit.WaitForExitAsync();
        return (audit.ExitCode, said);
    }

    private static async Task<WebApplication> OpenAsync(string nuGet, string npm)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var site = builder.Build();
        // NuGet's protocol asks for an index, the list of the parts, and the parts; each address only once a version of it.
        var part = $"/v3/{Environment.TickCount64}.json";
        site.MapGet("/v3/index.json", context => Say(context, $$"""{ "version": "3.0.0", "resources": [{ "@id": "{{Here(context)}}/v3/list.json", "@type": "VulnerabilityInfo/6.7.0" }] }"""));
        site.MapGet("/v3/list.json", context => Say(context, $$"""[{ "@name": "base", "@id": "{{Here(context)}}{{part}}", "@updated": "2026-11-01T00:00:00Z" }]"""));
        site.MapGet(part, context => Say(context, nuGet));
        site.MapPost("/-/npm/v1/security/advisories/bulk", context => Say(context, npm));
        await site.StartAsync();
        return site;

        static string Here(HttpContext context) => $"http://{context.Request.Host}";

        static Task Say(HttpContext context, string json)
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(json);
        }
    }
}
