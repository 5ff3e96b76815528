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
public sealed partial class Letters(
    IServiceScopeFactory scopes, PublicAddress address, IHostEnvironment environment, ILogger<Letters> log)
{
    /// <returns>The letter, or null where there is nobody to write to, or nothing to write any more.</returns>
    /// <exception cref="NoAddressException">It has a link, and nobody has said where links lead.</exception>
    public async Task<Mail?> WriteAsync(OutboxMail asked)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        var T = scope.ServiceProvider.GetRequiredService<IStringLocalizer<Text>>();
        var user = asked.UserId is { } about ? await users.FindByIdAsync($"{about}") : await users.FindByEmailAsync(asked.Address);
        // Who was kept out as well shall know of the other address all the same.
        if (user is null || (!user.Active && asked.Kind != MailKind.AddressChanged)) return null;
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(user.Language ?? asked.Language);
        return asked.Kind switch
        {
            MailKind.Recovery => Write(
                T, user, user.Email!, SiteOf(asked) + await RecoveryPathAsync(users, user), T["Your new password for ContactCenter"],
                T["somebody, probably you, asked to choose a new password for ContactCenter."], T["Choose a new password"],
                T["The link works once and for one hour. If it was not you, there is nothing to do: your password stays."]),
            // Whoever has chosen a password needs no invitation.
            MailKind.Invitation when user.PasswordHash is not null => null,
            MailKind.Invitation => Write(
                T, user, user.Email!, SiteOf(asked) + await Invitations.LinkAsync(users, user), T["Your account at ContactCenter"],
                T["{0} has made an account for you at ContactCenter. Choose a password, and you can begin.", asked.ByName], T["Choose a password"],
                T["The link works once and for {0} days. If it has grown old, ask {1} to send another.", InvitationOptions.Days, asked.ByName]),
            MailKind.AddressChanged => Write(
                T, user, asked.Address, link: null, T["Your address at ContactCenter has changed"],
                T["{0} has given your account at ContactCenter another e-mail address. You sign in with that one from now on, and no more mail about the account comes here.", asked.ByName],
                how: "", T["If you know of it, there is nothing to do. If it was not you and you did not ask for it, somebody else may be using your account: call an administrator or your supervisor at once, and do not answer this mail."]),
            MailKind.CodesGuessed => Write(
                T, user, user.Email!, link: null, T["Somebody is trying codes for your account"],
                T["somebody who knows your password for ContactCenter has tried several codes of your second step, all of them wrong. They did not get in, and have to wait now."],
                how: "", T["If it was you, there is nothing to do. If it was not, choose another password: in your profile, or by “Forgotten your password?” where you sign in."]),
        };
    }

    // What was stored with the mail may be an older build's: the host of whoever asked.
    private string SiteOf(OutboxMail asked) => address.ForMail(asked.Site) ?? throw new NoAddressException();

    /// <summary>The path and query of a link to choose a new password.</summary>
    internal static async Task<string> RecoveryPathAsync(UserManager<User> users, User user)
    {
        var code = WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(await users.GeneratePasswordResetTokenAsync(user)));
        return $"/password/reset?user={user.Id}&code={code}";
    }

    private Mail Write(
        IStringLocalizer<Text> T, User user, string to, string? link, string subject, string why, string how, string otherwise)
    {
        if (link is not null && environment.IsDevelopment()) LogLink(link);
        string greeting = T["Hello {0},", user.DisplayName];
        string[] parts = [greeting, why, .. link is null ? (string[])[] : [$"{how}: {link}"], otherwise];
        return new Mail(to, subject, string.Join("\r\n\r\n", parts) + "\r\n", Html(greeting, why, how, link, otherwise));
    }

    // Mail readers know neither our style sheet nor our tokens: the few colours are written out.
    private static string Html(string greeting, string why, string how, string? link, string otherwise)
    {
        var e = HtmlEncoder.Default;
        var button = link is null ? "" : $"""
            <p style="margin:0 0 24px"><a href="{e.Encode(link)}" style="display:inline-block;padding:10px 18px;border-radius:8px;background:#3346d3;color:#fff;font-weight:600;text-decoration:none">{e.Encode(how)}</a></p>
            """;
        return $"""
            <!doctype html><html><body style="margin:0;background:#f3f4f7;padding:32px 16px;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;color:#14181f">
            <table role="presentation" align="center" style="max-width:480px;width:100%;background:#fff;border:1px solid #e3e6eb;border-radius:14px"><tr><td style="padding:32px">
            <p style="margin:0 0 16px">{e.Encode(greeting)}</p><p style="margin:0 0 24px">{e.Encode(why)}</p>
            {button}
            <p style="margin:0;color:#5b6473;font-size:14px">{e.Encode(otherwise)}</p></td></tr></table></body></html>
            """;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Mailed link (shown in Development only): {Link}")]
    private partial void LogLink(string link);
}

/// <summary>A mail with a link cannot leave: <c>ContactCenter:PublicUrl</c> is not set.</summary>
public sealed class NoAddressException() : Exception("ContactCenter__PublicUrl is not set: no mail with a link leaves.");
