using System.Net;
using System.Text.RegularExpressions;
using ContactCenter.Domain;
using ContactCenter.Realtime;
using ContactCenter.Storage;
using ContactCenter.Tests.Rules;
using ContactCenter.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace ContactCenter.Tests.Security;

/// <summary>
/// Two visitors, two campaigns, two security groups: every page, fragment and stream that one side can reach is read, and
/// none may bear the mark of the other, and none of staff a credential (<see cref="Credentials"/>). Each side's own mark is looked for as well, or the sweep would prove nothing.
/// </summary>
public sealed partial class SweepTests(TwoHouses houses) : IClassFixture<TwoHouses>
{
    private const int MostPages = 160;

    private readonly Dictionary<(string, string, bool), string> things = [];

    [Fact]
    public async Task No_page_or_fragment_shows_what_is_the_other_houses()
    {
        var found = new List<string>();
        var credentials = new List<Credential>();
        foreach (var side in (Household[])[houses.Ours, houses.Theirs])
        {
            await FillAsync(side);
            credentials.AddRange(await Credentials.PlantAsync(houses, side));
        }
        foreach (var (side, other) in ((Household, Household)[])[(houses.Ours, houses.Theirs), (houses.Theirs, houses.Ours)])
        {
            foreach (var asker in await Asker.AllAsync(houses, side))
            {
                await using var leaving = asker;
                var pages = await WalkAsync(asker, side, other);
                found.AddRange(pages.Where(page => Shows(page.Value, other)).Select(page => $"{asker.Name} sees \"{other.Mark}\" at {page.Key}: {Around(page.Value, other.Mark)}"));
                // And no staff reads what lets one pass for somebody else, of whichever house.
                if (asker.Person is { } reader)
                    found.AddRange(pages.SelectMany(page => Credentials.In(page.Value, reader, credentials).Select(name => $"{asker.Name} reads a credential ({name}) at {page.Key}")));
                // Nobody sees the doors, which are everybody's; the others see their own house in most of its rooms.
                var own = pages.Count(page => Shows(page.Value, side));
                Assert.True(own >= (asker.Person is null ? 1 : 10), $"{asker.Name} of {side.Mark} sees their own house on {own} of {pages.Count} pages only");
            }
        }
        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    [Fact]
    public async Task No_stream_tells_what_happens_in_the_other_house()
    {
        var (ours, theirs) = (houses.Ours, houses.Theirs);
        var (own, foreign) = (await houses.ConversationAsync(ours), await houses.ConversationAsync(theirs));
        var streams = new List<(Asker Asker, Listener Stream)>();
        foreach (var asker in await Asker.AllAsync(houses, ours))
        {
            if (asker.Person is null && asker.Token is null) continue;
            var path = asker.Person is null ? $"/chat/{ours.Key}/stream" : $"/inbox/stream?conversation={own.Id}";
            streams.Add((asker, await Listener.OpenAsync(asker.Browser, path, asker.Token)));
        }
        await using var joao = await Asker.VisitAsync(houses, theirs);
        await using var omar = await Asker.SignInAsync(houses, theirs.Agent);
        var chat = $"/chat/{theirs.Key}";
        Assert.Equal(200, (await joao.AskAsync("POST", $"{chat}/messages", false, false, ("id", $"{TwoHouses.Id()}"), ("text", theirs.Of("Secret")))).Status);
        Assert.Equal(204, (await joao.AskAsync("POST", $"{chat}/typing", false, false)).Status);
        Assert.Equal(200, (await omar.AskAsync("POST", $"/conversations/{foreign.Id}/messages", true, false, ("id", $"{TwoHouses.Id()}"), ("text", theirs.Of("Secret")), ("seen", "9"))).Status);
        Assert.Equal(204, (await omar.AskAsync("POST", $"/conversations/{foreign.Id}/typing", true, false)).Status);
        Assert.Equal(200, (await omar.AskAsync("POST", $"/conversations/{foreign.Id}/closure", true, false, ("note", theirs.Of("Note")))).Status);

        // Whatever the other house caused comes before what happens now.
        var services = houses.Services.GetRequiredService<Announcer>();
        foreach (var (asker, stream) in streams)
        {
            if (asker.Person is { } person)
            {
                services.Announce(new Announcement(Topic.Agent(ours.Ids[person]), Signals.Direct));
                await Say(own, ours.Of("Afterwards"));
                await stream.HearsAsync(ours.Of("Afterwards"));
            }
            else
            {
                Assert.Equal(200, (await asker.AskAsync("POST", $"/chat/{ours.Key}/messages", false, false, ("id", $"{TwoHouses.Id()}"), ("text", ours.Of("Afterwards")))).Status);
                await stream.HearsAsync(ours.Of("Afterwards"));
            }
            Assert.DoesNotContain(theirs.Mark, stream.Heard);
            Assert.DoesNotContain($"{foreign.Id}", stream.Heard);
        }
        foreach (var (asker, stream) in streams)
        {
            stream.Dispose();
            await asker.DisposeAsync();
        }
    }

    private async Task FillAsync(Household side)
    {
        foreach (var state in Enum.GetValues<ConversationState>())
            if (state != ConversationState.OutOfHours) await houses.ConversationAsync(side, state, state == ConversationState.Finished ? side.Of("Note") : null);
        foreach (var thing in (string[])["user", "guest", "agent", "letter", "group"]) await houses.MakeAsync(thing, side, side.Administrator);
    }

    /// <summary>Every address of the recipes with objects of both sides, and from there on wherever links lead.</summary>
    private async Task<Dictionary<string, string>> WalkAsync(Asker asker, Household side, Household other)
    {
        var pages = new Dictionary<string, string>(StringComparer.Ordinal);
        var ahead = new Queue<string>();
        foreach (var address in Recipes.All.SelectMany(recipe => recipe.Addresses))
        {
            if (Thing().Match(address) is not { Success: true } match)
            {
                ahead.Enqueue(address);
                continue;
            }
            var thing = match.Value.Trim('{', '}');
            var self = asker.Person ?? side.Supervisor;
            ahead.Enqueue(address.Replace(match.Value, await ThingAsync(thing, side, self), StringComparison.Ordinal));
            // The other house's door stands open to everybody: what is said there is meant for all.
            if (thing is not ("door" or "chat"))
                ahead.Enqueue(address.Replace(match.Value, await ThingAsync(thing, other, self), StringComparison.Ordinal));
        }
        while (ahead.TryDequeue(out var path) && pages.Count < MostPages)
        {
            if (pages.ContainsKey(path)) continue;
            var answer = await asker.AskAsync("GET", path, withToken: false, htmx: false);
            Assert.True(answer.Status < 500, $"{asker.Name} {path}: {answer.Status}");
            var text = answer.Text + "\n" + answer.Response.Headers;
            pages[path] = text;
            // Lists are the same wherever one is; what differs is followed.
            foreach (Match link in Link().Matches(answer.Text))
                if (WebUtility.HtmlDecode(link.Groups["path"].Value) is var next && IsPage(next) && !pages.ContainsKey(next)) ahead.Enqueue(next);
        }
        return pages;
    }

    private async Task<string> ThingAsync(string thing, Household side, Person asker)
    {
        var key = (thing, side.Mark, asker.Roles.Contains(Roles.Agent, StringComparer.Ordinal));
        return things.TryGetValue(key, out var made) ? made : things[key] = await houses.MakeAsync(thing, side, asker);
    }

    private Task Say(Conversation conversation, string text) => houses.WithAsync<MessageStore>(async messages =>
        Assert.IsType<MessageOutcome.Accepted>(await messages.FromContactAsync(
            conversation.Id, conversation.ContactId, conversation.CampaignId, TwoHouses.Id(), text, default)));

    private static bool Shows(string page, Household side) => page.Contains(side.Mark, StringComparison.OrdinalIgnoreCase);

    private static string Around(string text, string mark)
    {
        var at = text.IndexOf(mark, StringComparison.OrdinalIgnoreCase);
        return Regex.Replace(text[Math.Max(0, at - 100)..Math.Min(text.Length, at + 40)], @"\s+", " ", RegexOptions.NonBacktracking);
    }

    private static bool IsPage(string path) =>
        path.StartsWith('/') && !path.StartsWith("//", StringComparison.Ordinal) && !File().IsMatch(path) && !path.Contains("/chat/", StringComparison.Ordinal);

    [GeneratedRegex(@"\{[a-z]+\}", RegexOptions.NonBacktracking)]
    private static partial Regex Thing();

    [GeneratedRegex("""(href|src|action|hx-get|data-url)="(?<path>/[^"]*)""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Link();

    [GeneratedRegex(@"^/(css|js|lib|icons|fonts|img)/|\.(css|js|svg|ico|png|webmanifest)(\?|$)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex File();
}

/// <summary>One contact who was with both houses.</summary>
public sealed class SharedContactTests(TwoHouses houses) : IClassFixture<TwoHouses>
{
    [Fact]
    public async Task An_earlier_conversation_of_the_contact_is_read_only_by_who_may_read_it()
    {
        // The same contact was with both houses; each knows of its own conversation alone.
        var ours = await houses.ConversationAsync(houses.Ours);
        var theirs = await houses.ConversationAsync(houses.Theirs, ConversationState.Finished, houses.Theirs.Of("Note"), ours.ContactId);
        foreach (var asker in await Asker.AllAsync(houses, houses.Ours))
        {
            await using var leaving = asker;
            if (asker.Person is null) continue;
            Assert.Equal(200, (await asker.AskAsync("GET", $"/conversations/{ours.Id}/messages", false, false)).Status);
            Assert.Equal(404, (await asker.AskAsync("GET", $"/conversations/{ours.Id}/messages?earlier={theirs.Id}", false, false)).Status);
            var panel = await asker.AskAsync("GET", $"/contacts/{ours.ContactId}/panel?tab=history&conversation={ours.Id}", false, false);
            Assert.Equal(200, panel.Status);
            Assert.DoesNotContain($"{theirs.Id}", panel.Text);
        }
    }
}
