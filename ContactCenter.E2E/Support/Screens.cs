using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace ContactCenter.E2E.Support;

/// <summary>
/// Looks at screens as people with other eyes, other windows and other lamps do: axe with the rules of WCAG 2.2 AA, light
/// and dark, on a desk, a tablet and a phone. Axe looks under both lamps on the desk and under one on the phone: a lamp
/// changes only colours. Where <c>CC_PICTURES</c> names a folder, pictures are kept there.
/// </summary>
public sealed class Screens
{
    private static readonly (ColorScheme Scheme, string Name)[] Lamps = [(ColorScheme.Light, "light"), (ColorScheme.Dark, "dark")];
    private static readonly int[] Widths = [1440, 1024, 390];
    private static readonly AxeRunOptions Rules = new()
    {
        RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] },
        // A frame is a document of its own and may have a main part as the page around it has.
        Rules = new(StringComparer.Ordinal) { ["landmark-unique"] = new RuleOptions { Enabled = false } },
        ResultTypes = [ResultType.Violations],
    };
    private static readonly AxeRunOptions Contrasts = new()
    {
        RunOnly = new RunOnlyOptions { Type = "rule", Values = ["color-contrast"] },
        ResultTypes = [ResultType.Violations],
    };
    private static readonly string? Pictures = Environment.GetEnvironmentVariable("CC_PICTURES") is { Length: > 0 } folder ? folder : null;

    private readonly List<string> complaints = [];

    public void AreForEverybody()
    {
        if (complaints.Count > 0) Assert.Fail(string.Join('\n', complaints));
    }

    /// <summary>Looks at what the page shows now; without <paramref name="widths"/> in every window.</summary>
    public async Task Look(string name, IPage page, params int[] widths)
    {
        foreach (var (scheme, lamp) in Lamps)
        {
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
            foreach (var width in widths.Length > 0 ? widths : Widths)
            {
                await page.SetViewportSizeAsync(width, width == 390 ? 844 : 900);
                await KeepPicture($"{name}-{width}-{lamp}", page);
                // Nothing half under the bar at the foot of a form: what can be scrolled to has its whole size.
                if (width == 390)
                {
                    var hidden = await page.EvaluateAsync<int>("""
                        () => !document.querySelector('.administration') ? 0 : Math.max(...Array.from(document.querySelectorAll('*'), each =>
                            each === document.documentElement || ['auto', 'scroll'].includes(getComputedStyle(each).overflowY)
                                ? each.scrollHeight - each.clientHeight : 0))
                        """);
                    if (hidden > 0) await page.SetViewportSizeAsync(width, 844 + hidden);
                }
                if (scheme == ColorScheme.Light && width != 1024) await RunAxe($"{name} ({width}, {lamp})", page, Rules);
                if (scheme == ColorScheme.Dark && width == 1440) await RunAxe($"{name} ({width}, {lamp})", page, Contrasts);
                if (await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > document.documentElement.clientWidth"))
                    complaints.Add($"{name} ({width}, {lamp}): wider than the window");
            }
        }
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Light });
        await page.SetViewportSizeAsync(1440, 900);
    }

    private async Task RunAxe(string where, IPage page, AxeRunOptions rules)
    {
        var found = await page.RunAxe(rules);
        complaints.AddRange(found.Violations.SelectMany(rule => rule.Nodes.Select(node => $"{where}: {rule.Id}: {rule.Help}: {node.Html}")));
    }

    public static async Task KeepPicture(string name, IPage page)
    {
        if (Pictures is null) return;
        // With the caret as it is: hiding it takes an inline style, which the page's policy refuses.
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Pictures, $"{name}.png"), Caret = ScreenshotCaret.Initial });
    }
}
