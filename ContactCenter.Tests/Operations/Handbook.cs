using ContactCenter.Tests.Support;

namespace ContactCenter.Tests.Operations;

/// <summary><c>docs/operations.md</c>: its commands are what the tests run, so that what it says works.</summary>
static class Handbook
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "operations.md"));

    /// <summary>The block of code after these words.</summary>
    public static string Block(string after)
    {
        var at = Text.IndexOf(after, StringComparison.Ordinal);
        Assert.True(at >= 0, $"docs/operations.md no longer says: {after}");
        var opening = Text.IndexOf("```", at, StringComparison.Ordinal);
        var begin = Text.IndexOf('\n', opening) + 1;
        return Text[begin..Text.IndexOf("```", begin, StringComparison.Ordinal)];
    }

    /// <summary>The chapter under this heading.</summary>
    public static string Chapter(string heading)
    {
        var at = Text.IndexOf($"\n## {heading}\n", StringComparison.Ordinal);
        Assert.True(at >= 0, $"docs/operations.md no longer has the chapter {heading}.");
        var end = Text.IndexOf("\n## ", at + 1, StringComparison.Ordinal);
        return end < 0 ? Text[at..] : Text[at..end];
    }

    /// <summary>Does what that block says.</summary>
    public static async Task FollowAsync(string after, string folder, IReadOnlyDictionary<string, string> variables)
    {
        var done = await Shell.RunAsync(Block(after), folder, variables);
        Assert.True(done.ExitCode == 0, $"{after}\n{done.Output}\n{done.Errors}");
    }
}
