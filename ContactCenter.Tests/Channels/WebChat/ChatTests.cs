using System.Net.Http.Headers;
using System.Text;
using ContactCenter.Channels.WebChat;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using static ContactCenter.Tests.Support.Cast;

namespace ContactCenter.Tests.Channels.WebChat;

public sealed class ChatTests(ChatApp app) : IClassFixture<ChatApp>
{
    [Theory]
    [InlineData("en", "", "Start the chat")]
    [InlineData("en", "?lang=pt", "Iniciar o chat")]
    [InlineData("es-UY", "", "Iniciar el chat")]
    [InlineData("fr", "", "Start the chat")]
    public async Task The_form_is_in_the_visitors_language(string browserLanguage, string query, string expected)
    {
        using var browser = app.Open().Language(browserLanguage);
        var page = await browser.GetAsync("/chat/sales" + query);
        Assert.Equal(200, page.Status);
        Assert.Contains(expected, page.Text);
        Assert.Equal("", page.Header("Set-Cookie"));
    }

    [Fact]
    public async Task Only_the_listed_sites_may_embed_it()
    {
        Assert.Equal(200, (await FrameAsync("https://shop.example/")).Status);
        Assert.Contains("frame-ancestors 'self' https://shop.example;", (await FrameAsync("https://shop.example/")).Header("Content-Security-Policy"));

        var refused = await FrameAsync("https://evil.example/");
        Assert.Equal(403, refused.Status);
        Assert.Contains("allowed origins", refused.Text);
        Assert.DoesNotContain("<form", refused.Text);

        async Task<Answer> FrameAsync(string referer)
        {
            using var browser = app.Open();
            browser.Headers.Add("Sec-Fetch-Dest", "iframe");
            browser.Headers.Add("Sec-Fetch-Site", "cross-site");
            browser.Headers.Referrer = new Uri(referer);
            return await browser.GetAsync("/chat/sales");
        }
    }

    [Fact]
    public async Task Each_campaign_says_for_itself_who_may_frame_it_and_a_wrong_origin_cannot_end_the_policy()
    {
        await app.WithAsync<Database>(async database =>
        {
            var support = database.Campaigns.Single(campaign => campaign.Key == "support");
            support.Settings.AllowedOrigins = ["https://help.example", "https://x.example; script-src *"];
            await database.SaveChangesAsync();
        });
        using var browser = app.Open();
        await Eventually.Holds("support is framed by its own site", async () => Ancestors(await browser.GetAsync("/chat/support")) == "'self' https://help.example");
        Assert.Equal("'self' https://shop.example", Ancestors(await browser.GetAsync("/chat/sales")));
        Assert.Equal("'none'", Ancestors(await browser.GetAsync("/sign-in")));
        Assert.Equal("", (await browser.GetAsync("/chat/sales")).Header("X-Frame-Options"));

        static string Ancestors(Answer page) => page.Header("Content-Security-Policy").Split(';')
            .Select(directive => directive.Trim()).Single(directive => directive.StartsWith("frame-ancestors ", StringComparison.Ordinal))["frame-ancestors ".Length..];
    }

    [Fact]
    public async Task Marta_starts_and_waits_at_her_place()
    {
        using var marta = app.Visit();
        var pane = await marta.StartAsync(Marta, "Hola, *ayuda*");
        Assert.Equal(200, pane.Status);
        Assert.NotNull(marta.Token);
        Assert.Contains("data-stage=\"waiting\"", pane.Text);
        Assert.Contains("Hola Marta Rodr", pane.Text);
        Assert.Contains("Hola, <b>ayuda</b>", pane.Text);
        Assert.Contains("Salir de la cola", pane.Text);
        Assert.Contains("Hola, <b>ayuda</b>", (await marta.PaneAsync()).Text);
    }

