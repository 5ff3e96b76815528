using ContactCenter.Channels.WebChat;

namespace ContactCenter.Tests.Channels.WebChat;

public sealed class AllowedOriginsTests
{
    [Theory]
    [InlineData("https://shop.example", "https://shop.example")]
    [InlineData("https://Shop.example", "https://shop.example")]
    [InlineData("https://shop.example:443", "https://shop.example")]
    [InlineData(" https://shop.example ", "https://shop.example")]
    [InlineData("https://shop.example:8443", "https://shop.example:8443")]
    [InlineData("http://127.0.0.1:*", "http://127.0.0.1:5123")]
    [InlineData("http://localhost:*", "http://localhost")]
    [InlineData("https://*.shop.example", "https://a.b.shop.example")]
    [InlineData("*", "https://anything.example")]
    public void A_page_of_a_listed_origin_may_embed_the_widget(string entry, string origin) =>
        Assert.True(AllowedOrigins.Allow(["https://other.example", entry], origin));

    [Theory]
    [InlineData("https://shop.example", "http://shop.example")]
    [InlineData("https://shop.example", "https://shop.example.evil.example")]
    [InlineData("https://shop.example", "https://evilshop.example")]
    [InlineData("https://shop.example", "https://shop.example:8443")]
    [InlineData("https://*.shop.example", "https://shop.example")]
    [InlineData("https://*.shop.example", "https://evilshop.example")]
    [InlineData("http://127.0.0.1:*", "http://127.0.0.2:80")]
    [InlineData("https://*", "https://shop.example")]
    [InlineData("https://shop.*", "https://shop.example")]
    [InlineData("*", "null")]
    [InlineData("*", "file:///x")]
    [InlineData("*", "")]
    public void Any_other_may_not(string entry, string origin) =>
        Assert.False(AllowedOrigins.Allow([entry], origin));

    [Fact]
    public void An_empty_list_allows_nobody() => Assert.False(AllowedOrigins.Allow([], "https://shop.example"));

    [Fact]
    public void The_header_names_this_server_and_the_list_and_nothing_that_could_break_out_of_it() =>
        Assert.Equal(
            ["'self'", "https://shop.example", "http://localhost:*", "https://*.a.example", "*"],
            AllowedOrigins.Sources(["https://shop.example", "http://localhost:*", "https://*.a.example", "*", "https://x.example; script-src *", "x", "https://a\r\nb", ""]));
}
