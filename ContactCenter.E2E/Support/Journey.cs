using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ContactCenter.Tests.Support;
using Microsoft.Playwright;

namespace ContactCenter.E2E.Support;

/// <summary>
/// A story of several people, each at a browser of their own, on an installation of its own. It fails on whatever goes
/// wrong in a browser or is logged as an error by the server, and then leaves pictures, traces and logs in
/// <c>.artifacts/e2e</c>.
/// </summary>
public abstract partial class Journey
{
    private readonly List<Profile> people = [];
    private readonly List<IAsyncDisposable> opened = [];

    protected Installation Home { get; private set; } = null!;

    /// <summary>Limits and the like this journey needs otherwise than they are.</summary>
    protected virtual IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What the server may log as an error in this journey: a pattern of its lines.</summary>
    protected virtual string? Logged => null;

    protected virtual Task<Installation> InstallAsync() => Installation.StartAsync(Settings);

    protected async Task Play(Func<Task> story, [CallerMemberName] string name = "")
    {
        // Both take a moment: they start together.
        var browser = Browser.SharedAsync();
        Home = await InstallAsync();
        try
        {
            await browser;
            await story();
            foreach (var each in people) await each.IsHeardAsync();
            var troubles = people.SelectMany(each => each.Troubles).Concat(Home.Nodes.SelectMany(node => Errors(node.Output))).ToList();
            if (troubles.Count > 0) Assert.Fail(string.Join('\n', troubles));
        }
        catch
        {
            await KeepAsync($"{GetType().Name}.{name}");
            throw;
        }
        finally
        {
            foreach (var each in people) await each.DisposeAsync();
            foreach (var each in opened) await each.DisposeAsync();
            await Home.DisposeAsync();
        }
    }

    protected Task<Agent> Lili(Node? at = null) => AnAgent("Lili", at: at);

    protected async Task<Agent> AnAgent(string name, BrowserNewContextOptions? options = null, Node? at = null)
    {
        var profile = await SomebodyAsync(name, options);
        return new Agent(profile, await profile.Context.NewPageAsync(), (at ?? Home.Node).Address);
    }

    /// <summary>Lili at work: signed in and available.</summary>
    protected async Task<Agent> LiliAvailable(Node? at = null)
    {
        var lili = await Lili(at);
        await lili.SignsIn();
        await lili.GoesAvailable();
        return lili;
    }

    /// <summary>Ada at the administration.</summary>
    protected async Task<Administrator> Ada()
    {
        var profile = await SomebodyAsync("Ada", new BrowserNewContextOptions { Permissions = ["clipboard-read", "clipboard-write"] });
        var ada = new Administrator(await profile.Context.NewPageAsync(), profile, Home.Node.Address);
        await ada.SignsIn();
        return ada;
    }

    protected Task<Visitor> Marta(Node? at = null) => AVisitor("Marta", at: at);

    /// <param name="campaign">Whose chat the shop shows.</param>
    protected async Task<Visitor> AVisitor(string name, BrowserNewContextOptions? options = null, Node? at = null, string campaign = Shop.Sales)
    {
        var profile = await SomebodyAsync(name, options);
        var shop = await ShopAsync(at, campaign);
        return new Visitor(profile, await profile.Context.NewPageAsync(), shop.Address);
    }

    protected async Task<Shop> ShopAsync(Node? at = null, string campaign = Shop.Sales)
    {
        var shop = await Shop.OpenAsync((at ?? Home.Node).Address, campaign);
        opened.Add(shop);
        return shop;
    }

    protected async Task<Site> SiteAsync()
    {
        var site = await Site.OpenAsync(Home.Node.Address);
        opened.Add(site);
        return site;
    }

    /// <summary>A proxy before all nodes, as the handbook configures it after these words.</summary>
    protected async Task<Proxy> ProxyAsync(string example)
    {
        var proxy = await Proxy.StartAsync(example, Home.Nodes);
        opened.Add(proxy);
        return proxy;
    }

    protected async Task<Profile> SomebodyAsync(string name, BrowserNewContextOptions? options = null)
    {
        var profile = await Profile.OpenAsync(name, options ?? new BrowserNewContextOptions());
        people.Add(profile);
        return profile;
    }

    /// <summary>Both have the same messages in the same order, each once.</summary>
    protected static Task SeeTheSame(Person one, Person other) => Eventually.Holds(
        $"{one.Name} and {other.Name} read the same",
        async () => (await one.Reads()).SequenceEqual(await other.Reads(), StringComparer.Ordinal));

    private IEnumerable<string> Errors(string output) => output.Split('\n')
        .Where(line => Error().IsMatch(line) && !(Logged is { } expected && Regex.IsMatch(line, expected, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1))));

    // A line for a developer, or one of JSON.
    [GeneratedRegex("""^\d\d:\d\d:\d\d (fail|crit): |"LogLevel":"(Error|Critical)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Error();

    private async Task KeepAsync(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, ".artifacts", "e2e", name)).FullName;
        foreach (var node in Home.Nodes) await File.WriteAllTextAsync(Path.Combine(folder, $"server-{node.Address.Port}.log"), node.Output);
        await File.WriteAllLinesAsync(Path.Combine(folder, "troubles.txt"), people.SelectMany(each => each.Troubles));
        foreach (var each in people) await each.KeepAsync(folder);
    }
}
