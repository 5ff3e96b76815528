using System.Text.RegularExpressions;
using ContactCenter.Tests.Support;

namespace ContactCenter.Tests.Rules;

/// <summary>What an e-mail address is, <c>Address.IsMail</c> alone says.</summary>
public sealed class AddressRuleTests
{
    // The framework's attribute asks for an @ between two texts and no more. A browser refuses josé@shop.example in a field
    // of type email, and sends josé@españa.example as something else than was typed.
    [Fact]
    public void No_browser_and_no_attribute_judges_an_address_by_a_rule_of_its_own()
    {
        var found = Sources.Files(Sources.Web, "*.cs").Concat(Sources.Files(Sources.Web, "*.cshtml"))
            .Where(file => Regex.IsMatch(
                File.ReadAllText(file), """type="email"|\bEmailAddress\b|\bMailAddress\.TryCreate\b""", RegexOptions.NonBacktracking))
            .Select(file => Path.GetRelativePath(Sources.Web, file));
        // The sender of mails may have a display name and a host without a dot, which its mail server judges.
        Assert.Empty(found.Except(["Security/Mailer.cs"], StringComparer.Ordinal));
    }
}