    [Fact]
    public async Task Starting_twice_with_one_id_is_starting_once()
    {
        using var marta = app.Visit();
        var id = ChatFrame.NewId();
        var both = await Task.WhenAll(marta.StartAsync(Marta, "uno", id), marta.StartAsync(Marta, "uno", id));
        Assert.All(both, answer => Assert.Equal(200, answer.Status));
        var key = StartProof.KeyOf(id, marta.Proof);
        Assert.Equal(1, await app.WithAsync<Database, int>(database => database.Conversations.CountAsync(c => c.StartKey == key)));
        Assert.Equal(1, await app.WithAsync<Database, int>(database => database.Messages.CountAsync(m => m.ConversationId
            == database.Conversations.Single(c => c.StartKey == key).Id && m.Text == "uno")));
    }

    [Theory]
    [InlineData("name", " ", "Indícanos tu nombre")]
    [InlineData("name", "a\u0007b", "Contiene caracteres")]
    [InlineData("email", "", "Indícanos tu correo")]
    [InlineData("email", "marta@", "no es un correo")]
    [InlineData("phone", "call me", "no es un número")]
    [InlineData("text", "\u0001", "Contiene caracteres")]
    [InlineData("id", "no uuid", "start")]
    public async Task A_form_with_something_wrong_says_what_and_starts_nothing(string field, string value, string expected)
    {
        using var marta = app.Visit();
        var before = await app.CountAsync();
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["id"] = ChatFrame.NewId().ToString(),
            ["name"] = Marta.Name,
            ["email"] = Marta.Email,
            ["language"] = "es",
            [field] = value,
        };
        var answer = await marta.PostAsync("conversation", [.. fields.Select(pair => (pair.Key, (string?)pair.Value))]);
        Assert.Equal(422, answer.Status);
        Assert.Contains(expected, System.Net.WebUtility.HtmlDecode(answer.Text));
        Assert.Null(marta.Token);
        Assert.Equal(before, await app.CountAsync());
    }

    [Fact]
    public async Task Without_scripts_whatever_is_sent_leads_to_the_newest_message()
    {
        using var marta = app.Open().Language("es");
        var start = await marta.GetAsync("/chat/sales");
        var waiting = await marta.PostWithoutTokenAsync("/chat/sales/start", ("id", ChatFrame.Field(start.Text, "id")),
            ("name", Marta.Name), ("email", Marta.Email), ("language", "es"), ("text", "hola"));
        foreach (var (page, form) in ((Answer, string)[])[
            (start, "/start"), (waiting, "?handler=Send"), (waiting, "?handler=Refresh"), (waiting, "?handler=Leave&")])
            Assert.Contains("#newest", page.Text.Split($"action=\"/chat/sales{form}")[1].Split('"')[0]);
        Assert.Equal(2, waiting.Text.Split("id=\"newest\"").Length);
        Assert.Contains("id=\"newest\"", waiting.Text.Split("hola")[^1]);
    }

    [Fact]
    public async Task Without_scripts_what_came_too_late_stays_on_the_page_and_goes_into_the_new_form()
    {
        using var marta = app.Open().Language("es");
        var start = await marta.GetAsync("/chat/sales");
        var waiting = await marta.PostWithoutTokenAsync("/chat/sales/start", ("id", ChatFrame.Field(start.Text, "id")),
            ("name", Marta.Name), ("email", Marta.Email), ("language", "es"), ("text", "hola"));
        var visitor = ChatFrame.Field(waiting.Text, "visitor");
        var conversation = await app.WithAsync<Database, Guid>(database =>
            database.Messages.Where(m => m.Text == "hola").OrderByDescending(m => m.At).Select(m => m.ConversationId).FirstAsync());
        await app.WithAsync<ConversationStore>(async conversations => await conversations.LeaveAsync(conversation));

        var late = await marta.PostWithoutTokenAsync(
            "/chat/sales?handler=Send", ("visitor", visitor), ("id", ChatFrame.NewId().ToString()), ("text", "Una cosa <más>"));
        Assert.Equal(409, late.Status);
        Assert.Contains("data-stage=\"ended\"", late.Text);
        Assert.Contains("Una cosa <más></textarea>", System.Net.WebUtility.HtmlDecode(late.Text));
        Assert.Contains("No se envió", System.Net.WebUtility.HtmlDecode(late.Text));

        var again = await marta.PostWithoutTokenAsync("/chat/sales?handler=Again", ("visitor", visitor), ("text", "Una cosa <más>"));
        Assert.Contains("data-stage=\"start\"", again.Text);
        Assert.Contains("Una cosa <más></textarea>", System.Net.WebUtility.HtmlDecode(again.Text));
        Assert.Contains(Marta.Email, again.Text);
        Assert.Equal(visitor, ChatFrame.Field(again.Text, "visitor"));

        var somebody = await marta.PostWithoutTokenAsync("/chat/sales?handler=Again", ("visitor", visitor), ("text", "Una cosa"), ("forget", "1"));
        Assert.DoesNotContain(Marta.Email, somebody.Text);
        Assert.DoesNotContain("Una cosa", somebody.Text);
        Assert.DoesNotContain(visitor, somebody.Text);
    }

    [Fact]
    public async Task Without_scripts_a_message_with_an_unknown_token_comes_back()
    {
        using var marta = app.Open().Language("es");
        var lost = await marta.PostWithoutTokenAsync(
            "/chat/sales?handler=Send", ("visitor", "forged"), ("id", ChatFrame.NewId().ToString()), ("text", "Sigue aquí"));
        Assert.Equal(409, lost.Status);
        Assert.Contains("Sigue aquí</textarea>", System.Net.WebUtility.HtmlDecode(lost.Text));
    }

    [Fact]
    public async Task A_disabled_campaign_begins_nothing()
    {
        using var marta = app.Visit("closed");
        Assert.Contains("data-stage=\"closed\"", (await marta.GetAsync("")).Text);
        Assert.Equal(409, (await marta.StartAsync(Marta)).Status);
        Assert.Null(marta.Token);
    }

    [Fact]
    public async Task A_message_is_stored_once_and_comes_back_as_everybody_sees_it()
    {
        using var marta = await app.StartAsync(Marta);
        var id = ChatFrame.NewId();
        var first = await marta.SayAsync("uno\r\ndos <script>alert(1)</script>", id);
        var again = await marta.SayAsync("uno\r\ndos <script>alert(1)</script>", id);
        Assert.Equal(200, first.Status);
        Assert.Contains("uno<br>dos &lt;script&gt;alert(1)&lt;/script&gt;", first.Text);
        Assert.Contains($"data-client=\"{id}\"", first.Text);
        Assert.Equal(200, again.Status);
        Assert.Equal(first.Text[..first.Text.IndexOf("<time", StringComparison.Ordinal)], again.Text[..again.Text.IndexOf("<time", StringComparison.Ordinal)]);
        Assert.Equal(1, await app.WithAsync<Database, int>(database => database.Messages.CountAsync(m => m.ClientId == id)));
    }

    [Fact]
    public async Task Characters_that_turn_text_around_are_not_stored()
    {
        using var marta = await app.StartAsync(Marta);
        var answer = await marta.SayAsync("factura\u202Efdp.exe");
        Assert.Contains("facturafdp.exe", answer.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n\t\u200B")]
    [InlineData("bell\u0007")]
    public async Task What_is_no_text_is_refused_in_the_visitors_language(string text)
    {
        using var joao = await app.StartAsync(Joao);
        var before = await app.CountAsync();
        var answer = await joao.SayAsync(text);
        Assert.Equal(422, answer.Status);
        Assert.True(answer.Text is "Escreva algo primeiro" or "Cont&#233;m caracteres que n&#227;o podemos aceitar", answer.Text);
        Assert.Equal(before, await app.CountAsync());
    }

    [Theory]
    [InlineData(4_097, 422)]
    [InlineData(100_000, 413)]
    public async Task What_is_too_long_is_refused(int length, int status)
    {
        using var marta = await app.StartAsync(Marta);
        var before = await app.CountAsync();
        Assert.Equal(status, (await marta.SayAsync(new string('x', length))).Status);
        Assert.Equal(before, await app.CountAsync());
    }

    [Fact]
    public async Task The_longest_message_of_the_widest_characters_fits()
    {
        using var marta = await app.StartAsync(Marta);
        Assert.Equal(200, (await marta.SayAsync(new string('漢', 4_096))).Status);
    }

    [Theory]
    [InlineData("application/json", "{\"id\":\"01890000-0000-7000-8000-000000000000\",\"text\":\"x\"}", 415)]
    [InlineData("multipart/form-data; boundary=x", "--x--", 415)]
    [InlineData("application/x-www-form-urlencoded", "id=01890000-0000-7000-8000-000000000000&text=%C3%28", 400)]
    [InlineData("application/x-www-form-urlencoded", "id=01890000-0000-7000-8000-000000000000&text=%ED%A0%80", 400)]
    [InlineData("application/x-www-form-urlencoded", "id=01890000-0000-7000-8000-000000000000&text=a%00b", 400)]
    [InlineData("application/x-www-form-urlencoded", "text=x", 422)]
    [InlineData("application/x-www-form-urlencoded", "id=1&text=x", 422)]
    public async Task What_is_no_form_is_refused(string type, string body, int status)
    {
        using var marta = await app.StartAsync(Marta);
        var before = await app.CountAsync();
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        var answer = await marta.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/chat/sales/messages") { Content = content });
        Assert.Equal(status, answer.Status);
        Assert.Equal(before, await app.CountAsync());
    }

    [Theory]
    [InlineData("/chat/sales?handler=Send")]
    [InlineData("/chat/sales/start")]
    [InlineData("/chat/sales/conversation")]
    [InlineData("/chat/sales/conversation/leave")]
    public async Task Parts_that_are_torn_off_are_no_form_either(string path)
    {
        using var browser = app.Open();
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes("--x\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nMar"));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
        Assert.Equal(415, (await browser.SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = content })).Status);
    }

    [Fact]
    public async Task Without_a_token_of_this_campaign_nobody_is_heard_or_told_anything()
    {
        using var marta = await app.StartAsync(Marta, text: "secreto");
        Assert.Equal(200, (await marta.SayAsync("sí")).Status);
        var expired = await ExpiredAsync(marta);
        var before = await app.CountAsync();
        ChatFrame[] strangers =
        [
            marta.With(null), marta.With("forged"), marta.With(marta.Token![..^2] + "AA"), marta.At("support"), marta.At("unknown"), expired,
        ];
        foreach (var stranger in strangers)
        {
            Assert.Equal(404, (await stranger.SayAsync("no")).Status);
            Assert.Equal(404, (await stranger.PostAsync("receipts", ("read", "1"))).Status);
            Assert.Equal(404, (await stranger.PostAsync("typing")).Status);
            Assert.Equal(404, (await stranger.GetAsync("stream")).Status);
            Assert.Equal(404, (await stranger.GetAsync("messages?before=9")).Status);
            Assert.Equal(404, (await stranger.PostAsync("conversation/leave")).Status);
            var pane = await stranger.PaneAsync();
            Assert.True(pane.Status == 404 || pane.Text.Contains("data-stage=\"start\"", StringComparison.Ordinal));
            Assert.DoesNotContain("secreto", pane.Text);
            Assert.DoesNotContain(Marta.Email, pane.Text);
        }
        Assert.Equal(before, await app.CountAsync());
    }

    [Fact]
    public async Task Joao_neither_reads_nor_writes_in_Martas_conversation()
    {
        using var marta = await app.StartAsync(Marta, text: "de Marta");
        using var joao = await app.StartAsync(Joao, text: "de Joao");
        var conversation = await app.WithAsync<Database, Guid>(database =>
            database.Messages.Where(m => m.Text == "de Marta").Select(m => m.ConversationId).SingleAsync());

        Assert.Equal(409, (await joao.PostAsync($"messages?c={conversation}", ("id", ChatFrame.NewId().ToString()), ("text", "x"))).Status);
        var pane = await joao.GetAsync($"pane?shown={conversation}");
        Assert.Contains("de Joao", pane.Text);
        Assert.DoesNotContain("de Marta", pane.Text);
    }

    [Fact]
    public async Task Who_leaves_reads_on_but_writes_no_more()
    {
        using var marta = await app.StartAsync(Marta, text: "me voy");
        var left = await marta.PostAsync("conversation/leave");
        Assert.Equal(200, left.Status);
        Assert.Contains("data-stage=\"ended\"", left.Text);
        Assert.Contains("me voy", left.Text);
        // She is thanked for no talk: she had none.
        Assert.DoesNotContain("Hasta pronto", left.Text);
        Assert.Equal(200, (await marta.PostAsync("conversation/leave")).Status);

        var before = await app.CountAsync();
        var refused = await marta.SayAsync("¿hola?");
        Assert.Equal(409, refused.Status);
        Assert.Contains("Esta conversaci", refused.Text);
        Assert.Equal(before, await app.CountAsync());

        Assert.Contains(Marta.Email, (await marta.GetAsync("pane?again=true")).Text);
        Assert.Contains("data-stage=\"waiting\"", (await marta.StartAsync(Marta, "otra vez")).Text);
        // A page that is loaded again asks for its form; a conversation that has begun elsewhere goes before it.
        Assert.Contains("data-stage=\"waiting\"", (await marta.GetAsync("pane?again=true")).Text);
        Assert.Equal(200, (await marta.SayAsync("aquí")).Status);
    }

    [Fact]
    public async Task What_arrives_late_or_from_a_page_left_behind_does_not_reach_the_next_conversation()
    {
        using var marta = await app.StartAsync(Marta, text: "uno");
        var (first, then) = (ConversationIn((await marta.PaneAsync()).Text), marta.Token);
        Assert.Equal(200, (await marta.PostAsync($"conversation/leave?c={first}")).Status);
        Assert.Contains("data-stage=\"waiting\"", (await marta.StartAsync(Marta, "dos")).Text);
        var second = ConversationIn((await marta.PaneAsync()).Text);
        Assert.NotEqual(first, second);

        // Sent in the first with its token, and sent by a page that still shows the first.
        foreach (var frame in new[] { marta.With(then), marta.With(marta.Token) })
        {
            var left = await frame.PostAsync($"conversation/leave?c={first}");
            Assert.Equal(200, left.Status);
            Assert.Contains("data-stage=\"waiting\"", left.Text);
        }
        Assert.Equal(404, (await marta.PostAsync($"receipts?c={first}", ("delivered", "9"), ("read", "9"))).Status);
        Assert.Equal(404, (await marta.PostAsync($"typing?c={first}")).Status);
        Assert.Equal(404, (await marta.GetAsync($"stream?c={first}&after=2")).Status);
        Assert.Equal(404, (await marta.GetAsync($"messages?c={first}&before=9")).Status);
        Assert.Equal(404, (await marta.GetAsync("messages?c=nonsense&before=9")).Status);

        Assert.Equal(204, (await marta.PostAsync($"typing?c={second}")).Status);
        Assert.Contains("data-stage=\"waiting\"", (await marta.PaneAsync()).Text);
        Assert.Contains("data-stage=\"ended\"", (await marta.PostAsync($"conversation/leave?c={second}")).Text);

        static Guid ConversationIn(string pane) => Guid.Parse(pane.AsSpan(pane.IndexOf("shown=", StringComparison.Ordinal) + 6, 36));
    }

    [Fact]
    public async Task The_stream_brings_what_was_said_after_the_last_id()
    {
        using var marta = await app.StartAsync(Marta, text: "uno");
        var pane = await marta.PaneAsync();
        Assert.Contains("&after=3", pane.Text);
        using var lines = await marta.ListenAsync("?after=2");
        Assert.Contains("uno", await NextAsync("id: 3"));
        await marta.SayAsync("dos");
        Assert.Contains("dos", await NextAsync("id: 4"));

        async Task<string> NextAsync(string id)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            while (await lines.ReadLineAsync(limit.Token) is { } line)
                if (line == id)
                    return await lines.ReadLineAsync(limit.Token) ?? "";
            throw new InvalidOperationException("The stream ended.");
        }
    }

    [Fact]
    public async Task Receipts_and_typing_are_taken()
    {
        using var marta = await app.StartAsync(Marta);
        Assert.Equal(204, (await marta.PostAsync("receipts", ("delivered", "2"), ("read", "1"))).Status);
        Assert.Equal(204, (await marta.PostAsync("typing")).Status);
        Assert.Equal(422, (await marta.PostAsync("receipts", ("read", "-1"))).Status);
    }

    [Fact]
    public async Task Earlier_messages_come_by_the_page()
    {
        using var marta = await app.StartAsync(Marta);
        for (var i = 0; i < Chats.Page + 5; i++)
            await marta.SayAsync($"número {i}.");
        Assert.DoesNotContain("número 3.", (await marta.PaneAsync()).Text);
        var older = await marta.GetAsync("messages?before=9");
        Assert.Contains("número 3.", older.Text);
        Assert.DoesNotContain("número 9.", older.Text);
    }

    [Fact]
    public async Task Without_scripts_the_whole_chat_is_forms()
    {
        using var marta = app.Visit();
        using var browser = app.Open().Language("es");
        var page = await browser.GetAsync("/chat/sales");
        var started = await browser.PostWithoutTokenAsync("/chat/sales/start", ("id", ChatFrame.Field(page.Text, "id")),
            ("name", Marta.Name), ("email", Marta.Email), ("language", "es"), ("text", "sin scripts"));
        Assert.Equal(200, started.Status);
        Assert.Contains("Ver si hay mensajes nuevos", started.Text);
        var token = ChatFrame.Field(started.Text, "visitor");
        var id = ChatFrame.Field(started.Text, "id");

        var sent = await PostAsync("Send", ("id", id), ("text", "hola"));
        Assert.Contains("hola", sent.Text);
        Assert.Equal(200, (await PostAsync("Send", ("id", id), ("text", "hola"))).Status);
        Assert.Equal(1, await app.WithAsync<Database, int>(database => database.Messages.CountAsync(m => m.ClientId == Guid.Parse(id))));

        var empty = await PostAsync("Send", ("id", ChatFrame.NewId().ToString()), ("text", " "));
        Assert.Equal(422, empty.Status);
        Assert.Contains("Escribe algo primero", empty.Text);
        Assert.Contains("sin scripts", (await PostAsync("Refresh")).Text);

        var left = await PostAsync("Leave");
        Assert.Contains("data-stage=\"ended\"", left.Text);
        Assert.Equal(409, (await PostAsync("Send", ("id", ChatFrame.NewId().ToString()), ("text", "tarde"))).Status);
        Assert.Contains("data-stage=\"start\"", (await PostAsync("Again")).Text);

        Task<Answer> PostAsync(string handler, params (string, string?)[] fields) =>
            browser.PostWithoutTokenAsync($"/chat/sales?handler={handler}", [.. fields, ("visitor", token)]);
    }

    [Fact]
    public async Task Another_sites_page_cannot_post_for_a_visitor()
    {
        using var browser = app.Open();
        browser.Headers.Add("Origin", "https://evil.example");
        var answer = await browser.PostWithoutTokenAsync("/chat/sales/conversation", ("id", ChatFrame.NewId().ToString()),
            ("name", Marta.Name), ("email", Marta.Email));
        Assert.Equal(403, answer.Status);
    }

    private async Task<ChatFrame> ExpiredAsync(ChatFrame frame)
    {
        // As one issued before its lifetime began: the clock of the others stays where it is.
        using var tokens = new VisitorToken(
            (Microsoft.AspNetCore.DataProtection.IDataProtectionProvider)app.Services.GetService(typeof(Microsoft.AspNetCore.DataProtection.IDataProtectionProvider))!,
            new FakeTimeProvider(app.Clock.GetUtcNow() - VisitorToken.Lifetime));
        var conversation = await app.WithAsync<Database, ContactCenter.Domain.Conversation>(database =>
            database.Conversations.OrderByDescending(c => c.QueuedAt).FirstAsync());
        return frame.With(tokens.Issue(conversation.ContactId, conversation.CampaignId, conversation.Id, "es"));
    }
}

