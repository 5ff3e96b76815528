using System.Text.RegularExpressions;
using ContactCenter.Channels.WebChat;
using ContactCenter.Domain;
using ContactCenter.Storage;
using ContactCenter.Tests.Channels.WebChat;
using ContactCenter.Tests.Rules;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ContactCenter.Tests.Security;

/// <summary>What staff read of a contact lets nobody pass for the contact. (That no page shows a credential: <see cref="SweepTests"/>.)</summary>
public sealed partial class CredentialTests(TwoHouses houses) : IClassFixture<TwoHouses>
{
    [Fact]
    public async Task Nothing_that_staff_read_of_Marta_opens_her_conversation_to_them()
    {
        var side = houses.Ours;
        using var marta = new ChatFrame(houses.Open(), side.Key);
        var id = ChatFrame.NewId();
        Assert.Equal(200, (await marta.StartAsync(Cast.Marta, "My card ends in 4711", id)).Status);
        var visitor = Tokens.Name(marta.Token)!;
        await houses.GiveAsync(side, visitor.ConversationId);
        await using var lili = await Asker.SignInAsync(houses, side.Agent);
        using var stream = await Listener.OpenAsync(lili.Browser, $"/inbox/stream?conversation={visitor.ConversationId}");
        Assert.Equal(200, (await marta.SayAsync("Are you there?")).Status);
        await stream.HearsAsync("Are you there?");
        var read = new List<string> { stream.Heard };
        foreach (var path in (string[])["", "/pane", "/messages", "/timeline", "/frame"])
            read.Add((await lili.Browser.GetAsync($"/conversations/{visitor.ConversationId}{path}")).Text);
        foreach (var tab in (string[])["", "?tab=history", "?tab=notes"])
            read.Add((await lili.Browser.GetAsync($"/contacts/{visitor.ContactId}/panel{tab}")).Text);
        read.Add((await lili.Browser.GetAsync("/inbox/list")).Text);
        var all = string.Join('\n', read);
        Assert.Contains("4711", all);
        Assert.Contains("data-client=\"", all);

        var words = Word().Matches(all).Select(match => match.Value).Distinct(StringComparer.Ordinal).ToList();
        Assert.True(words.Count(word => Guid.TryParse(word, out _)) > 3, "ids are among them");
        foreach (var word in words)
        {
            var pane = await new ChatFrame(houses.Open(), side.Key).With(word).PaneAsync();
            Assert.DoesNotContain("4711", pane.Text);
            if (Guid.TryParse(word, out var guess)) await NobodyElseAsync(guess, null);
        }
        // Nor do those who know how it was begun, but have not what her browser has.
        await NobodyElseAsync(id, null);
        await NobodyElseAsync(id, StartProof.New());
        await NobodyElseAsync(ChatFrame.NewId(), marta.Proof);

        async Task NobodyElseAsync(Guid guess, string? proof)
        {
            using var mallory = new ChatFrame(houses.Open(), side.Key);
            var answer = await mallory.PostAsync("conversation", ("id", $"{guess}"), ("proof", proof), ("name", "M"), ("email", "m@evil.example"));
            Assert.DoesNotContain("4711", answer.Text);
            if (mallory.Token is not null) Assert.NotEqual(visitor.ContactId, Tokens.Name(mallory.Token)!.ContactId);
        }
    }

    [Fact]
    public async Task A_start_sent_again_is_the_same_one_for_minutes_and_another_one_later()
    {
        using var marta = new ChatFrame(houses.Open(), houses.Ours.Key);
        var id = ChatFrame.NewId();
        Assert.Equal(200, (await marta.StartAsync(Cast.Marta, "uno", id)).Status);
        var first = Tokens.Name(marta.Token)!;

        // The answer was lost: her page has no token yet.
        houses.Clock.Advance(ConversationStore.StartHonoured - TimeSpan.FromSeconds(30));
        Assert.Equal(first with { IssuedAt = default }, Tokens.Name(await AgainAsync())! with { IssuedAt = default });
        houses.Clock.Advance(TimeSpan.FromMinutes(1));
        var later = Tokens.Name(await AgainAsync())!;
        Assert.NotEqual(first.ContactId, later.ContactId);
        // And what is sent again now is the second.
        Assert.Equal(later.ConversationId, Tokens.Name(await AgainAsync())!.ConversationId);
        Assert.Equal(1, await houses.WithAsync<Database, int>(database =>
            database.Messages.CountAsync(m => m.ConversationId == first.ConversationId && m.Author == Author.Contact)));

        async Task<string?> AgainAsync()
        {
            var answer = await marta.With(null).PostAsync(
                "conversation", ("id", $"{id}"), ("proof", marta.Proof), ("name", Cast.Marta.Name), ("email", Cast.Marta.Email), ("text", "uno"));
            Assert.Equal(200, answer.Status);
            return answer.Header(VisitorToken.Header);
        }
    }

    [Fact]
    public async Task The_form_without_scripts_leads_back_to_its_conversation_too()
    {
        using var browser = houses.Open();
        var page = await browser.GetAsync($"/chat/{houses.Ours.Key}");
        var (id, proof) = (ChatFrame.Field(page.Text, "id"), ChatFrame.Field(page.Text, "proof"));
        Assert.Contains("no-store", page.Header("Cache-Control"));
        var tokens = new List<ContactCenter.Channels.WebChat.Visitor>();
        for (var time = 0; time < 2; time++)
            tokens.Add(Tokens.Name(ChatFrame.Field(
                (await browser.PostWithoutTokenAsync($"/chat/{houses.Ours.Key}/start", ("id", id), ("proof", proof), ("name", "Marta"), ("email", "m@example.com"))).Text,
                "visitor"))!);
        Assert.Equal(tokens[0].ConversationId, tokens[1].ConversationId);
        // Every page has a proof of its own.
        Assert.NotEqual(proof, ChatFrame.Field((await browser.GetAsync($"/chat/{houses.Ours.Key}")).Text, "proof"), StringComparer.Ordinal);
    }

    [Fact]
    public void The_handbook_lists_every_credential()
    {
        var handbook = File.ReadAllText(Path.Combine(Sources.Root(), "docs", "security.md"));
        Assert.All(Credentials.Names, name => Assert.Contains($"| {name} |", handbook));
    }

    private VisitorToken Tokens => houses.Services.GetRequiredService<VisitorToken>();

    [GeneratedRegex("[A-Za-z0-9_-]{16,}", RegexOptions.NonBacktracking)]
    private static partial Regex Word();
}
