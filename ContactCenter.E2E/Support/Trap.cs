using System.Collections.Concurrent;
using ContactCenter.Tests.Support;
using Microsoft.Playwright;

namespace ContactCenter.E2E.Support;

/// <summary>
/// Writes markup and script into every field and notices whatever of it comes alive in a browser, under the policy the
/// pages really have: a script that runs, a dialog, a violation of the policy, an element that was never meant to be.
/// </summary>
public sealed class Trap
{
    /// <summary>Ends an attribute, an element and a quoted string, and owns the page in each way there is without a line break.</summary>
    public const string Markup = "\"><script>owned=1</script><img src=x onerror=owned=1><i data-owned>';owned=1;'${owned=1}";

    /// <summary>An address as mail servers know them, and as markup would like them.</summary>
    public const string Email = "onerror=owned=1//'@x.example";

    private const string Text =
        "input:not([type=hidden]):not([type=checkbox]):not([type=radio]):not([type=date]):not([type=time]):not([type=password]):not([type=file])"
        + ":not([inputmode=numeric]):not([hidden]), textarea";

    private const string Alive = "[data-owned], img[src='x'], [href^='javascript:' i], [action^='javascript:' i], [src^='javascript:' i], [onerror], [onload]";

    // Those somebody can write into, by their names; rows of a list have their place in them.
    private const string Open =
        "const open = fields.filter(field => field.checkVisibility() && !field.disabled && !field.readOnly); const name = field => (field.name || field.id).replace(/\\[[^\\]]*\\]/g, '[]');";

    private const string Names = $"fields => {{ {Open} return open.map(name); }}";

    // As if typed: the page's own scripts hear of it.
    private const string Fill = $$"""
        (fields, { markup, email, plain }) => {
          {{Open}}
          return open.filter(field => !plain.includes(name(field))).map(field => {
            const text = field.type === 'tel' ? '+598 99 123 456' : field.inputMode === 'email' ? email : markup;
            field.focus();
            field.value = field.maxLength < 0 ? text : text.slice(0, field.maxLength);
            for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, { bubbles: true }));
            // Pulled larger at its corner, as one does with a long text: the browser writes that into an inline style.
            if (getComputedStyle(field).resize !== 'none') field.style.height = '180px';
            return name(field);
          });
        }
        """;

    // These take no markup: a key, origins and a time zone are refused unless they are that.
    private static readonly string[] Plain = ["key", "origins", "timeZone", "Form.TimeZone"];

    private readonly ConcurrentQueue<string> caught = new();
    private readonly HashSet<string> filled = new(StringComparer.Ordinal);
    private readonly HashSet<string> shown = new(StringComparer.Ordinal);

    /// <summary>From now on it is set in all this person opens.</summary>
    public async Task SetAsync(Profile profile)
    {
        await profile.Context.ExposeFunctionAsync<string>("caught", caught.Enqueue);
        await profile.Context.AddInitScriptAsync("""
            Object.defineProperty(window, 'owned', { get: () => 0, set: () => window.caught(`a script ran at ${location.href}`) });
            document.addEventListener('securitypolicyviolation', event =>
              window.caught(`${event.effectiveDirective} was violated by ${event.blockedURI} ${event.sample} at ${location.href}`));
            """);
        profile.Context.Dialog += (_, dialog) =>
        {
            caught.Enqueue($"a dialog said {dialog.Message}");
            _ = dialog.DismissAsync();
        };
    }

    /// <summary>That it catches something when there is something to catch: a script, and what the policy keeps from being one.</summary>
    public async Task WorksAsync(IPage page)
    {
        await page.EvaluateAsync("() => { window.owned = 1; }");
        await Eventually.Holds("the script is caught", () => caught.Any(what => what.StartsWith("a script ran", StringComparison.Ordinal)));
        await page.EvaluateAsync("() => { try { document.body.setAttribute('onclick', 'owned = 1'); } catch { } document.body.removeAttribute('onclick'); }");
        await Eventually.Holds("the violation is caught", () => caught.Any(what => what.Contains("was violated", StringComparison.Ordinal)));
        caught.Clear();
        await page.ReloadAsync();
        caught.Clear();
    }

    /// <summary>Writes into every field of text that can be seen there.</summary>
    public async Task FillsAsync(ILocator form)
    {
        await form.First.WaitForAsync();
        var names = await form.Locator(Text).EvaluateAllAsync<string[]>(Fill, new { markup = Markup, email = Email, plain = Plain });
        Assert.NotEmpty(names);
        filled.UnionWith(names);
    }

    /// <summary>Nothing has come alive on this screen, nor in its frames; its fields are noted.</summary>
    public async Task SeesNothingAsync(IPage page)
    {
        foreach (var frame in page.Frames.Where(frame => frame.Url.StartsWith("http", StringComparison.Ordinal)))
        {
            var alive = await frame.EvaluateAsync<int>("selector => document.querySelectorAll(selector).length", Alive);
            if (alive > 0) caught.Enqueue($"{alive} elements came alive at {frame.Url}");
            shown.UnionWith(await frame.Locator(Text).EvaluateAllAsync<string[]>(Names));
        }
    }

    /// <summary>At the end: nothing was caught.</summary>
    public void CaughtNothing() => Assert.True(caught.IsEmpty, string.Join('\n', caught.Distinct(StringComparer.Ordinal)));

    /// <summary>No field was seen on any screen that nothing was written into: a new one belongs into the journey.</summary>
    public void LeftNothingOut()
    {
        Assert.NotEmpty(filled);
        Assert.Empty(shown.Except(filled, StringComparer.Ordinal).Except(Plain, StringComparer.Ordinal).Select(name => $"nothing was written into {name}"));
    }
}
