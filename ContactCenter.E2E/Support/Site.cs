using System.Globalization;
using ContactCenter.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ContactCenter.E2E.Support;

/// <summary>
/// A web site of several pages that is built as sites are: with Turbo, with htmx, with a router of its own and view transitions, or
/// plainly. Its pages have the widget's script in their head or at the end of their body.
/// </summary>
public sealed class Site : IAsyncDisposable
{
    // What frameworks do: bodies are replaced, copies of those before come back, scripts in them run again.
    private const string Router = """
        const kept = new Map();
        let at = location.href;
        function show(body) {
          for (const old of body.querySelectorAll('script')) {
            const script = document.createElement('script');
            for (const { name, value } of old.attributes) script.setAttribute(name, value);
            old.replaceWith(script);
          }
          kept.set(at, document.body.cloneNode(true));
          at = location.href;
          return document.startViewTransition(() => document.body.replaceWith(body)).finished;
        }
        document.addEventListener('click', async event => {
          const link = event.target.closest('a');
          if (!link) return;
          event.preventDefault();
          const page = new DOMParser().parseFromString(await (await fetch(link.href)).text(), 'text/html');
          history.pushState({}, '', link.href);
          await show(document.adoptNode(page.body));
        });
        addEventListener('popstate', () => show(kept.get(location.href).cloneNode(true)));
        """;

    private static readonly string Modules = Path.Combine(Repository.Root, "node_modules");
    private readonly WebApplication host;

    private Site(WebApplication host) => this.host = host;

    public static async Task<Site> OpenAsync(Uri application)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var site = builder.Build();
        var origin = application.GetLeftPart(UriPartial.Authority);
        site.MapGet("/turbo.js", () => Script(File.ReadAllText(Path.Combine(Modules, "@hotwired", "turbo", "dist", "turbo.es2017-umd.js"))));
        site.MapGet("/htmx.js", () => Script(File.ReadAllText(Path.Combine(Modules, "htmx.org", "dist", "htmx.min.js"))));
        site.MapGet("/router.js", () => Script(Router));
        site.MapGet("/{kind}/{place}/{page:int}", (string kind, string place, int page) =>
        {
            var library = kind == "plain" ? "" : $"<script src=\"/{kind}.js\" defer></script>";
            return Page($"Page {page}", library + (place == "head" ? Widget() : ""), $"""
                <nav><a href="/{kind}/{place}/1">One</a> <a href="/{kind}/{place}/2">Two</a></nav>
                <h1>Page {page}</h1>
                {(place == "body" ? Widget() : "")}
                """, kind == "htmx" ? "hx-boost:inherited=\"true\"" : "");
        });
        // A page that is the site's own affair: what it does is in the test.
        site.MapGet("/odd", (string? head, string? body) => Page("Odd", Filled(head), $"<h1>Odd</h1>{Filled(body)}"));
        await site.StartAsync();
        return new Site(site);

        string Filled(string? text) => (text ?? "").Replace("{widget}", $"{origin}/widget.js", StringComparison.Ordinal);

        string Widget() => Filled(Shop.Tag());
    }

    public Uri Address(string kind, string place, int page) => In(string.Create(CultureInfo.InvariantCulture, $"{kind}/{place}/{page}"));

    /// <summary>A page with this in it, <c>{widget}</c> being the script's address.</summary>
    public Uri Odd(string head = "", string body = "") => In($"odd?head={Uri.EscapeDataString(head)}&body={Uri.EscapeDataString(body)}");

    public ValueTask DisposeAsync() => host.DisposeAsync();

    private Uri In(string path) => new($"http://localhost:{new Uri(host.Urls.Single()).Port}/{path}");

    private static IResult Script(string text) => Results.Text(text, "text/javascript");

    private static IResult Page(string title, string head, string body, string attributes = "") => Results.Text($"""
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><title>{title}</title><link rel="icon" href="data:,">{head}</head>
        <body {attributes}>{body}</body>
        </html>
        """, "text/html");
}
