using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using ContactCenter.Domain;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Security;

/// <summary>
/// Writes the letters that carry links, apart from the request that asks: the answer takes as long for an account as for none.
/// A link is made for this attempt; it is stored nowhere.
/// </summary>
public sealed partial class Letters(IServiceScopeFactory scopes, IHostEnvironment environment, ILogger<Letters> log)
{
    /// <returns>The letter, or null where there is nobody to write to, or nothing to write any more.</returns>
    public async Task<Mail?> WriteAsync(OutboxMail asked)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        var T = scope.ServiceProvider.GetRequiredService<IStringLocalizer<Text>>();
        if (await users.FindByEmailAsync(asked.Address) is not { Active: true } user) return null;
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(user.Language ?? asked.Language);
        return asked.Kind switch
        {
            MailKind.Recovery => Write(
                T, user, await RecoveryLinkAsync(users, user, asked.Site), T["Your new password for ContactCenter"],
                T["somebody, probably you, asked to choose a new password for ContactCenter."], T["Choose a new password"],
                T["The link works once and for one hour. If it was not you, there is nothing to do: your password stays."]),
            // Whoever has chosen a password needs no invitation.
            MailKind.Invitation when user.PasswordHash is not null => null,
            MailKind.Invitation => Write(
                T, user, asked.Site + await Invitations.LinkAsync(users, user), T["Your account at ContactCenter"],
                T["{0} has made an account for you at ContactCenter. Choose a password, and you can begin.", asked.ByName], T["Choose a password"],
                T["The link works once and for {0} days. If it has grown old, ask {1} to send another.", InvitationOptions.Days, asked.ByName]),
        };
    }

    private static async Task<string> RecoveryLinkAsync(UserManager<User> users, User user, string site)
    {
        var code = WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(await users.GeneratePasswordResetTokenAsync(user)));
        return $"{site}/password/reset?user={user.Id}&code={code}";
    }

    private Mail Write(IStringLocalizer<Text> T, User user, string link, string subject, string why, string how, string otherwise)
    {
        if (environment.IsDevelopment()) LogLink(link);
        string greeting = T["Hello {0},", user.DisplayName];
        return new Mail(user.Email!, subject, $"{greeting}\r\n\r\n{why}\r\n\r\n{how}: {link}\r\n\r\n{otherwise}\r\n", Html(greeting, why, how, link, otherwise));
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
}
