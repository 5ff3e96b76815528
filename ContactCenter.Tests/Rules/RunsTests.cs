using System.Text.RegularExpressions;
using ContactCenter.Tests.Support;

namespace ContactCenter.Tests.Rules;

public sealed class RunsTests
{
    [Fact]
    public void Whatever_starts_the_application_as_a_process_says_so()
    {
        var tests = Path.Combine(Sources.Root(), "ContactCenter.Tests");
        var files = Sources.Files(tests, "*.cs")
            .Where(file => File.ReadAllText(file) is var text && Regex.IsMatch(text, @"\[Fact|\[Theory", RegexOptions.NonBacktracking)
                && Regex.IsMatch(text, @"\bAppProcess\b|Company\.FoundAsync|\bKitchen\b", RegexOptions.NonBacktracking))
            .Where(file => Path.GetFileName(file) != "RunsTests.cs").ToList();
        Assert.True(files.Count > 5, "Some do.");
        Assert.Empty(files.Where(file => !File.ReadAllText(file).Contains($"Runs.{nameof(Runs.Trait)}, Runs.", StringComparison.Ordinal))
            .Select(Path.GetFileName));
    }

    [Fact]
    public void What_rehearses_operations_is_left_to_its_own_command()
    {
        var operations = typeof(RunsTests).Assembly.GetTypes()
            .Where(type => type is { IsPublic: true, Namespace: "ContactCenter.Tests.Operations" } && type.Name.EndsWith("Tests", StringComparison.Ordinal)).ToList();
        Assert.True(operations.Count > 3, "There are some.");
        Assert.Empty(operations.Where(type => !type.GetCustomAttributesData().Any(attribute =>
            attribute.AttributeType == typeof(TraitAttribute) && Equals(attribute.ConstructorArguments[1].Value, Runs.Rehearsal))).Select(type => type.Name));
    }
}
