using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ContactCenter.E2E.Support;

/// <summary>
/// Somebody else's web site with the widget on its page: another origin and, being called by another name than the
/// application, another site. It allows the widget's host in its policy and nothing else, as the README tells it to.
/// </summary>
public sealed class Shop : IAsyncDisposable
{
    /// <summary>The demo's first campaign.</summary>
    public const string Sales = "demo-sales";

    private readonly WebApplication host;
    private readonly int port;

    private Shop(WebApplication host)
    {
        this.host = host;
        port = new Uri(host.Urls.Single()).Port;
    }

    /// <summary>Where the demo's campaigns may be embedded.</summary>
    public Uri Address => new($"http://localhost:{port}/");

    /// <summary>The same shop under a name that no campaign allows; the browser is told where it is.</summary>
    public Uri Elsewhere => new($"http://{Browser.Elsewhere}:{port}/");

    /// <summary>The widget's tag as the README has it, with an address to be filled in.</summary>
    public static string Tag(string campaign = Sales, string attributes = "async") =>
        $"<script src=\"{{widget}}\" data-campaign=\"{campaign}\" {attributes}></script>";

    public static async Task<Shop> OpenAsync(Uri application, string campaign = Sales)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var site = builder.Build();
        var origin = application.GetLeftPart(UriPartial.Authority);
        site.MapGet("/", context =>
        {
            context.Response.ContentType = "text/html; charset=utf-8";
            context.Response.Headers.ContentSecurityPolicy = $"default-src 'none'; script-src {origin}; frame-src {origin}; img-src data:";
            return context.Response.WriteAsync($"""
                <!doctype html>
                <html lang="en">
                <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Shoes</title><link rel="icon" href="data:,"></head>
                <body>
                  <main><h1>Shoes</h1><p>Walk softly.</p></main>
                  <script src="{origin}/widget.js" data-campaign="{campaign}" async></script>
                  <noscript><a href="{origin}/chat/{campaign}">Chat with us</a></noscript>
                </body>
                </html>
                """);
        });
        await site.StartAsync();
        return new Shop(site);
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();
}
