using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ContactCenter.E2E.Support;

/// <summary>Somebody at a browser of their own, and whatever went wrong in it.</summary>
public sealed class Profile : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> troubles = new();
    private readonly List<Regex> expected = [];

    private Profile(string name, IBrowserContext context) => (Name, Context) = (name, context);

    public string Name { get; }
    public IBrowserContext Context { get; }

    public static async Task<Profile> OpenAsync(string name, BrowserNewContextOptions options)
    {
        options.Locale ??= "en-US";
        options.TimezoneId ??= "America/Montevideo";
        options.ViewportSize ??= new ViewportSize { Width = 1440, Height = 900 };
        options.ReducedMotion = ReducedMotion.Reduce;
        var context = await (await Browser.SharedAsync()).NewContextAsync(options);
        context.SetDefaultTimeout(Person.Patience);
        var profile = new Profile(name, context);
        profile.Watch();
        // Snapshots of every step cost as much as the steps: for who looks for a cause.
        await context.Tracing.StartAsync(new TracingStartOptions { Snapshots = Environment.GetEnvironmentVariable("CC_SNAPSHOTS") is { Length: > 0 } });
        return profile;
    }

    /// <summary>What may go wrong in this journey: a pattern of a trouble's text, such as <c>^409 POST .*/messages$</c>.</summary>
    public void Expects(string pattern) => expected.Add(new Regex(pattern, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)));

    public IEnumerable<string> Troubles => troubles.Where(trouble => !expected.Any(each => each.IsMatch(trouble))).Select(trouble => $"{Name}: {trouble}");

    /// <summary>What its pages have said until now has arrived here.</summary>
    public async Task IsHeardAsync()
    {
        foreach (var page in Context.Pages)
        {
            try
            {
                await page.EvaluateAsync("() => 0");
            }
            catch (PlaywrightException)
            {
                // It is on its way to another page.
            }
        }
    }

    /// <summary>What there was to see and how it came to that.</summary>
    public async Task KeepAsync(string folder)
    {
        foreach (var (page, at) in Context.Pages.Select((page, at) => (page, at)))
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{Name}-{at + 1}.png") });
        await Context.Tracing.StopAsync(new TracingStopOptions { Path = Path.Combine(folder, $"{Name}-trace.zip") });
    }

    public async ValueTask DisposeAsync() => await Context.CloseAsync();

    // Everything its pages complain of, in all their frames. Each violation of a policy is an error of the console.
    private void Watch()
    {
        Context.Console += (_, message) =>
        {
            // A request that failed is told below, with its address.
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
                troubles.Enqueue($"console: {message.Text} ({message.Location})");
        };
        Context.WebError += (_, error) => troubles.Enqueue($"error: {error.Error}");
        Context.Response += (_, response) =>
        {
            if (response.Status >= 400) troubles.Enqueue($"{response.Status} {response.Request.Method} {response.Url}");
        };
        Context.RequestFailed += (_, request) =>
        {
            // Whoever leaves a page ends its requests.
            if (request.Failure is { } failure && !failure.Contains("ERR_ABORTED", StringComparison.Ordinal))
                troubles.Enqueue($"{failure} {request.Method} {request.Url}");
        };
    }
}

/// <summary>What agents and visitors have in common: a conversation in front of them. One object is one tab.</summary>
public abstract partial class Person(Profile profile, IPage page)
{
    /// <summary>Milliseconds until what should be there is missing.</summary>
    public const float Patience = 20_000;

    public string Name => Profile.Name;
    public Profile Profile { get; } = profile;
    public IPage Page { get; } = page;

    /// <summary>Where this person's conversation is: the page, or the frame in it.</summary>
    public abstract ILocator Find(string selector);

    public ILocator Composer => Find("[data-composer] textarea");

    /// <summary>The messages of both sides and of the campaign and those on their way, without the events between them.</summary>
    public ILocator Messages => Find("#log .msg:not(.event), [data-outbox] .msg");

    public ILocator Message(string text) =>
        Messages.Filter(new LocatorFilterOptions { Has = Find(".body").Filter(new LocatorFilterOptions { HasTextRegex = Exactly(text) }) });

