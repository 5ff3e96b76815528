using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ContactCenter.Security;
using ContactCenter.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ContactCenter.Tests.Security;

/// <summary>One mail to Inés, and a real SMTP server that takes it or does not.</summary>
public sealed class MailerTests : IDisposable
{
    private static readonly DateTimeOffset Morning = new(2026, 11, 20, 9, 0, 0, TimeSpan.Zero);
    private static readonly Mail ToInes = new(
        "ines@demo.local", "Tu contraseña nueva", "Hola, Inés: https://chat.example.com/?user=1&code=ñ",
        "<p>Hola, <b>Inés</b></p>");
    private const string NotEncrypted = "The connection to the mail server could not be encrypted: ";
    private readonly FakeTimeProvider clock = new(Morning);
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_mail_arrives_with_both_bodies_and_what_its_head_must_say()
    {
        await using var server = await MailServer.StartAsync();
        var mailer = Mailer(server.Port, set => set.From = "ContactCenter <help@contactcenter.test>");
        await mailer.SendAsync(ToInes, default);

        var mail = await server.NextAsync();
        Assert.Equal(("help@contactcenter.test", ToInes.To), (mail.From, mail.To));
        Assert.Equal((ToInes.Subject, ToInes.Text, ToInes.Html), (mail.Subject, mail.Text.Trim(), mail.Html.Trim()));
        Assert.Equal("auto-generated", mail.Headers["Auto-Submitted"]);
        Assert.Equal("Fri, 20 Nov 2026 09:00:00 +0000", mail.Headers["Date"]);
        Assert.Matches("^<[0-9a-f]{32}@contactcenter\\.test>$", mail.Headers["Message-Id"]);
        Assert.StartsWith("ContactCenter <", mail.Headers["From"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_encryption_is_asked_for_and_not_offered_neither_mail_nor_password_leaves()
    {
        await using var server = await MailServer.StartAsync("login=postman:rings twice");
        void Login(SmtpSettings set) => (set.StartTls, set.User, set.Password) = (true, "postman", "rings twice");
        var problem = await ProblemAsync(Mailer(server.Port, Login));
        Assert.Contains("STARTTLS", problem, StringComparison.Ordinal);
        Assert.EndsWith(
            "ContactCenter:Smtp:StartTls asks for encryption, so nothing was sent.", problem, StringComparison.Ordinal);

        // The same server takes it where encryption is not asked for.
        Assert.False(server.HeardLogin);
        var mailer = Mailer(server.Port, set => (set.User, set.Password) = ("postman", "rings twice"));
        await mailer.SendAsync(ToInes, default);
        Assert.False((await server.NextAsync()).Secure);
        Assert.True(server.HeardLogin);
        Assert.False(server.HasMore);
    }

    [Fact]
    public async Task Nothing_is_told_to_a_server_whose_certificate_nobody_vouches_for()
    {
        await using var server = await MailServer.StartAsync($"tls={Certificate()}", "login=postman:rings twice");
        void Login(SmtpSettings set) => (set.StartTls, set.User, set.Password) = (true, "postman", "rings twice");
        var problem = await ProblemAsync(Mailer(server.Port, Login));
        Assert.StartsWith(NotEncrypted, problem, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem);
        Assert.False(server.HeardLogin);
        Assert.False(server.HasMore);
    }

    [Fact]
    public async Task A_wrong_password_is_said_in_words_without_the_password()
    {
        await using var server = await MailServer.StartAsync("login=postman:rings twice");
        var problem = await ProblemAsync(
            Mailer(server.Port, set => (set.User, set.Password) = ("postman", "rings thrice")));
        Assert.StartsWith("The mail server does not accept the user and password: ", problem, StringComparison.Ordinal);
        Assert.Contains("535", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("thrice", problem, StringComparison.Ordinal);
        Assert.True(server.HeardLogin);
        Assert.False(server.HasMore);
    }

    [Fact]
    public async Task A_server_that_asks_for_no_password_gets_the_mail_without_one()
    {
        await using var server = await MailServer.StartAsync("auth=none");
        var mailer = Mailer(server.Port, set => (set.User, set.Password) = ("postman", "rings twice"));
        await mailer.SendAsync(ToInes, default);
        Assert.Equal(ToInes.To, (await server.NextAsync()).To);
        Assert.False(server.HeardLogin);
    }

    [Fact]
    public async Task A_recipient_whom_the_server_does_not_know_is_said_with_its_answer()
    {
        await using var server = await MailServer.StartAsync($"refuse={ToInes.To}");
        Assert.Equal(
            "The mail server does not take mail for the recipient: 550 No such mailbox here",
            await ProblemAsync(Mailer(server.Port)));
        Assert.False(server.HasMore);
    }

    [Fact]
    public async Task A_connection_that_breaks_while_the_mail_is_on_its_way_is_a_problem_and_the_next_attempt_arrives()
    {
        await using var server = await MailServer.StartAsync("drop=1");
        var problem = await ProblemAsync(Mailer(server.Port));
        Assert.StartsWith("The connection to the mail server failed: ", problem, StringComparison.Ordinal);
        Assert.False(server.HasMore);
        await Mailer(server.Port).SendAsync(ToInes, default);
        Assert.Equal(ToInes.To, (await server.NextAsync()).To);
    }

    [Fact]
    public async Task Nobody_at_the_port_is_a_problem_in_words()
    {
        using var nobody = new Socket(SocketType.Stream, ProtocolType.Tcp);
        nobody.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var problem = await ProblemAsync(Mailer(((IPEndPoint)nobody.LocalEndPoint!).Port));
        Assert.StartsWith("The connection to the mail server failed: ", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_has_the_mail_and_says_nothing_holds_nobody_up_longer_than_said()
    {
        await using var server = await MailServer.StartAsync("hang=1");
        var sending = ProblemAsync(Mailer(server.Port));
        await server.IsSilent;
        clock.Advance(ContactCenter.Security.Mailer.Patience - TimeSpan.FromSeconds(1));
        Assert.False(sending.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("The mail server did not answer within 15 s.", await sending.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task A_server_that_does_not_even_greet_holds_nobody_up_either()
    {
        using var mute = new TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        var sending = ProblemAsync(Mailer(((IPEndPoint)mute.LocalEndpoint).Port));
        using var heard = await mute.AcceptSocketAsync().WaitAsync(TimeSpan.FromSeconds(30));
        clock.Advance(ContactCenter.Security.Mailer.Patience);
        Assert.Equal("The mail server did not answer within 15 s.", await sending.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Who_stops_the_sending_is_told_so_and_of_no_problem()
    {
        await using var server = await MailServer.StartAsync("hang=1");
        using var stop = new CancellationTokenSource();
        var sending = Mailer(server.Port).SendAsync(ToInes, stop.Token);
        await server.IsSilent;
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task A_mail_the_server_has_taken_is_sent_even_if_its_parting_is_never_answered()
    {
        await using var server = await MailServer.StartAsync("parting=none");
        var sending = Mailer(server.Port).SendAsync(ToInes, default);
        Assert.Equal(ToInes.To, (await server.NextAsync()).To);
        await server.IsSilent;
        Assert.False(sending.IsCompleted);
        clock.Advance(ContactCenter.Security.Mailer.Patience);
        await sending.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task An_address_that_is_two_or_brings_a_header_goes_nowhere()
    {
        await using var server = await MailServer.StartAsync();
        string[] odds = ["ines@demo.local, omar@demo.local", "ines@demo.local\r\nBcc: omar@demo.local", "ines"];
        foreach (var odd in odds)
            await Assert.ThrowsAnyAsync<FormatException>(
                () => Mailer(server.Port).SendAsync(ToInes with { To = odd }, default));
        await Mailer(server.Port).SendAsync(ToInes with { Subject = "Hola\r\nBcc: omar@demo.local" }, default);
        var mail = await server.NextAsync();
        Assert.DoesNotContain("Bcc", mail.Headers.Keys, StringComparer.OrdinalIgnoreCase);
        Assert.False(server.HasMore);
    }

    /// <summary>At the port of implicit TLS, on a loopback address of its own; root alone may listen there.</summary>
    [Fact]
    public async Task At_port_465_the_connection_is_encrypted_from_its_first_byte()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess) return;
        string[] implicitly = [$"tls={Certificate()}", "implicit=yes", "at=127.46.5.1:465"];
        await using var server = await MailServer.StartAsync(implicitly);
        // Nobody vouches for its certificate: what it has was said in TLS, or it would have been no certificate.
        var problem = await ProblemAsync(Mailer(465, set => (set.Host, set.StartTls) = ("127.46.5.1", true)));
        Assert.StartsWith(NotEncrypted, problem, StringComparison.Ordinal);
        Assert.False(server.HasMore);
    }

    private static async Task<string> ProblemAsync(Mailer mailer) =>
        (await Assert.ThrowsAsync<MailException>(() => mailer.SendAsync(ToInes, default))).Message;

    private Mailer Mailer(int port, Action<SmtpSettings>? set = null)
    {
        var settings = new SmtpSettings { Host = "127.0.0.1", Port = port, StartTls = false };
        set?.Invoke(settings);
        return new Mailer(
            Options.Create(settings), new ConfigurationBuilder().Build(),
            new HostingEnvironment { EnvironmentName = Environments.Production }, clock);
    }

    private string Certificate() => MailCertificate.Write(folder.Path);
}

/// <summary>A certificate of 127.0.0.1 that nobody has signed but itself.</summary>
static class MailCertificate
{
    /// <returns>The path of a PEM file with it and its key.</returns>
    public static string Write(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=mail.test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        var file = Path.Combine(Directory.CreateDirectory(folder).FullName, "mail.pem");
        File.WriteAllText(file, $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
        return file;
    }
}

/// <summary>The application where the mail server offers encryption, with a certificate that the machine trusts.</summary>
[Trait(Runs.Trait, Runs.Process)]
public sealed class EncryptedMailTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task A_mail_leaves_encrypted_to_a_server_the_machine_trusts()
    {
        // Only there does OpenSSL read whom to trust from the environment.
        if (!OperatingSystem.IsLinux()) return;
        using var folder = new TemporaryFolder();
        var certificate = MailCertificate.Write(folder.Path);
        await using var mail = await MailServer.StartAsync($"tls={certificate}", "login=postman:rings twice");
        await using var node = await AppProcess.StartAsync(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ConnectionStrings__Postgres"] = app.ConnectionString,
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["ContactCenter__PublicUrl"] = "https://chat.example.com",
            ["ContactCenter__Smtp__Host"] = "127.0.0.1",
            ["ContactCenter__Smtp__Port"] = $"{mail.Port}",
            ["ContactCenter__Smtp__User"] = "postman",
            ["ContactCenter__Smtp__Password"] = "rings twice",
            ["SSL_CERT_FILE"] = certificate,
        });
        using var browser = new Browserless(await node.Address());
        Assert.Equal(200, (await browser.PostAsync("/password/recovery", ("Form.Email", Cast.Lili.Email))).Status);
        var arrived = await mail.NextAsync();
        Assert.Equal(Cast.Lili.Email, arrived.To);
        Assert.True(arrived.Secure);
        Assert.True(mail.HeardLogin);
    }
}
