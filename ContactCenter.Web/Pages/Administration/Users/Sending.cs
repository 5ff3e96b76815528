using System.Security.Claims;
using ContactCenter.Domain;
using ContactCenter.Hosting;
using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.Extensions.Options;

namespace ContactCenter.Pages.Administration.Users;

/// <summary>Asks for the invitation of a new user.</summary>
public sealed class Sending(OutboxStore outbox, Mailer mailer, IOptions<PlaceSettings> place)
{
    /// <returns>What the page says of it: <c>invited</c>, or <c>unsent</c> where there is no way for a mail.</returns>
    public async Task<string> SendAsync(string address, ClaimsPrincipal by, HttpRequest request, CancellationToken cancel)
    {
        if (!mailer.IsConfigured) return "unsent";
        var site = place.Value.PublicUrl?.TrimEnd('/') ?? $"{request.Scheme}://{request.Host}";
        await outbox.AskAsync(MailKind.Invitation, address, site, Texts.Language, by.DisplayName(), cancel);
        return "invited";
    }
}
