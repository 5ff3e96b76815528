using System.Text.RegularExpressions;
using ContactCenter.Tests.Support;
using MimeKit;

namespace ContactCenter.E2E.Support;

/// <summary>The folder in which an installation without a mail server leaves its mails.</summary>
public sealed partial class Mailbox(string folder)
{
    /// <summary>The address that somebody finds in the mail to them.</summary>
    public async Task<Uri> LinkToAsync(string address)
    {
        Uri? link = null;
        await Eventually.Holds($"a mail with a link came to {address}", () => (link = Find(address)) is not null);
        return link!;
    }

    // Their names are in the order of their time.
    private Uri? Find(string address) => !Directory.Exists(folder) ? null : Directory.EnumerateFiles(folder, "*.eml")
        .Order(StringComparer.Ordinal)
        .Select(file => MimeMessage.Load(file))
        .Where(mail => mail.To.Mailboxes.Single().Address == address)
        .Select(mail => Link().Match(mail.TextBody ?? ""))
        .Where(link => link.Success)
        .Select(link => new Uri(link.Value)).LastOrDefault();

    [GeneratedRegex(@"http://\S+", RegexOptions.None, 1000)]
    private static partial Regex Link();
}
