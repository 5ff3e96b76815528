using System.Net.Http.Headers;
using ContactCenter.Tests.Support;

namespace ContactCenter.Tests.Hosting;

public sealed class CompressionTests(App app) : IClassFixture<App>
{
    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task Pages_go_out_compressed_for_whoever_reads_it(string encoding)
    {
        using var http = new HttpClient { BaseAddress = app.Address };
        using var plain = await http.GetAsync(new Uri("/sign-in", UriKind.Relative));
        http.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue(encoding));
        using var packed = await http.GetAsync(new Uri("/sign-in", UriKind.Relative));

        Assert.Empty(plain.Content.Headers.ContentEncoding);
        Assert.Equal([encoding], packed.Content.Headers.ContentEncoding);
        Assert.True((await packed.Content.ReadAsByteArrayAsync()).Length < (await plain.Content.ReadAsByteArrayAsync()).Length);
    }

    [Fact]
    public async Task What_is_written_is_answered_as_it_is()
    {
        using var http = new HttpClient { BaseAddress = app.Address };
        http.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue("br"));
        using var answer = await http.PostAsync(new Uri("/sign-in", UriKind.Relative), new FormUrlEncodedContent([]));
        Assert.Empty(answer.Content.Headers.ContentEncoding);
    }
}
