using System.Security.Claims;
using ContactCenter.Domain;
using ContactCenter.Hosting;
using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Identity;

namespace ContactCenter.Pages.Administration.Users;

/// <summary>How the link to a password comes to a user: by mail, or from the hand of an administrator.</summary>
public sealed class Sending(OutboxStore outbox, Mailer mailer, PublicAddress address)
{
    /// <summary>Whether there is anywhere for a mail to go.</summary>
    public bool HasServer => mailer.IsConfigured;

    /// <summary>Whether a mail with a link can be sent: by a server, and to an address that leads here.</summary>
    public bool CanSend(HttpRequest request) => HasServer && address.ForMail(request) is not null;

    /// <summary>Asks for the invitation of a new user.</summary>
    /// <returns>What the page says of it: <c>invited</c>, or <c>unsent</c> where there is no way for a mail.</returns>
    public async Task<string> SendAsync(string to, ClaimsPrincipal by, HttpRequest request, CancellationToken cancel)
    {
        if (!HasServer || address.ForMail(request) is not { } site) return "unsent";
        await outbox.AskAsync(MailKind.Invitation, to, site, Texts.Language, by.DisplayName(), cancel);
        return "invited";
    }

    /// <summary>
    /// Whether the viewer may be given a link for a user: for one who has not chosen a password yet, and for who has forgotten
    /// theirs where no mail can bring it. Never for oneself: one's own password is asked for its change.
    /// </summary>
    public bool OffersLink(UserRecord user, Guid viewer, HttpRequest request) =>
        user.Active && (user.Invited || (!CanSend(request) && user.Id != viewer));

    /// <summary>Makes a link, kept nowhere; null where nobody has said what it begins with.</summary>
    public async Task<string?> LinkAsync(UserManager<User> users, User user, HttpRequest request) =>
        address.ForPage(request) is { } site
            ? site + (user.PasswordHash is null ? await Invitations.LinkAsync(users, user) : await Letters.RecoveryPathAsync(users, user))
            : null;
}
