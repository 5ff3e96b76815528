using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using ContactCenter.Hosting;

namespace ContactCenter.Realtime;

/// <summary>Writes server-sent events (WHATWG HTML, "Server-sent events") to a response.</summary>
public sealed class EventStream(HttpContext context)
{
    private readonly PipeWriter body = context.Response.BodyWriter;
    private readonly CancellationToken left = context.SenderGone();

    /// <summary>
    /// What was asked has been read: for as long as the stream lives nobody needs the request's headers any more, and of
    /// thousands of streams they are megabytes.
    /// </summary>
    private void LetRequestGo() => context.Request.Headers.Clear();

    /// <summary>The place after which the viewer wants the log: its Last-Event-ID, or what the page it loaded shows.</summary>
    public static int Position(HttpContext context) =>
        int.TryParse(context.Request.Headers["Last-Event-ID"], out var last) && last >= 0 ? last
        : int.TryParse(context.Request.Query["after"], out var after) && after >= 0 ? after
        : 0;

    public ValueTask<FlushResult> OpenAsync()
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        // Proxies that buffer would hold events back.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        Write(":\n\n");
        LetRequestGo();
        return FlushAsync();
    }

    public void Frame(byte[] frame) => body.Write(frame);

    public void Event(string name, string data = "") => Write($"event: {name}\ndata: {data}\n\n");

    public void Heartbeat() => Write(":\n\n");

    public ValueTask<FlushResult> FlushAsync() => body.FlushAsync(left);

    private void Write(string text) => body.Write(Encoding.UTF8.GetBytes(text));
}