    /// <summary>The message is there, once, and the server has it.</summary>
    public async Task Sees(string text)
    {
        await Expect(Message(text)).ToHaveCountAsync(1);
        await Expect(Message(text)).ToHaveAttributeAsync("data-seq", AnyNumber());
        await Expect(Message(text)).ToBeVisibleAsync();
    }

    /// <summary>The message is on its way: <c>pending</c>, or <c>failed</c>.</summary>
    public Task SeesOnItsWay(string text, string status = "pending") => Expect(Message(text)).ToHaveAttributeAsync("data-status", status);

    public Task SeesNo(string text) => Expect(Message(text)).ToHaveCountAsync(0);

    public async Task SeesEvent(string text) =>
        await Expect(Find("#log .msg.event").Filter(new LocatorFilterOptions { HasText = text })).ToHaveCountAsync(1);

    /// <summary>The mark on one's own message: <c>sent</c>, <c>delivered</c> or <c>read</c>.</summary>
    public async Task SeesTick(string text, string status)
    {
        await Expect(Message(text)).ToHaveAttributeAsync("data-status", status);
        await Expect(Message(text).Locator(".ticks")).ToHaveAttributeAsync("aria-label", status, new() { IgnoreCase = true });
    }

    public Task SeesTyping(string name) => Expect(Find("[data-typing].on")).ToContainTextAsync($"{name} is typing");

    public Task SeesNobodyTyping() => Expect(Find("[data-typing].on")).ToHaveCountAsync(0);

    public Task Types(string text) => Composer.PressSequentiallyAsync(text);

    /// <summary>Writes and sends, and has the server's answer to it in the log.</summary>
    public async Task Writes(string text)
    {
        await Sends(text);
        await Sees(text);
    }

    /// <summary>Writes and presses Enter, whatever becomes of it.</summary>
    public async Task Sends(string text)
    {
        await Composer.FillAsync(text);
        await Composer.PressAsync("Enter");
    }

    /// <summary>The text of every message in the log, from the first to the last.</summary>
    public Task<IReadOnlyList<string>> Reads() => Messages.Locator(".body").AllInnerTextsAsync();

    /// <summary>Goes to another window: the tab stays open, but nobody looks at it.</summary>
    public Task LooksAway() => InFrame("() => { document.hasFocus = () => false; }");

    public Task LooksAgain() => InFrame("() => { delete document.hasFocus; window.dispatchEvent(new Event('focus')); }");

    /// <summary>From now on the sounds this tab makes are counted, for nobody here has ears.</summary>
    public Task CountsRings() => InFrame("""
        () => {
          window.rings = [];
          const start = OscillatorNode.prototype.start;
          OscillatorNode.prototype.start = function (...at) { window.rings.push(Date.now()); return start.apply(this, at); };
        }
        """);

    public async Task<int> Rings() => (await InFrame("() => window.rings.length"))!.Value.GetInt32();

    /// <summary>What rang long enough ago that no other tab can be about to.</summary>
    public async Task<bool> RangAWhileAgo() => (await InFrame("() => window.rings.every(at => Date.now() - at > 2000)"))!.Value.GetBoolean();

    /// <summary>Whether the last sound, or the last look at what would have made one, is so long ago that the next one may be heard.</summary>
    public async Task<bool> MayRing() => (await InFrame("async () => (await navigator.locks.query()).held.length === 0"))!.Value.GetBoolean();

    /// <summary>Presses Enter to choose a word of an input method: as Safari tells of it, and as the others do.</summary>
    public static async Task ComposesWithEnter(ILocator field)
    {
        foreach (var how in (string[])["keyCode: 229", "isComposing: true"])
            await field.EvaluateAsync($"field => field.dispatchEvent(new KeyboardEvent('keydown', {{ key: 'Enter', bubbles: true, cancelable: true, {how} }}))");
    }

    protected abstract Task<System.Text.Json.JsonElement?> InFrame(string script);

    [GeneratedRegex(@"^\d+$", RegexOptions.None, 1000)]
    private static partial Regex AnyNumber();

    // Its lines are elements in the page.
    private static Regex Exactly(string text) =>
        new($@"^\s*{string.Join(@"\s*", text.Split('\n').Select(Regex.Escape))}\s*$", RegexOptions.None, TimeSpan.FromSeconds(1));
}
