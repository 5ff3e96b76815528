using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;

namespace ContactCenter.Hosting;

/// <summary>The database of this application: the one named in the configuration, or an embedded one.</summary>
public static class DatabaseServer
{
    /// <summary>
    /// Makes <c>ConnectionStrings:Postgres</c> and an absolute <c>ContactCenter:DataDirectory</c> available to
    /// everything added after it. Dispose the answer after the application has stopped: it stops an embedded server.
    /// </summary>
    public static async Task<IAsyncDisposable> AddDatabaseServer(this WebApplicationBuilder builder)
    {
        // Also from the build folder in Production, where the SDK would look for them in Development only.
        builder.WebHost.UseStaticWebAssets();
        UseDefaultAddress(builder);
        builder.Services.AddHostedService<StartupBanner>();
        var configuration = builder.Configuration;
        var folder = DataDirectory(configuration["ContactCenter:DataDirectory"], builder.Environment.ContentRootPath);
        configuration["ContactCenter:DataDirectory"] = folder;
        if (configuration.GetConnectionString("Postgres") is { Length: > 0 }) return new GivenServer();
        var server = await EmbeddedPostgres.StartAsync(folder, new EmbeddedPostgresOptions(configuration["ContactCenter:PostgresBinaries"]));
        configuration["ConnectionStrings:Postgres"] = server.ConnectionString();
        builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<DatabaseKeeper>(services, server));
        return server;
    }

    // Beside the project when run from its sources, so the data lies at the root of the repository.
    internal static string DataDirectory(string? configured, string contentRoot)
    {
        var root = Directory.EnumerateFiles(contentRoot, "*.csproj").Any() ? Path.Combine(contentRoot, "..") : contentRoot;
        var beside = Path.GetFullPath(string.IsNullOrEmpty(configured) ? ".data" : configured, Path.GetFullPath(root));
        return string.IsNullOrEmpty(configured) && Environment.IsPrivilegedProcess && OperatingSystem.IsLinux() && !OthersCanEnter(beside)
            ? SystemFolder(beside)
            : beside;
    }

    // The server's unprivileged user must get into the folder, and root's own home lets nobody in.
    [SupportedOSPlatform("linux")]
    private static bool OthersCanEnter(string folder)
    {
        for (var at = new DirectoryInfo(folder).Parent; at is not null; at = at.Parent)
            if (!at.UnixFileMode.HasFlag(UnixFileMode.OtherExecute)) return false;
        return true;
    }

    // One for each copy of the application, so that two of them do not meet.
    private static string SystemFolder(string beside)
    {
        var place = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(beside)))[..8];
        return $"/var/lib/contactcenter-{place}";
    }

    // Only when nobody chose: appsettings would win over ASPNETCORE_URLS.
    private static void UseDefaultAddress(WebApplicationBuilder builder)
    {
        string[] choices = ["urls", "http_ports", "https_ports"];
        if (choices.Any(key => builder.Configuration[key] is { Length: > 0 })
            || builder.Configuration.GetSection("Kestrel:Endpoints").GetChildren().Any())
        {
            return;
        }

        builder.WebHost.UseUrls("http://127.0.0.1:5080");
    }

    private sealed class GivenServer : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
