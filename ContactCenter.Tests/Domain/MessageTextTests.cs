using ContactCenter.Domain;

namespace ContactCenter.Tests.Domain;

public sealed class MessageTextTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  \r\n\t ")]
    [InlineData("\u200B\uFEFF\u200D")]
    [InlineData("\u202E\u2066")]
    public void A_message_nobody_could_see_is_empty(string? raw) =>
        Assert.Equal(MessageTextProblem.Empty, MessageText.Clean(raw).Problem);

    [Theory]
    [InlineData("a\0b")]
    [InlineData("a\u0007b")]
    [InlineData("a\u001B[31mb")]
    [InlineData("a\u007Fb")]
    [InlineData("a\u0085b")]
    public void Control_characters_are_refused(string raw) =>
        Assert.Equal(MessageTextProblem.NotText, MessageText.Clean(raw).Problem);

    [Fact]
    public void Half_a_character_is_refused()
    {
        // Not in attributes: those are stored as UTF-8, which cannot hold them.
        foreach (var raw in new[] { "half \uD83D pair", "half pair \uDE00", "\uD83D", "\uDE00\uD83D" })
            Assert.Equal(MessageTextProblem.NotText, MessageText.Clean(raw).Problem);
    }

    [Fact]
    public void The_longest_message_is_accepted_and_one_more_character_is_not()
    {
        Assert.Equal(MessageText.MaxLength, MessageText.Clean(new string('x', MessageText.MaxLength)).Value!.Length);
        Assert.Equal(MessageTextProblem.TooLong, MessageText.Clean(new string('x', MessageText.MaxLength + 1)).Problem);
        Assert.Equal(MessageTextProblem.TooLong, MessageText.Clean(new string('x', 100_000)).Problem);
    }

    [Theory]
    [InlineData("  hola \r\n", "hola")]
    [InlineData("a\r\nb\rc\u2028d\te", "a\nb\nc\nd\te")]
    [InlineData("invoice\u202Efdp.exe", "invoicefdp.exe")]
    [InlineData("\u2067abc\u2069", "abc")]
    [InlineData("שלום 👩🏽‍💻 🇺🇾", "שלום 👩🏽‍💻 🇺🇾")]
    public void What_is_stored_is_plain_text_in_one_form(string raw, string stored) =>
        Assert.Equal(new CleanText(stored, null), MessageText.Clean(raw));

    [Theory]
    [InlineData("<script>alert('x')</script> & \"co\"", "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;co&quot;")]
    [InlineData("before *Friday* _please_ ~now~", "before <b>Friday</b> <i>please</i> <s>now</s>")]
    [InlineData("*all _of ~it~_*", "<b>all <i>of <s>it</s></i></b>")]
    [InlineData("(*yes*), _ok_!", "(<b>yes</b>), <i>ok</i>!")]
    [InlineData("3 * 4 * 5 and snake_case_name and a*b*c", "3 * 4 * 5 and snake_case_name and a*b*c")]
    [InlineData("* list\n* list", "* list<br>* list")]
    [InlineData("a\n\n*b*\nc", "a<br><br><b>b</b><br>c")]
    [InlineData("*open\nclosed*", "*open<br>closed*")]
    [InlineData("** __ ~~", "** __ ~~")]
    [InlineData("*<b>*", "<b>&lt;b&gt;</b>")]
    [InlineData("😀 *😀*", "😀 <b>😀</b>")]
    [InlineData("javascript://alert(1)", "javascript://alert(1)")]
    public void Marks_become_tags_and_everything_else_is_escaped(string text, string html) =>
        Assert.Equal(html, MessageText.ToHtml(text));

    [Theory]
    [InlineData("https://a.example/x_y_z?a=1&b=2.", "https://a.example/x_y_z?a=1&amp;b=2", ".")]
    [InlineData("http://a.example/(x)", "http://a.example/(x)", "")]
    [InlineData("http://a.example/'onclick='", "http://a.example/&#39;onclick=", "&#39;")]
    public void Addresses_become_links(string text, string url, string rest) =>
        Assert.Equal($"<a href=\"{url}\" target=\"_blank\" rel=\"noopener noreferrer nofollow ugc\">{url}</a>{rest}", MessageText.ToHtml(text));

    [Fact]
    public void A_link_in_brackets_and_bold_text_beside_it()
    {
        var html = MessageText.ToHtml("see (https://a.example/b) *now*");
        Assert.StartsWith("see (<a href=\"https://a.example/b\"", html);
        Assert.EndsWith("</a>) <b>now</b>", html);
    }

    [Theory]
    [InlineData("a *b* _c_\n\nd", 40, "a b c d")]
    [InlineData("*_both_*", 40, "both")]
    [InlineData("abcdefgh", 5, "abcd…")]
    [InlineData("abc😀efgh", 5, "abc…")]
    public void A_preview_is_one_line_without_marks(string text, int length, string plain) =>
        Assert.Equal(plain, MessageText.ToPlain(text, length));

    [Theory]
    [InlineData(" Marta \n Rodríguez\u202E ", "Marta Rodríguez")]
    [InlineData("\u0001", null)]
    [InlineData("12345678901", null)]
    public void A_line_is_one_line(string raw, string? line) =>
        Assert.Equal(line, MessageText.CleanLine(raw, line is null ? 10 : 80));

    [Fact]
    public void A_message_made_of_marks_takes_no_longer_than_any_other()
    {
        var hostile = new[] { "*a", "_ *", "~*_", "http://", "*a_b~c " };
        var clock = System.Diagnostics.Stopwatch.StartNew();
        foreach (var part in hostile)
            MessageText.ToHtml(string.Concat(Enumerable.Repeat(part, MessageText.MaxLength / part.Length)));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(2), $"took {clock.Elapsed}");
    }
}
