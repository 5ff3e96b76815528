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
        try
        {
            if (await VerifySecurityStamp(context.Principal) is { } user) await SecurityStampVerified(user, context);
            else context.RejectPrincipal();
        }
        catch (Exception problem) when (problem.SaysAway())
        {
            // Thrown from here it would be thrown again for the page that says so: a request is authenticated once.
            context.RejectPrincipal();
            context.HttpContext.Features.Set(new Unchecked());
        }
    }

    /// <summary>Lets nobody on as a stranger whose session could only not be looked at.</summary>
    public static Task RefuseUnchecked(HttpContext context, RequestDelegate next)
    {
        if (context.IsFailing() || context.Features.Get<Unchecked>() is null) return next(context);
        context.Fail(StatusCodes.Status503ServiceUnavailable);
        return Task.CompletedTask;
    }

    private sealed record Unchecked;
}
