using System.Text;
using System.Text.RegularExpressions;
using ContactCenter.Tests.Support;

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

    private Uri? Find(string address) => !Directory.Exists(folder) ? null : Directory.EnumerateFiles(folder, "*.eml")
        .Select(File.ReadAllText)
        .Where(mail => mail.Contains($"X-Receiver: {address}", StringComparison.Ordinal))
        .Select(mail => Text().Match(mail))
        .Where(part => part.Success)
        .Select(part => Link().Match(Encoding.UTF8.GetString(Convert.FromBase64String(part.Groups["text"].Value))))
        .Where(link => link.Success)
        .Select(link => new Uri(link.Value)).LastOrDefault();

    // The first part: the mail as text. While it is being written its end is not there.
    [GeneratedRegex(@"Content-Type: text/plain.*?base64\r?\n\r?\n(?<text>[\w+/=\s]+?)\r?\n--", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Text();

    [GeneratedRegex(@"http://\S+", RegexOptions.None, 1000)]
    private static partial Regex Link();
}
