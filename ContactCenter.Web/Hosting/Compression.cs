using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;

namespace ContactCenter.Hosting;

/// <summary>
/// Pages and fragments go out compressed; static files are so already, and event streams never are. Only what is read: the
/// answers to what is written are small and on the hot path. Over TLS too: the one secret in a page, the antiforgery token,
/// is masked anew in each answer, so that lengths tell nothing about it (BREACH).
/// </summary>
public static class Compression
{
    public static IServiceCollection AddCompression(this IServiceCollection services) => services
        .AddResponseCompression(options =>
        {
            options.EnableForHttps = true;
            options.MimeTypes = ["text/html"];
            options.Providers.Add<BrotliCompressionProvider>();
            options.Providers.Add<GzipCompressionProvider>();
        })
        .Configure<BrotliCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest)
        .Configure<GzipCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);

    public static void UseCompression(this WebApplication app) =>
        app.UseWhen(context => IsRead(context.Request), read => read.UseResponseCompression());

    // A stream would keep the wrapping of its body for as long as it lives.
    private static bool IsRead(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Path.Value?.EndsWith("/stream", StringComparison.Ordinal) != true;
}
