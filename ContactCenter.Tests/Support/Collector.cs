using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Tests.Support;

/// <summary>What listens for OTLP over HTTP on 127.0.0.1 and keeps what it is sent.</summary>
public sealed class Collector : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Signal, byte[] Body)> received = new();
    private readonly WebApplication host;

    private Collector(WebApplication host) => this.host = host;

    public string Address => host.Urls.First();

    public static async Task<Collector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var web = builder.Build();
        var collector = new Collector(web);
        web.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            if (request.ContentType == "application/x-protobuf") collector.received.Enqueue((signal, body.ToArray()));
            return Results.Ok();
        });
        await web.StartAsync();
        return collector;
    }

    /// <summary>All of one signal: the strings in protocol buffers stand there as they are.</summary>
    public string Of(string signal) =>
        string.Concat(received.Where(each => each.Signal == signal).Select(each => Encoding.UTF8.GetString(each.Body)));

    public async ValueTask DisposeAsync() => await host.DisposeAsync();
}
