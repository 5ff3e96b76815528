using System.Text.RegularExpressions;
using ContactCenter.Tests.Support;

namespace ContactCenter.Tests.Rules;

/// <summary>Whose object is asked for.</summary>
public enum Whose
{
    Own,
    Foreign,
    Nobodys,
}

/// <summary>
/// Every route × every kind of asker, those with another role in the other house and those who were removed from it
/// included, × one's own, another house's and nobody's object × with and without antiforgery token.
/// What to expect follows from what the endpoints say of themselves; the recipes only say how an object is named.
/// </summary>
public sealed partial class MatrixTests(TwoHouses houses) : IClassFixture<TwoHouses>, IAsyncLifetime
{
    private static readonly string[] Verbs = ["GET", "POST", "PUT", "DELETE"];

    private readonly List<string> wrong = [];
    private readonly Dictionary<(string Thing, Whose Whose, bool Agent, Former? Former), string> shared = [];
    private ILookup<string, Route> routes = null!;
    private IReadOnlyList<Asker> askers = [];
    private int asked;

    public async Task InitializeAsync()
    {
        routes = (await Route.AllAsync(houses.Services)).ToLookup(route => route.Pattern, StringComparer.Ordinal);
        askers = await Asker.AllAsync(houses, houses.Ours);
        foreach (var person in TwoHouses.InBoth) askers = [.. askers, await Asker.SignInAsync(houses, person)];
        foreach (var former in await houses.FormersAsync())
            askers = [.. askers, await Asker.SignInAsync(houses, former)];
    }

    public async Task DisposeAsync()
    {
        foreach (var asker in askers) await asker.DisposeAsync();
    }

    [Fact]
    public void Every_route_has_a_recipe_and_a_policy()
    {
        var recipes = Recipes.All.Select(recipe => recipe.Route).ToList();
        Assert.Empty(routes.Select(same => same.Key).Except(recipes, StringComparer.Ordinal).Select(route => $"no recipe: {route}"));
        Assert.Empty(recipes.Except(routes.Select(same => same.Key), StringComparer.Ordinal).Select(route => $"no such route: {route}"));
        Assert.Empty(recipes.GroupBy(route => route, StringComparer.Ordinal).Where(same => same.Count() > 1).Select(same => $"twice: {same.Key}"));
        Assert.Empty(routes.SelectMany(same => same).Where(route => !route.IsOpen && !route.Metadata.Any(each => each is Microsoft.AspNetCore.Authorization.IAuthorizeData))
            .Select(route => $"neither a policy nor anonymous: {route.Pattern}"));
    }

