using System.Text.Json;
using System.Text.RegularExpressions;

namespace ContactCenter.Tests.Operations;

/// <param name="Word">In capitals: FROM, COPY, RUN …</param>
/// <param name="Rest">What stands behind it, lines joined.</param>
sealed record Step(string Word, string Rest)
{
    /// <summary>What stands behind it, word by word.</summary>
    public string[] Words => Rest.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The words of the form in brackets.</summary>
    public string[] List => JsonSerializer.Deserialize<string[]>(Rest[Rest.IndexOf('[')..])!;
}

/// <summary>A Dockerfile as a list of steps, and no more of its language than ours uses (Dockerfile reference, Docker).</summary>
sealed partial class Recipe
{
    private static readonly string[] Known = ["FROM", "ARG", "WORKDIR", "COPY", "RUN", "ENV", "VOLUME", "EXPOSE", "USER", "HEALTHCHECK", "ENTRYPOINT"];

    public required IReadOnlyList<Step> Steps { get; init; }

    public static Recipe Read(string file)
    {
        var lines = File.ReadLines(file).Where(line => !line.StartsWith('#'));
        var steps = Continued().Replace(string.Join('\n', lines), " ").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => new Step(line[..line.IndexOf(' ')], line[(line.IndexOf(' ') + 1)..].Trim())).ToList();
        // What nobody follows here would go untested.
        Assert.All(steps, step => Assert.Contains(step.Word, Known, StringComparer.Ordinal));
        return new Recipe { Steps = steps };
    }

    /// <summary>The last step of that word: the one that counts in the finished image.</summary>
    public Step Last(string word) => Steps.Last(step => step.Word == word);

    [GeneratedRegex(@"\\\s*\n\s*", RegexOptions.NonBacktracking)]
    private static partial Regex Continued();
}
