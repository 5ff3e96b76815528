using System.Net.Sockets;
using System.Text;
using ContactCenter.Tests.Support;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ContactCenter.Tests.Security;

/// <summary>Who holds a connection without saying anything, or sends too much, is cut off: real sockets, the limits of production.</summary>
public sealed class SlowTests(App app) : IClassFixture<App>
{
    private const string Post = "POST /sign-in HTTP/1.1\r\nHost: chat.example.com\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\n";

    [Fact]
    public async Task Whoever_dribbles_their_headers_or_their_body_is_cut_off_and_the_others_are_served()
    {
        var limits = app.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;
        Assert.True(limits.RequestHeadersTimeout <= TimeSpan.FromSeconds(15), $"{limits.RequestHeadersTimeout} for headers");
        Assert.NotNull(limits.MinRequestBodyDataRate);

        // A byte at every look, some fifty a second, until there is nobody to write to any more.
        var dribblers = await Task.WhenAll(
            DribbleAsync("GET /sign-in HTTP/1.1\r\nHost: chat.example.com\r\nX-Slow: ", 'a'),
            DribbleAsync(Post + "Form.Email=", 'a'),
            DribbleAsync("POST /chat/nobodys/messages HTTP/1.1\r\nHost: chat.example.com\r\nX-Visitor: x\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n1000\r\ntext=", 'a'),
            ServeOthersAsync());
        // With a word or without: the connection is gone.
        Assert.All(dribblers, answer => Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 4", StringComparison.Ordinal), answer));
    }

    [Fact]
    public async Task Too_many_or_too_large_headers_a_too_long_address_and_too_many_fields_are_refused()
    {
        Assert.StartsWith("HTTP/1.1 431", await SayAsync(Get("/sign-in", string.Concat(Enumerable.Range(0, 150).Select(n => $"X-{n}: a\r\n")))));
        Assert.StartsWith("HTTP/1.1 431", await SayAsync(Get("/sign-in", $"X-Large: {new string('a', 40_000)}\r\n")));
        Assert.StartsWith("HTTP/1.1 414", await SayAsync(Get("/sign-in?" + new string('a', 10_000), "")));

        using var browser = app.Open();
        (string, string?)[] credentials = [("Form.Email", Cast.Lili.Email), ("Form.Password", Person.Password)];
        Assert.Equal(422, (await browser.PostAsync("/sign-in", [.. credentials, .. Enumerable.Range(0, 2_000).Select(n => ($"f{n}", (string?)"x"))])).Status);
        Assert.Equal(422, (await browser.PostAsync("/sign-in", [.. credentials, (new string('k', 5_000), "x")])).Status);
        Assert.Equal(302, (await browser.PostAsync("/sign-in", credentials)).Status);
    }

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/password/recovery")]
    [InlineData("/chat/nobodys/conversation")]
    public async Task Nobody_fills_the_memory_with_a_form(string path)
    {
        // Announced: refused before it is sent. Not announced: read until it is too much.
        var large = $"Form.Email={new string('a', 2_000_000)}";
        Assert.Equal(413, await SendAsync(chunked: false));
        Assert.Equal(413, await SendAsync(chunked: true));

        async Task<int> SendAsync(bool chunked)
        {
            using var browser = app.Open();
            using var request = new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = new StringContent(large, Encoding.UTF8, "application/x-www-form-urlencoded"),
            };
            request.Headers.Add("RequestVerificationToken", await browser.TokenAsync());
            request.Headers.TransferEncodingChunked = chunked;
            request.Headers.ExpectContinue = true;
            return (await browser.SendAsync(request)).Status;
        }
    }

    private async Task<string> ServeOthersAsync()
    {
        using var browser = app.Open();
        Assert.Equal(200, (await browser.GetAsync("/sign-in")).Status);
        return "";
    }

    private async Task<string> DribbleAsync(string start, char drop)
    {
        using var client = await ConnectAsync(start);
        var stream = client.GetStream();
        var heard = ReadAsync(stream);
        await Eventually.Holds("who dribbles is cut off", async () =>
        {
            if (heard.IsCompleted) return true;
            try
            {
                await stream.WriteAsync(new[] { (byte)drop });
            }
            catch (IOException)
            {
                return true;
            }
            return false;
        }, seconds: 40);
        return await heard;
    }

    private async Task<string> SayAsync(string all)
    {
        using var client = await ConnectAsync(all);
        return await ReadAsync(client.GetStream());
    }

    private async Task<TcpClient> ConnectAsync(string start)
    {
        var client = new TcpClient();
        await client.ConnectAsync(app.Address.Host, app.Address.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(start));
        return client;
    }

    private static async Task<string> ReadAsync(NetworkStream stream)
    {
        try
        {
            using var reader = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
            return await reader.ReadToEndAsync();
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static string Get(string path, string headers) => $"GET {path} HTTP/1.1\r\nHost: chat.example.com\r\nConnection: close\r\n{headers}\r\n";
}