    [Fact]
    public async Task What_is_refused_is_refused_alike_and_leaves_no_trace()
    {
        // What is asked for is there before anything is looked at.
        foreach (var (_, address, asker) in Cells())
            foreach (var whose in Enum.GetValues<Whose>()) await SharedAsync(address, whose, asker);
        var before = await Snapshot.TakeAsync(houses);
        foreach (var (recipe, address, asker) in Cells())
        {
            foreach (var verb in Verbs)
            {
                foreach (var withToken in verb == "GET" ? (bool[])[false] : [true, false])
                {
                    foreach (var handler in Handlers(recipe, verb))
                    {
                        var answers = new List<string>();
                        foreach (var whose in HasThing(address) ? [Whose.Foreign, Whose.Nobodys] : (Whose[])[Whose.Own])
                        {
                            var expected = await ExpectedAsync(recipe, address, asker, verb, handler, whose, withToken);
                            // What is allowed is asked for in the other test: it may change something.
                            if (expected is null) continue;
                            var (answer, line) = await AskAsync(recipe, address, asker, verb, handler, whose, withToken, await SharedAsync(address, whose, asker));
                            Look(answer, line, expected);
                            answers.Add(Neutral($"{answer.Status} {answer.Location} {answer.Text}"));
                        }
                        // Or somebody could tell what there is from what there is not. The keys of chats are on every site, and
                        // a form without token is shown again to who may see the thing.
                        var isKnown = recipe.Route.StartsWith("/chat/", StringComparison.Ordinal) || (!withToken && IsEverybodys(address));
                        if (!isKnown && answers.Distinct(StringComparer.Ordinal).Count() > 1)
                            wrong.Add($"{asker.Name} {verb} {address}: another's and nobody's are told apart: {string.Join(" <> ", answers)}");
                    }
                }
            }
        }
        wrong.AddRange((await Snapshot.TakeAsync(houses)).Since(before).Select(table => $"{table}: something was stored"));
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Prepend($"{wrong.Count} of {asked}")));
        Assert.True(asked > 2_000, $"only {asked} requests");
    }

    [Fact]
    public async Task What_is_allowed_is_answered()
    {
        var allowed = 0;
        foreach (var (recipe, address, asker) in Cells())
        {
            foreach (var verb in Verbs)
            {
                foreach (var handler in Handlers(recipe, verb))
                {
                    if (await ExpectedAsync(recipe, address, asker, verb, handler, Whose.Own, withToken: verb != "GET") is not null) continue;
                    // Changes get an object of their own: some of them delete it.
                    var thing = verb == "GET" ? await SharedAsync(address, Whose.Own, asker) : await MakeAsync(address, Whose.Own, asker);
                    await using var other = await InHerPlaceAsync(recipe, asker);
                    var (answer, line) = await AskAsync(recipe, address, other ?? asker, verb, handler, Whose.Own, verb != "GET", thing);
                    allowed++;
                    Look(answer, line, Allowed(recipe, address, asker, verb));
                }
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Prepend($"{wrong.Count} of {allowed}")));
        Assert.True(allowed > 200, $"only {allowed} requests were allowed");
    }

    [Fact]
    public async Task Every_page_of_staff_carries_the_stream_of_the_shell_once()
    {
        var pages = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (recipe, address, asker) in Cells())
        {
            if (asker.Person is null || Find(recipe, "GET") is not { IsOpen: false, Handlers: not null }) continue;
            var thing = await SharedAsync(address, Whose.Own, asker);
            var (answer, line) = await AskAsync(recipe, address, asker, "GET", "", Whose.Own, withToken: false, thing);
            // Fragments are parts of a page that has one; what is refused is a page as well.
            if (!answer.Text.StartsWith("<!doctype html>", StringComparison.Ordinal)) continue;
            if (answer.Status == 200) pages.Add(recipe.Route);
            if (Stream().Count(answer.Text) is var streams and not 1)
                wrong.Add($"{line}: {answer.Status} with {streams} streams");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(pages.Count > 20, $"only {pages.Count} pages");
    }

    private IEnumerable<(Recipe, string, Asker)> Cells() =>
        from recipe in Recipes.All from address in recipe.Addresses from asker in askers select (recipe, address, asker);

    private Route? Find(Recipe recipe, string verb) =>
        routes[recipe.Route].FirstOrDefault(route => route.Verbs.Count > 0 && route.Answers(verb)) ?? routes[recipe.Route].FirstOrDefault(route => route.Answers(verb));

    // The usual handler is always asked for, also where there is none.
    private IEnumerable<string> Handlers(Recipe recipe, string verb) =>
        Find(recipe, verb)?.Handlers is { } handlers
            ? handlers.Where(handler => string.Equals(handler.Verb, verb, StringComparison.OrdinalIgnoreCase)).Select(handler => handler.Name).Append("").Distinct(StringComparer.Ordinal)
            : [""];

    /// <summary>The statuses of a refusal, by what the endpoint says of itself; null where the request is allowed.</summary>
    private async Task<int[]?> ExpectedAsync(Recipe recipe, string address, Asker asker, string verb, string handler, Whose whose, bool withToken)
    {
        // In a build that is not published, files are looked for wherever nothing else answers to GET.
        if (Find(recipe, verb) is not { } route) return verb == "GET" ? [404, 405] : [405];
        if (!await route.LetsInAsync(houses.Services, asker.User))
            return asker.Person is not null ? [403] : recipe.Route.EndsWith("/stream", StringComparison.Ordinal) ? [401] : [302];
        // Whoever is signed in already is led on from the pages of who is not.
        if (verb != "GET" && route.NeedsToken && !withToken) return verb == "POST" && route.IsOpen && asker.Person is not null ? [400, 302] : [400];
        // A page of the chat knows its campaign first, then its handler.
        if (recipe.Route.StartsWith("/chat/", StringComparison.Ordinal) && route.Handlers is not null && !route.Handles(verb, handler))
            return whose == Whose.Nobodys ? [404] : [405];
        // A chat belongs to who has its token; its door is open to everybody.
        if (address.Contains("{chat}", StringComparison.Ordinal) && (whose != Whose.Own || asker.Token is null)) return [404];
        var isThere = whose == Whose.Own || (whose == Whose.Foreign && (address.Contains("{door}", StringComparison.Ordinal) || IsEverybodys(address)));
        if (recipe.Route.StartsWith("/chat/", StringComparison.Ordinal) && !isThere) return [404];
        if (!route.Handles(verb, handler)) return recipe.Nothing.Contains(verb, StringComparison.Ordinal) ? [404] : [405];
        // Each administrator here is one of a group, and the other house has campaigns too.
        if (recipe.Closed || (recipe.Shared && verb == "POST")) return [403];
        if (isThere) return null;
        // Who works in the campaign is told who has it.
        if (recipe.Members && asker.IsInBoth && whose == Whose.Foreign && verb == "POST") return null;
        // A look at what can only be posted may lead back to its page, without having looked.
        return verb == "GET" ? [404, 302] : [404];
    }

    private static int[] Allowed(Recipe recipe, string address, Asker asker, string verb) =>
        recipe.Nothing.Contains(verb, StringComparison.Ordinal) && (HasThing(address) || recipe.Addresses.Length == 1 || verb == "GET") ? [404]
        : recipe.HolderOnly && !asker.IsAgent && verb == "POST" ? [404, 409]
        : [200, 204, 302, 409, 415, 422];

    // Catalogues are the whole installation's.
    private static bool IsEverybodys(string address) =>
        ((string[])["{client}", "{project}", "{department}", "{break}"]).Any(thing => address.Contains(thing, StringComparison.Ordinal));

    private static bool HasThing(string address) => Thing().IsMatch(address);

    private async Task<(Answer Answer, string Line)> AskAsync(
        Recipe recipe, string address, Asker asker, string verb, string handler, Whose whose, bool withToken, string thing)
    {
        var path = Thing().Replace(address, thing);
        if (handler.Length > 0) path += (path.Contains('?') ? "&" : "?") + "handler=" + handler;
        (string, string?)[] fields = recipe.HasText && verb == "POST" ? [("id", $"{TwoHouses.Id()}"), ("text", "Hello")] : [];
        asked++;
        return (await asker.AskAsync(verb, path, withToken, htmx: false, fields),
            $"{asker.Name} {verb} {path} ({whose.ToString().ToLowerInvariant()}{(withToken ? "" : ", without token")})");
    }

    private void Look(Answer answer, string line, int[] expected)
    {
        if (!expected.Contains(answer.Status)) wrong.Add($"{line}: {answer.Status}, expected {string.Join(" or ", expected)}");
        foreach (var complaint in Headers.Complaints(answer)) wrong.Add($"{line}: {complaint}");
    }

    private async Task<string> SharedAsync(string address, Whose whose, Asker asker)
    {
        if (Thing().Match(address) is not { Success: true } thing) return "";
        var key = (thing.Value, whose, asker.IsAgent, asker.Former);
        if (!shared.TryGetValue(key, out var made)) shared[key] = made = await MakeAsync(address, whose, asker);
        return made;
    }

    private async Task<string> MakeAsync(string address, Whose whose, Asker asker)
    {
        if (Thing().Match(address) is not { Success: true } match) return "";
        var thing = match.Value.Trim('{', '}');
        // What somebody had there is another house's since they were removed from it.
        if (whose == Whose.Foreign && asker.Former is { Left: var left } && thing is ("conversation" or "contact"))
            return $"{(thing == "contact" ? left.ContactId : left.Id)}";
        var side = whose == Whose.Own ? asker.Former?.Ours ?? houses.Ours : houses.Theirs;
        return whose == Whose.Nobodys
            ? thing is "door" or "chat" ? "nobodys-chat" : $"{TwoHouses.Id()}"
            : await houses.MakeAsync(thing, side, asker.IsAgent ? side.Agent : side.Supervisor);
    }

    // Whoever signs out or leaves is of no use afterwards.
    private async Task<Asker?> InHerPlaceAsync(Recipe recipe, Asker asker) =>
        recipe.Route == "/sign-out" && asker.Person is { } person ? await Asker.SignInAsync(houses, person)
        : recipe.Route.StartsWith("/chat/", StringComparison.Ordinal) && asker.Token is not null ? await Asker.VisitAsync(houses, houses.Ours)
        : null;

    // Without what each answer has of its own.
    private static string Neutral(string text) => Own().Replace(text, "…");

    [GeneratedRegex("<div id=\"stream\"[^>]* hx-sse:connect=\"/inbox/stream[\"?]", RegexOptions.NonBacktracking)]
    private static partial Regex Stream();

    [GeneratedRegex(@"\{[a-z]+\}", RegexOptions.NonBacktracking)]
    private static partial Regex Thing();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f-]{27}|(nonce|value|content|data-now)=\"[^\"]*\"|nobodys-chat|benteveo", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Own();
}
