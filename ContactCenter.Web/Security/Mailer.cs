using System.ComponentModel.DataAnnotations;
using System.Net.Sockets;
using ContactCenter.Domain;
using ContactCenter.Hosting;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace ContactCenter.Security;

/// <summary>The server mails leave by, from <c>ContactCenter:Smtp</c>.</summary>
public sealed class SmtpSettings
{
    /// <summary>Empty: none.</summary>
    public string Host { get; set; } = "";
    [Range(1, 65535)] public int Port { get; set; } = 587;
    public string User { get; set; } = "";
    public string Password { get; set; } = "";
    [EmailAddress] public string From { get; set; } = "contactcenter@localhost.localdomain";

    /// <summary>
    /// Whether the connection is encrypted. True: always, or nothing is sent; the server has to offer STARTTLS (RFC 3207),
    /// or, at port 465, to speak TLS from the first byte (RFC 8314, 3.3). False: never.
    /// </summary>
    public bool StartTls { get; set; } = true;
}

/// <summary>A mail in both forms; readers choose.</summary>
public sealed record Mail(string To, string Subject, string Text, string Html);

/// <summary>
/// A mail did not leave. The message is what the mail server or the network said, in one line; nothing of the mail's text.
/// </summary>
public sealed class MailException(string message, Exception problem) : Exception(message, problem);

/// <summary>Sends a mail by SMTP (RFC 5321), or, in Development without a server, leaves it in <c>DataDirectory/mail</c>.</summary>
public sealed class Mailer(
    IOptions<SmtpSettings> settings, IConfiguration configuration, IHostEnvironment environment, TimeProvider clock)
{
    /// <summary>
    /// How long a mail may take: well below the claim of the outbox, and below what makes a job late. A server that says
    /// nothing holds nobody up.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    // What a mail is on its way and in a file (RFC 5322, 2.1), on every system.
    private static readonly FormatOptions Lines = Format();

    private static readonly ParserOptions Addresses = new() { AllowAddressesWithoutDomain = false };

    private SmtpSettings Smtp => settings.Value;

    private bool ToFolder => Smtp.Host.Length == 0 && environment.IsDevelopment();

    /// <summary>Whether there is anywhere for a mail to go.</summary>
    public bool IsConfigured => Smtp.Host.Length > 0 || ToFolder;

    private SecureSocketOptions Encryption => Smtp switch
    {
        { StartTls: false } => SecureSocketOptions.None,
        { Port: 465 } => SecureSocketOptions.SslOnConnect,
        _ => SecureSocketOptions.StartTls,
    };

    /// <exception cref="MailException">The server cannot be reached, refuses, or takes too long.</exception>
    /// <exception cref="FormatException">An address is none.</exception>
    public async Task SendAsync(Mail mail, CancellationToken cancel)
    {
        using var message = Compose(mail);
        if (ToFolder) await LeaveAsync(message, cancel);
        else await DeliverAsync(message, cancel);
    }

    private MimeMessage Compose(Mail mail)
    {
        var from = MailboxAddress.Parse(Addresses, Smtp.From);
        var domain = from.GetAddress(idnEncode: true);
        domain = domain[(domain.LastIndexOf('@') + 1)..];
        var to = MailboxAddress.Parse(Addresses, mail.To);
        var bodies = new MultipartAlternative
        {
            new TextPart("plain") { Text = mail.Text, ContentTransferEncoding = ContentEncoding.QuotedPrintable },
            new TextPart("html") { Text = mail.Html, ContentTransferEncoding = ContentEncoding.QuotedPrintable },
        };
        var message = new MimeMessage([from], [to], mail.Subject, bodies)
        {
            Date = clock.GetUtcNow(),
            MessageId = $"{Ids.New(clock):N}@{domain}",
        };
        // So that no absence notice answers (RFC 3834).
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        return message;
    }

    private async Task DeliverAsync(MimeMessage message, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        // A server of one's own has a certificate whose issuer publishes no list of revoked ones.
        using var client = new SmtpClient { CheckCertificateRevocation = false };
        try
        {
            await client.ConnectAsync(Smtp.Host, Smtp.Port, Encryption, limit.Token);
            // A relay that asks nobody for a password needs none, whatever is configured.
            if (Smtp.User.Length > 0 && client.Capabilities.HasFlag(SmtpCapabilities.Authentication))
                await client.AuthenticateAsync(Smtp.User, Smtp.Password, limit.Token);
            await client.SendAsync(message, limit.Token);
        }
        catch (Exception problem) when (!cancel.IsCancellationRequested && Words(problem) is { } words)
        {
            throw new MailException(OneLine(words), problem);
        }

        await LeaveTakingAsync(client, limit.Token);
    }

    // The server has the mail: one that does not answer QUIT makes no second mail.
    private static async Task LeaveTakingAsync(SmtpClient client, CancellationToken limit)
    {
        try
        {
            await client.DisconnectAsync(quit: true, limit);
        }
        catch (Exception problem) when (problem is OperationCanceledException or IOException or SocketException
            or ProtocolException or CommandException)
        {
            // The connection is closed all the same.
        }
    }

    private string? Words(Exception problem) => problem switch
    {
        OperationCanceledException or TimeoutException =>
            $"The mail server did not answer within {Patience.TotalSeconds} s.",
        SmtpCommandException { ErrorCode: SmtpErrorCode.RecipientNotAccepted } refusal =>
            $"The mail server does not take mail for the recipient: {Answer(refusal)}",
        SmtpCommandException { ErrorCode: SmtpErrorCode.SenderNotAccepted } refusal =>
            $"The mail server does not take mail from {Smtp.From}: {Answer(refusal)}",
        SmtpCommandException refusal => $"The mail server refused: {Answer(refusal)}",
        AuthenticationException refusal => $"The mail server does not accept the user and password: {refusal.Message}",
        NotSupportedException lack when Smtp.StartTls =>
            $"{lack.Message} ContactCenter:Smtp:StartTls asks for encryption, so nothing was sent.",
        NotSupportedException lack => lack.Message,
        SslHandshakeException failure => $"The connection to the mail server could not be encrypted: {failure.Message}",
        SocketException or IOException or ProtocolException =>
            $"The connection to the mail server failed: {problem.Message}",
        _ => null,
    };

    private static string Answer(SmtpCommandException refusal) => $"{(int)refusal.StatusCode} {refusal.Message}";

    private static string OneLine(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    // Written under another name and then renamed: a mail has a link that lets its reader in, so it is closed to others
    // from the beginning, and it is there whole or not at all.
    private async Task LeaveAsync(MimeMessage message, CancellationToken cancel)
    {
        var data = configuration["ContactCenter:DataDirectory"] ?? ".data";
        var folder = Path.GetFullPath(Path.Combine(environment.ContentRootPath, data, "mail"));
        PrivateFile.CreateFolder(Path.GetDirectoryName(folder)!);
        PrivateFile.CreateFolder(folder);
        PrivateFile.CloseFolder(folder);
        var mail = Path.Combine(folder, $"{Ids.New(clock)}.eml");
        var unfinished = mail + ".part";
        try
        {
            await using (var file = PrivateFile.Open(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None))
                await message.WriteToAsync(Lines, file, cancel);
            File.Move(unfinished, mail);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static FormatOptions Format()
    {
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        return format;
    }
}