/// <summary>As above, and who writes fast meets a limit.</summary>
public sealed class SlowChatApp : ChatApp
{
    protected override IEnumerable<(string Key, string? Value)> Settings =>
        [("ContactCenter:Limits:MessagesPerSecond", "1"), ("ContactCenter:Limits:MessageBurst", "3")];
}

public sealed class ChatFloodTests(SlowChatApp app) : IClassFixture<SlowChatApp>
{
    [Fact]
    public async Task Who_floods_is_told_when_to_go_on_and_others_are_not_held_up()
    {
        using var marta = await app.StartAsync(Marta);
        using var joao = await app.StartAsync(Joao);
        var before = await app.CountAsync();
        var answers = new List<Answer>();
        for (var i = 0; i < 8; i++)
            answers.Add(await marta.SayAsync($"{i}"));
        var refused = answers.First(answer => answer.Status != 200);
        Assert.Equal(429, refused.Status);
        Assert.Matches("^[1-9][0-9]*$", refused.Header("Retry-After"));
        Assert.Equal(before + answers.Count(answer => answer.Status == 200), await app.CountAsync());
        Assert.Equal(200, (await joao.SayAsync("yo también")).Status);
    }

    [Fact]
    public async Task Whoever_writes_by_plain_forms_from_many_addresses_is_one_visitor()
    {
        using var marta = await app.StartAsync(Marta);
        var answers = new List<Answer>();
        for (var i = 0; i < 8; i++)
        {
            using var browser = app.Open();
            browser.Headers.Add("X-Forwarded-For", $"203.0.113.{60 + i}");
            answers.Add(await browser.PostWithoutTokenAsync("/chat/sales?handler=Send", ("id", $"{ChatFrame.NewId()}"), ("text", $"{i}"), ("visitor", marta.Token)));
        }
        var refused = answers.First(answer => answer.Status != 200);
        Assert.Equal(429, refused.Status);
        Assert.Matches("^[1-9][0-9]*$", refused.Header("Retry-After"));
    }

