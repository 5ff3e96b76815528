using ContactCenter.Channels.WebChat;
using ContactCenter.Domain;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Time.Testing;

namespace ContactCenter.Tests.Channels.WebChat;

public sealed class VisitorTokenTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 10, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Start);
    private readonly EphemeralDataProtectionProvider _keys = new();
    private readonly VisitorToken _tokens;
    private readonly Guid _marta;
    private readonly Guid _sales;
    private readonly Guid _chat;

    public VisitorTokenTests()
    {
        _tokens = new(_keys, _clock);
        _marta = Ids.New(_clock);
        _sales = Ids.New(_clock);
        _chat = Ids.New(_clock);
    }

    [Fact]
    public void A_token_says_who_its_visitor_is() =>
        Assert.Equal(new Visitor(_marta, _sales, _chat, "pt", Start), _tokens.Read(_tokens.Issue(_marta, _sales, _chat, "pt"), _sales));

    [Fact]
    public void It_can_travel_in_a_header_and_a_hidden_field() =>
        Assert.Matches("^[A-Za-z0-9_-]{100,300}$", _tokens.Issue(_marta, _sales, _chat, "es"));

    [Fact]
    public void Another_campaigns_token_is_nobodys() =>
        Assert.Null(_tokens.Read(_tokens.Issue(_marta, _sales, _chat, "es"), Ids.New(_clock)));

    [Fact]
    public void A_token_of_another_server_is_nobodys()
    {
        using var other = new VisitorToken(new EphemeralDataProtectionProvider(), _clock);
        Assert.Null(_tokens.Read(other.Issue(_marta, _sales, _chat, "es"), _sales));
    }

    [Fact]
    public void Something_sealed_for_another_purpose_is_nobodys()
    {
        var other = System.Buffers.Text.Base64Url.EncodeToString(_keys.CreateProtector("other").Protect(new byte[58]));
        Assert.Null(_tokens.Read(other, Guid.Empty));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("not a token!")]
    [InlineData("ñandú")]
    public void Rubbish_is_nobodys(string? token) => Assert.Null(_tokens.Read(token, _sales));

    [Fact]
    public void A_token_changed_in_any_place_is_nobodys()
    {
        var token = _tokens.Issue(_marta, _sales, _chat, "es");
        Assert.NotNull(_tokens.Read(token, _sales));
        for (var i = 0; i < token.Length; i++)
            Assert.Null(_tokens.Read(string.Concat(token.AsSpan(0, i), token[i] == 'A' ? "B" : "A", token.AsSpan(i + 1)), _sales));
        Assert.Null(_tokens.Read(new string('A', 100_000), _sales));
    }

    [Fact]
    public void A_token_is_spelled_in_one_way_only()
    {
        var token = _tokens.Issue(_marta, _sales, _chat, "es");
        string[] others =
        [
            $" {token}", $"{token} ", $"{token[..20]} {token[20..]}", $"{token[..20]}\t{token[20..]}", $"{token[..20]}\r\n{token[20..]}",
            $"{token}=", $"{token}==", $"{token}===", $"{token}%3D", token.Replace('-', '+').Replace('_', '/') + "=", $"{token},{token}", $"\"{token}\"",
        ];
        Assert.All(others, other => Assert.Null(_tokens.Name(other)));
        Assert.All(others, other => Assert.Null(_tokens.Read(other, _sales)));
        Assert.NotNull(_tokens.Name(token));
    }

    [Fact]
    public void It_expires_and_who_comes_back_in_time_gets_a_new_one()
    {
        var token = _tokens.Issue(_marta, _sales, _chat, "es");
        Assert.Null(_tokens.Renew(_tokens.Read(token, _sales)!));

        _clock.Advance(VisitorToken.Lifetime - TimeSpan.FromMinutes(1));
        var renewed = _tokens.Renew(_tokens.Read(token, _sales)!);
        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Null(_tokens.Read(token, _sales));
        Assert.Equal(_marta, _tokens.Read(renewed, _sales)!.ContactId);
    }

    public void Dispose() => _tokens.Dispose();
}
