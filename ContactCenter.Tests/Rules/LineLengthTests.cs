using System.Globalization;
using ContactCenter.Tests.Support;

namespace ContactCenter.Tests.Rules;

/// <summary>
/// Lines of C# fit the width of <c>.editorconfig</c>. Those that were wider when this was first held are counted in
/// <c>long-lines.txt</c>, by the name of their file so that it may move; whoever folds some writes the smaller number there.
/// </summary>
public sealed class LineLengthTests
{
    private const int Widest = 120;

    [Fact]
    public void No_new_line_is_wider_than_the_editor_is_told()
    {
        var allowed = File.ReadLines(Path.Combine(Repository.Root, "ContactCenter.Tests", "Rules", "long-lines.txt"))
            .Select(line => line.Split(' '))
            .ToDictionary(parts => parts[1], parts => int.Parse(parts[0], CultureInfo.InvariantCulture), StringComparer.Ordinal);
        string[] projects = ["ContactCenter.Web", "ContactCenter.Tests", "ContactCenter.E2E", "ContactCenter.Load"];
        var found = projects.SelectMany(project => Sources.Files(Path.Combine(Repository.Root, project), "*.cs"))
            .SelectMany(file => File.ReadLines(file).Where(line => line.Length > Widest).Select(_ => Path.GetFileName(file)))
            .CountBy(file => file, StringComparer.Ordinal)
            .Where(each => each.Value > allowed.GetValueOrDefault(each.Key))
            .Select(each => $"{each.Key}: {each.Value} lines wider than {Widest}, {allowed.GetValueOrDefault(each.Key)} were");
        Assert.Empty(found);
    }
}