    [Fact]
    public async Task Another_spelling_of_the_token_or_another_token_of_hers_gains_nothing()
    {
        using var marta = await app.StartAsync(Marta);
        // Her next conversation gives her another token; she is the same.
        Assert.Equal(200, (await marta.PostAsync("conversation/leave")).Status);
        var first = marta.Token!;
        Assert.Equal(200, (await marta.StartAsync(Marta)).Status);
        Assert.NotEqual(first, marta.Token, StringComparer.Ordinal);
        string[] spelled = [$"{marta.Token![..30]} {marta.Token[30..]}", $"{marta.Token}=", $"{marta.Token[..9]}\t{marta.Token[9..]}"];
        foreach (var other in spelled) Assert.NotEqual(200, (await marta.With(other).SayAsync("x")).Status);
        Assert.Equal(404, (await marta.At("SALES").SayAsync("x")).Status);

        var statuses = new List<int>();
        for (var i = 0; i < 4; i++)
        {
            statuses.Add((await marta.With(first).SayAsync($"{i}")).Status);
            statuses.Add((await marta.SayAsync($"{i}")).Status);
        }
        Assert.Contains(429, statuses);
        Assert.Equal(429, (await marta.With(first).SayAsync("x")).Status);
    }
}

/// <summary>As above, and who begins many conversations meets a limit.</summary>
public sealed class FewStartsApp : ChatApp
{
    protected override IEnumerable<(string Key, string? Value)> Settings => [("ContactCenter:Limits:StartsPerMinute", "4")];
}

public sealed class ChatStartFloodTests(FewStartsApp app) : IClassFixture<FewStartsApp>
{
    [Theory]
    [InlineData("/chat/sales/conversation")]
    [InlineData("/chat/sales/start")]
    public async Task Nobody_starts_without_end(string path)
    {
        using var browser = app.Open();
        var statuses = new List<int>();
        for (var i = 0; i < 6; i++)
            statuses.Add((await browser.PostWithoutTokenAsync(
                path, ("id", ChatFrame.NewId().ToString()), ("name", "x"), ("email", "x@y.example"))).Status);
        Assert.Contains(429, statuses);
    }
}
