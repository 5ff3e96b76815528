using System.Collections;
using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using ContactCenter.Tests.Rules;
using ContactCenter.Tests.Support;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Route = ContactCenter.Tests.Rules.Route;

namespace ContactCenter.Tests.Security;

/// <summary>
/// Nonsense for every form and every query: nothing fails on our side, and what is refused has stored nothing, not even
/// half. The seed is fixed, so that a change is judged by the same inputs as its neighbours; <c>CC_FUZZ_SEED</c> names
/// another one, <c>CC_FUZZ_ROUNDS</c> more of them.
/// </summary>
public sealed partial class FuzzTests(TwoHouses houses) : IClassFixture<TwoHouses>
{
    private static readonly int Seed = From("CC_FUZZ_SEED", 20261125);
    private static readonly int Rounds = From("CC_FUZZ_ROUNDS", 4);

    // Jobs run when they are told to, and what they do is theirs.
    private static readonly string[] Unsettling = ["/administration/jobs", "/availability"];

    private readonly Nonsense nonsense = new(Seed);
    private readonly List<string> wrong = [];
    private readonly Dictionary<(string, bool), string> shared = [];
    private int sent;
    private int refused;

    [Fact]
    public async Task Forms_of_nonsense_are_refused_without_a_trace_or_taken()
    {
        var fields = await FieldsAsync();
        foreach (var asker in await Asker.AllAsync(houses, houses.Ours))
        {
            await using var leaving = asker;
            foreach (var route in await Route.AllAsync(houses.Services))
            {
                if (!route.Answers("POST") || !await route.LetsInAsync(houses.Services, asker.User)) continue;
                // A stranger's forms are the same whoever is signed in.
                if (route.IsOpen && asker.Person is not null) continue;
                foreach (var handler in route.Handlers?.Where(each => string.Equals(each.Verb, "POST", StringComparison.OrdinalIgnoreCase)).Select(each => each.Name) ?? [""])
                    await PelterAsync(asker, route, handler, fields[route.Pattern]);
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Prepend($"CC_FUZZ_SEED={Seed}")));
        Assert.True(sent > 50 * Rounds && refused > sent / 4, $"{sent} sent, {refused} refused");
    }

    [Fact]
    public async Task Addresses_of_nonsense_are_answered_in_plain_words()
    {
        var fields = await FieldsAsync();
        foreach (var asker in await Asker.AllAsync(houses, houses.Ours))
        {
            await using var leaving = asker;
            foreach (var recipe in Recipes.All)
            {
                for (var round = 0; round < Rounds; round++)
                {
                    var address = nonsense.One(recipe.Addresses);
                    var thing = Thing().Match(address);
                    if (thing.Success)
                        address = address.Replace(thing.Value, nonsense.Below(3) == 0
                            ? Uri.EscapeDataString(nonsense.Value())
                            : await SharedAsync(thing.Value, asker), StringComparison.Ordinal);
                    var names = fields[recipe.Route].Concat(["handler", "returnUrl", "culture", "ui-culture", "lang"]).ToList();
                    var query = string.Join('&', Enumerable.Range(0, nonsense.Below(4)).Select(_ =>
                        $"{Uri.EscapeDataString(nonsense.One(names))}={Cut(Uri.EscapeDataString(nonsense.Value()))}"));
                    var path = $"{address}{(address.Contains('?') ? "&" : "?")}{query}";
                    sent++;
                    var answer = await asker.AskAsync("GET", path, withToken: false, htmx: nonsense.Below(2) == 0);
                    if (answer.Status >= 500) wrong.Add($"{asker.Name} GET {path}: {answer.Status}");
                    if (answer.Location is { } to && !to.StartsWith('/') && !to.StartsWith(houses.Address.ToString(), StringComparison.Ordinal))
                        wrong.Add($"{asker.Name} GET {path}: led to {to}");
                }
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Prepend($"CC_FUZZ_SEED={Seed}")));
        Assert.True(sent > 200 * Rounds, $"{sent} sent");
    }

    private async Task PelterAsync(Asker asker, Route route, string handler, IReadOnlyList<string> names)
    {
        var recipe = Recipes.All.Single(each => each.Route == route.Pattern);
        // What is asked for is there before anything is looked at.
        var addresses = new List<string>();
        for (var round = 0; round < Rounds; round++)
        {
            var address = nonsense.One(recipe.Addresses);
            addresses.Add(Thing().Match(address) is { Success: true } thing
                ? address.Replace(thing.Value, await ThingAsync(thing.Value, asker), StringComparison.Ordinal)
                : address);
        }
        var settled = await Snapshot.TakeAsync(houses);
        foreach (var asked in addresses)
        {
            var address = asked;
            if (handler.Length > 0) address += (address.Contains('?') ? "&" : "?") + "handler=" + handler;
            var form = Enumerable.Range(0, nonsense.Below(10)).Select(_ => (nonsense.One(names), nonsense.Value()))
                .Concat(nonsense.Below(2) == 0 ? await ShownAsync(asker, address) : []).ToList();
            using var content = nonsense.Content(form);
            var (body, type) = (await content.ReadAsByteArrayAsync(), content.Headers.ContentType?.ToString());
            var status = await SendAsync(asker, address, body, type);
            sent++;
            if (status >= 500) wrong.Add($"{asker.Name} POST {address} {type}: {status}\n  {Show(body)}");
            if (status < 400)
            {
                // It was taken, which may be right: then what is stored is the new beginning.
                settled = await Snapshot.TakeAsync(houses);
                continue;
            }
            refused++;
            if (Unsettling.Contains(route.Pattern, StringComparer.Ordinal)) continue;
            if ((await Snapshot.TakeAsync(houses)).Since(settled) is not { Count: > 0 } changed) continue;
            // Something else may have moved; whatever the form does, it does again.
            var again = await Snapshot.TakeAsync(houses);
            await SendAsync(asker, address, body, type);
            if ((await Snapshot.TakeAsync(houses)).Since(again) is { Count: > 0 } still)
                wrong.Add($"{asker.Name} POST {address} {type}: {status}, yet {string.Join(", ", changed.Union(still, StringComparer.Ordinal))} changed\n  {Show(body)}");
            settled = await Snapshot.TakeAsync(houses);
        }
    }

