using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using ContactCenter.Hosting;
using Microsoft.Extensions.Options;

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
    public bool StartTls { get; set; } = true;
}

/// <summary>A mail in both forms; readers choose.</summary>
public sealed record Mail(string To, string Subject, string Text, string Html);

/// <summary>Sends a mail by SMTP (RFC 5321), or, in Development without a server, leaves it in <c>DataDirectory/mail</c>.</summary>
public sealed class Mailer(IOptions<SmtpSettings> settings, IConfiguration configuration, IHostEnvironment environment)
{
    private SmtpSettings Smtp => settings.Value;

    private bool ToFolder => Smtp.Host.Length == 0 && environment.IsDevelopment();

    /// <summary>Whether there is anywhere for a mail to go.</summary>
    public bool IsConfigured => Smtp.Host.Length > 0 || ToFolder;

    /// <exception cref="SmtpException">The server cannot be reached or refuses.</exception>
    public async Task SendAsync(Mail mail, CancellationToken cancel)
    {
        using var message = new MailMessage(Smtp.From, mail.To)
        {
            Subject = mail.Subject,
            SubjectEncoding = Encoding.UTF8,
            Body = mail.Text,
            BodyEncoding = Encoding.UTF8,
        };
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(mail.Html, Encoding.UTF8, MediaTypeNames.Text.Html));
        if (ToFolder)
        {
            await LeaveAsync(message, cancel);
            return;
        }

        using var client = Server();
        await client.SendMailAsync(message, cancel);
    }

    private SmtpClient Server() => new(Smtp.Host, Smtp.Port)
    {
        EnableSsl = Smtp.StartTls,
        Timeout = 20_000,
        Credentials = Smtp.User.Length > 0 ? new NetworkCredential(Smtp.User, Smtp.Password) : null,
    };

    // Written in a folder of its own and then moved: a mail has a link that lets its reader in, so it is closed to others
    // from the beginning, and it is there whole or not at all.
    private async Task LeaveAsync(MailMessage message, CancellationToken cancel)
    {
        var data = configuration["ContactCenter:DataDirectory"] ?? ".data";
        var folder = Path.GetFullPath(Path.Combine(environment.ContentRootPath, data, "mail"));
        var unfinished = Path.Combine(folder, $".{Path.GetRandomFileName()}");
        PrivateFile.CreateFolder(Path.GetDirectoryName(folder)!);
        PrivateFile.CreateFolder(folder);
        PrivateFile.CloseFolder(folder);
        PrivateFile.CreateFolder(unfinished);
        try
        {
            using var client = new SmtpClient
            {
                DeliveryMethod = SmtpDeliveryMethod.SpecifiedPickupDirectory,
                PickupDirectoryLocation = unfinished,
            };
            await client.SendMailAsync(message, cancel);
            foreach (var mail in Directory.EnumerateFiles(unfinished))
            {
                PrivateFile.Close(mail);
                File.Move(mail, Path.Combine(folder, Path.GetFileName(mail)));
            }
        }
        finally
        {
            Directory.Delete(unfinished, recursive: true);
        }
    }
}
