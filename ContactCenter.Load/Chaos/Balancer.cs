using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ContactCenter.Load.Chaos;

/// <summary>HAProxy in front of the nodes, from a configuration in the run's own folder; it gives up root where it has it.</summary>
sealed class Balancer : IAsyncDisposable
{
    readonly Process haproxy;
    readonly string admin;

    Balancer(Process haproxy, string admin) => (this.haproxy, this.admin) = (haproxy, admin);

    public static async Task<Balancer> Start(string folder, Uri address, IReadOnlyList<Uri> nodes)
    {
        var (file, socket) = (Path.Combine(folder, "haproxy.cfg"), Path.Combine(folder, "haproxy.sock"));
        await File.WriteAllTextAsync(file, Configuration(address, nodes, socket));
        var start = new ProcessStartInfo("/bin/sh", ["-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1", "sh", Path.Combine(folder, "haproxy.log"), Program(), "-db", "-f", file]);
        var process = Process.Start(start) ?? throw new InvalidOperationException("HAProxy did not start.");
        var balancer = new Balancer(process, socket);
        using var http = Browser.Open(address);
        for (var patience = 0; ; patience++)
        {
            if (process.HasExited || patience == 200)
                throw new InvalidOperationException($"HAProxy does not answer; see {folder}/haproxy.log.");
            try
            {
                using var answer = await http.GetAsync("/health/live");
                if (answer.IsSuccessStatusCode) return balancer;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            await Task.Delay(50);
        }
    }

    /// <summary>Drops every connection to a node, in the middle of whatever it carries.</summary>
    public async Task Cut(int node)
    {
        using var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await connection.ConnectAsync(new UnixDomainSocketEndPoint(admin));
        await connection.SendAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"shutdown sessions server nodes/node{node}\n")));
        // It closes when it has done so.
        await connection.ReceiveAsync(new byte[256]);
    }

    public async ValueTask DisposeAsync()
    {
        if (!haproxy.HasExited) haproxy.Kill();
        await haproxy.WaitForExitAsync();
        haproxy.Dispose();
    }

    // Debian keeps it where only root looks.
    static string Program() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Concat(["/usr/sbin", "/usr/local/sbin"])
            .Select(folder => Path.Combine(folder, "haproxy")).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("HAProxy is not installed (Debian's package haproxy).");

    // The check asks whether the process answers and not whether its database does: were that away, every node would be
    // out, and coming back would take a check longer than it must. A node that stands still is given up within three
    // seconds, with the streams that hang on it.
    static string Configuration(Uri address, IReadOnlyList<Uri> nodes, string socket) => $"""
        global
          maxconn 4000
          {(Environment.IsPrivilegedProcess ? "user nobody\n  group nogroup" : "")}
          stats socket {socket} mode 600 level admin
        defaults
          mode http
          option forwardfor
          option redispatch 1
          retries 3
          timeout connect 1s
          timeout client 60s
          timeout server 60s
          timeout check 1s
          default-server check inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions
        frontend site
          bind {address.Authority}
          default_backend nodes
        backend nodes
          balance roundrobin
          option httpchk GET /health/live
        {string.Join('\n', nodes.Select((node, n) => $"  server node{n} {node.Authority}"))}

        """;
}
