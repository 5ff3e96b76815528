using System.Security.Claims;
using ContactCenter.Hosting;
using ContactCenter.Security;
using Microsoft.Extensions.Options;

namespace ContactCenter.Pages.Administration.Users;

/// <summary>Has the invitation of a new user written.</summary>
public sealed class Sending(Recovery mails, Mailer mailer, IOptions<PlaceSettings> place)
{
    /// <returns>What the page says of it: <c>invited</c>, or <c>unsent</c> where there is no way for a mail.</returns>
    public string Send(Guid user, ClaimsPrincipal by, HttpRequest request)
    {
        if (!mailer.IsConfigured) return "unsent";
        var site = place.Value.PublicUrl?.TrimEnd('/') ?? $"{request.Scheme}://{request.Host}";
        mails.Ask(new InvitationRequest(user, by.DisplayName(), site, Texts.Language));
        return "invited";
    }
}
