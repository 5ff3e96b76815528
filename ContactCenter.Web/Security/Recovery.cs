using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Threading.Channels;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Security;

/// <summary>A link that somebody is to get by mail.</summary>
/// <param name="Site">Scheme and host the link begins with.</param>
/// <param name="Language">The language the page was asked in; the account's own comes first.</param>
public abstract record LinkRequest(string Site, string Language);

/// <summary>Somebody asked to recover a password; whether there is such an account is found out later.</summary>
public sealed record RecoveryRequest(string Email, string Site, string Language) : LinkRequest(Site, Language);

/// <summary>An administrator invited somebody who is to choose their first password.</summary>
/// <param name="By">The administrator's name.</param>
public sealed record InvitationRequest(Guid User, string By, string Site, string Language) : LinkRequest(Site, Language);

/// <summary>
/// Writes the mails with links apart from the request that asks: the answer takes as long for an account as for none. What is
/// not sent when the process ends is lost, and asked for again.
/// </summary>
public sealed partial class Recovery(
    IServiceScopeFactory scopes, Mailer mailer, TimeProvider clock, IHostEnvironment environment, ILogger<Recovery> log) : BackgroundService
{
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30)];
    private static readonly TimeSpan OncePer = TimeSpan.FromMinutes(1);

    private readonly Channel<LinkRequest> requests = Channel.CreateBounded<LinkRequest>(
        new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropWrite });

    // A mailbox is not filled by whoever knows its address. Read and written by the one loop only.
    private readonly Dictionary<Guid, DateTimeOffset> sent = [];

    public void Ask(LinkRequest request) => requests.Writer.TryWrite(request);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Telemetry.ObserveOutbox(() => requests.Reader.Count);
        await foreach (var request in requests.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                if (await WriteAsync(request) is { } mail) await SendAsync(mail, stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogFailed(exception);
            }
        }
    }

    private async Task<Mail?> WriteAsync(LinkRequest request)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        var T = scope.ServiceProvider.GetRequiredService<IStringLocalizer<Text>>();
        switch (request)
        {
            case RecoveryRequest { Email: var email } when await users.FindByEmailAsync(email) is { Active: true } user && IsDue(user.Id):
                var code = WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(await users.GeneratePasswordResetTokenAsync(user)));
                var recovery = $"{request.Site}/password/reset?user={user.Id}&code={code}";
                Speak(user, request);
                return Write(T, user, recovery, T["Your new password for ContactCenter"],
                    T["somebody, probably you, asked to choose a new password for ContactCenter."], T["Choose a new password"],
                    T["The link works once and for one hour. If it was not you, there is nothing to do: your password stays."]);
            case InvitationRequest { By: var by } invitation
                when await users.FindByIdAsync(invitation.User.ToString()) is { Active: true, PasswordHash: null } user:
                var link = request.Site + await Invitations.LinkAsync(users, user);
                Speak(user, request);
                return Write(T, user, link, T["Your account at ContactCenter"],
                    T["{0} has made an account for you at ContactCenter. Choose a password, and you can begin.", by], T["Choose a password"],
                    T["The link works once and for {0} days. If it has grown old, ask {1} to send another.", InvitationOptions.Days, by]);
            default:
                return null;
        }
    }

    private static void Speak(User user, LinkRequest request) =>
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(user.Language ?? request.Language);

    private Mail Write(IStringLocalizer<Text> T, User user, string link, string subject, string why, string how, string otherwise)
    {
        if (environment.IsDevelopment()) LogLink(link);
        string greeting = T["Hello {0},", user.DisplayName];
        return new Mail(user.Email!, subject, $"{greeting}\r\n\r\n{why}\r\n\r\n{how}: {link}\r\n\r\n{otherwise}\r\n", Html(greeting, why, how, link, otherwise));
    }

    private bool IsDue(Guid user)
    {
        var now = clock.GetUtcNow();
        foreach (var (past, at) in sent)
            if (now - at >= OncePer) sent.Remove(past);
        return sent.TryAdd(user, now);
    }

    private async Task SendAsync(Mail mail, CancellationToken cancel)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await mailer.SendAsync(mail, cancel);
                return;
            }
            catch (System.Net.Mail.SmtpException exception) when (attempt < Pauses.Length)
            {
                LogRetry(exception.StatusCode, Pauses[attempt]);
                await Task.Delay(Pauses[attempt], clock, cancel);
            }
        }
    }

    // Mail readers know neither our style sheet nor our tokens: the few colours are written out.
    private static string Html(string greeting, string why, string how, string link, string otherwise)
    {
        var e = HtmlEncoder.Default;
        return $"""
            <!doctype html><html><body style="margin:0;background:#f3f4f7;padding:32px 16px;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;color:#14181f">
            <table role="presentation" align="center" style="max-width:480px;width:100%;background:#fff;border:1px solid #e3e6eb;border-radius:14px"><tr><td style="padding:32px">
            <p style="margin:0 0 16px">{e.Encode(greeting)}</p><p style="margin:0 0 24px">{e.Encode(why)}</p>
            <p style="margin:0 0 24px"><a href="{e.Encode(link)}" style="display:inline-block;padding:10px 18px;border-radius:8px;background:#3346d3;color:#fff;font-weight:600;text-decoration:none">{e.Encode(how)}</a></p>
            <p style="margin:0;color:#5b6473;font-size:14px">{e.Encode(otherwise)}</p></td></tr></table></body></html>
            """;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Mailed link (shown in Development only): {Link}")]
    private partial void LogLink(string link);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The mail server did not take a mail ({Status}); trying again in {Pause}")]
    private partial void LogRetry(System.Net.Mail.SmtpStatusCode status, TimeSpan pause);

    [LoggerMessage(Level = LogLevel.Error, Message = "A mail with a link could not be sent")]
    private partial void LogFailed(Exception exception);
}
