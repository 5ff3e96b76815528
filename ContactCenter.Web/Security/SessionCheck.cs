using ContactCenter.Realtime;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace ContactCenter.Security;

/// <summary>
/// Holds a session against its account: as often as is configured, and at every request of who was signed out lately.
/// A cookie that is refused stays where it is: another tab of the same browser may just have been given the next one,
/// which must not be taken away again.
/// </summary>
sealed class SessionCheck(
    IOptions<SecurityStampValidatorOptions> options, SignInManager<User> signIn, ILoggerFactory logs, SignedOutUsers signedOut)
    : SecurityStampValidator<User>(options, signIn, logs)
{
    public override async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        if (Session.IdOf(context.Properties) is { } session && signedOut.Contains(session))
        {
            context.RejectPrincipal();
            return;
        }
        var isDue = context.Properties.IssuedUtc is not { } issued
            || TimeProvider.GetUtcNow() - issued > Options.ValidationInterval
            || (context.Principal is { Identity.IsAuthenticated: true } who && signedOut.Contains(who.Id()));
        if (!isDue) return;
        if (await VerifySecurityStamp(context.Principal) is { } user) await SecurityStampVerified(user, context);
        else context.RejectPrincipal();
    }
}
