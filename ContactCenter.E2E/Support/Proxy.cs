using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ContactCenter.Tests.Operations;
using ContactCenter.Tests.Support;

namespace ContactCenter.E2E.Support;

/// <summary>Caddy in front of an installation, with TLS and HTTP/2, configured as <c>docs/operations.md</c> says.</summary>
public sealed class Proxy : IAsyncDisposable
{
    private readonly Process process;
    private readonly DirectoryInfo folder;

    private Proxy(Process process, DirectoryInfo folder, Uri address) => (this.process, this.folder, Address) = (process, folder, address);

    public Uri Address { get; }

    /// <param name="example">The words in the handbook after which its configuration stands.</param>
    public static async Task<Proxy> StartAsync(string example, IReadOnlyList<Node> nodes)
    {
        var place = Directory.CreateTempSubdirectory("contactcenter-proxy-");
        var port = FreePort();
        var site = Handbook.Block(example).Replace("chat.example.com", $"localhost:{port}", StringComparison.Ordinal);
        string[] names = nodes.Count == 1 ? ["127.0.0.1:5080"] : [.. nodes.Select((_, at) => $"10.0.0.{at + 11}:5080")];
        foreach (var (name, node) in names.Zip(nodes))
        {
            Assert.Contains(name, site, StringComparison.Ordinal);
            site = site.Replace(name, node.Address.Authority, StringComparison.Ordinal);
        }

        // What a machine of one's own differs in: a certificate of nobody's, one address, no other port, and no waiting for who stays.
        const string here = "{\n\tgrace_period 1s\n\tadmin off\n\tdefault_bind 127.0.0.1\n\tskip_install_trust\n\tlocal_certs\n\tauto_https disable_redirects\n}\n";
        var file = Path.Combine(place.FullName, "Caddyfile");
        await File.WriteAllTextAsync(file, here + site);
        var start = new ProcessStartInfo(Path.Combine(await Shell.BorrowAsync("caddy", "-", "caddy"), "caddy"), ["run", "--config", file])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        foreach (var name in (string[])["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"]) start.Environment[name] = place.FullName;
        var caddy = Process.Start(start)!;
        // Its log is read, or it would wait for somebody to do so.
        caddy.ErrorDataReceived += (_, _) => { };
        caddy.BeginErrorReadLine();
        var proxy = new Proxy(caddy, place, new Uri($"https://localhost:{port}/"));
        using var http = Open(HttpVersion.Version20);
        await Eventually.Holds("the proxy answers", async () =>
        {
            Assert.False(caddy.HasExited, "the proxy ended");
            try
            {
                using var answer = await http.GetAsync(new Uri(proxy.Address, "/health/ready"));
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
        return proxy;
    }

    /// <summary>A client that speaks exactly this version, on one connection as a browser does, and knows Caddy's own authority.</summary>
    public static HttpClient Open(Version version) => new(new SocketsHttpHandler
    {
        CookieContainer = new CookieContainer(),
        AllowAutoRedirect = false,
        SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Issuer.Contains("Caddy Local Authority", StringComparison.Ordinal) == true },
    })
    {
        DefaultRequestVersion = version,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    public async ValueTask DisposeAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"])) await kill.WaitForExitAsync();
        await process.WaitForExitAsync();
        process.Dispose();
        folder.Delete(recursive: true);
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