    private static async Task<int> SendAsync(Asker asker, string address, byte[] body, string? type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        if (type is not null) request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        request.Headers.Add("RequestVerificationToken", await asker.Browser.TokenAsync());
        if (asker.Token is not null) request.Headers.Add("X-Visitor", asker.Token);
        return (await asker.Browser.SendAsync(request)).Status;
    }

    // Looking at something does not change it.
    private async Task<string> SharedAsync(string thing, Asker asker) =>
        shared.TryGetValue((thing, asker.IsAgent), out var made) ? made : shared[(thing, asker.IsAgent)] = await ThingAsync(thing, asker);

    private async Task<string> ThingAsync(string thing, Asker asker) =>
        await houses.MakeAsync(thing.Trim('{', '}'), houses.Ours, asker.IsAgent ? houses.Ours.Agent : houses.Ours.Supervisor);

    /// <summary>What the page's own form would send, so that nonsense gets past the first check.</summary>
    private static async Task<IEnumerable<(string, string)>> ShownAsync(Asker asker, string address)
    {
        var page = await asker.AskAsync("GET", address, withToken: false, htmx: false);
        return Input().Matches(page.Text)
            .Select(input => (WebUtility.HtmlDecode(input.Groups["name"].Value), WebUtility.HtmlDecode(Value().Match(input.Value).Groups["value"].Value)))
            .Where(input => !input.Item1.StartsWith("__", StringComparison.Ordinal)).Take(60);
    }

    /// <summary>The names a route's handlers bind, and those of the forms in them.</summary>
    private async Task<Dictionary<string, IReadOnlyList<string>>> FieldsAsync()
    {
        var loader = houses.Services.GetRequiredService<PageLoader>();
        var fields = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var endpoint in houses.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            var names = new List<string> { "id", "text", "c", "name" };
            if (endpoint.Metadata.GetMetadata<PageActionDescriptor>() is { } page)
            {
                var loaded = await loader.LoadAsync(page, endpoint.Metadata);
                foreach (var parameter in loaded.HandlerMethods.SelectMany(handler => handler.Parameters))
                    names.AddRange(Names(parameter.BindingInfo?.BinderModelName ?? parameter.Name, parameter.ParameterType, 0));
                foreach (var property in loaded.HandlerTypeInfo.GetProperties().Where(each => each.GetCustomAttribute<BindPropertyAttribute>() is not null))
                    names.AddRange(Names(property.GetCustomAttribute<BindPropertyAttribute>()!.Name ?? property.Name, property.PropertyType, 0));
            }
            var pattern = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
            // The chat reads its fields by hand.
            if (pattern.StartsWith("/chat/", StringComparison.Ordinal))
                names.AddRange(["email", "phone", "language", "offline", "visitor", "delivered", "read", "shown", "again", "before", "after"]);
            fields[pattern] = [.. names.Concat(fields.GetValueOrDefault(pattern, [])).Distinct(StringComparer.Ordinal)];
        }
        return fields;
    }

    private static IEnumerable<string> Names(string name, Type type, int depth)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (depth > 3 || type == typeof(CancellationToken)) return [];
        if (type != typeof(string) && type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type))
            return ((string[])[$"{name}[0]", $"{name}[1]", $"{name}[999999]"]).SelectMany(item => Names(item, type.GetGenericArguments()[0], depth + 1)).Prepend(name);
        if (type.Namespace?.StartsWith("ContactCenter", StringComparison.Ordinal) != true || type.IsEnum) return [name];
        // A form is bound with its name before it or without.
        return type.GetProperties().SelectMany(property =>
            Names($"{name}.{property.Name}", property.PropertyType, depth + 1)
                .Concat(depth == 0 ? Names(property.Name, property.PropertyType, depth + 1) : []));
    }

    private static string Cut(string value) => value.Length <= 1_500 ? value : value[..1_500].TrimEnd('%');

    private static string Show(byte[] body) => System.Text.Encoding.UTF8.GetString(body) is var text && text.Length > 600 ? text[..600] + "…" : System.Text.Encoding.UTF8.GetString(body);

    private static int From(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), out var number) ? number : otherwise;

    [GeneratedRegex(@"\{[a-z]+\}", RegexOptions.NonBacktracking)]
    private static partial Regex Thing();

    [GeneratedRegex("""<(input|select|textarea)[^>]* name="(?<name>[^"]+)"[^>]*>""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Input();

    [GeneratedRegex("""value="(?<value>[^"]*)""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Value();
}
