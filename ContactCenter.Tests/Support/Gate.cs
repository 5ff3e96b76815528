using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ContactCenter.Tests.Support;

/// <summary>A way to a server at 127.0.0.1 that can be shut: then nobody gets through, and who was through is cut off.</summary>
public sealed class Gate : IDisposable
{
    private readonly int to;
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, bool> through = new();
    private volatile bool shut;

    public Gate(int to)
    {
        this.to = to;
        listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public void Shut()
    {
        shut = true;
        foreach (var socket in through.Keys) socket.Dispose();
    }

    public void Open() => shut = false;

    public void Dispose()
    {
        Shut();
        listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = CarryAsync(await listener.AcceptSocketAsync());
        }
        catch (Exception problem) when (problem is SocketException or ObjectDisposedException)
        {
            // The gate is no more.
        }
    }

    private async Task CarryAsync(Socket near)
    {
        using var far = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using (near)
        {
            (through[near], through[far]) = (true, true);
            try
            {
                if (shut) return;
                await far.ConnectAsync(IPAddress.Loopback, to);
                await Task.WhenAny(CopyAsync(near, far), CopyAsync(far, near));
            }
            catch (Exception problem) when (problem is SocketException or ObjectDisposedException)
            {
                // Cut off, or nobody behind it.
            }
            finally
            {
                through.TryRemove(near, out _);
                through.TryRemove(far, out _);
            }
        }
    }

    private static async Task CopyAsync(Socket from, Socket into)
    {
        await using var read = new NetworkStream(from);
        await using var write = new NetworkStream(into);
        try
        {
            await read.CopyToAsync(write);
        }
        catch (Exception problem) when (problem is IOException or ObjectDisposedException)
        {
            // One of them has gone.
        }
    }
}
