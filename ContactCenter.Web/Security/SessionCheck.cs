using ContactCenter.Realtime;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace ContactCenter.Security;

/// <summary>
/// Holds a session against its row and its account: when this node sees it first, as often as is configured, and at once when
/// it may have ended. In between a request costs no way to the database.
/// A cookie that is refused stays where it is: another tab of the same browser may just have been given the next one,
/// which must not be taken away again.
/// </summary>
sealed class SessionCheck(
    IOptions<SecurityStampValidatorOptions> options, SignInManager<User> signIn, ILoggerFactory logs, SessionStore sessions, SessionCache cache)
    : SecurityStampValidator<User>(options, signIn, logs)
{
    public override async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        if (Session.IdOf(context.Properties) is not { } session || cache.HasEnded(session))
        {
            context.RejectPrincipal();
            return;
        }
        // What the cookie says of the account is read again as often.
        var isOld = context.Properties.IssuedUtc is not { } issued || TimeProvider.GetUtcNow() - issued > Options.ValidationInterval;
        if (!isOld && cache.Held(session, context.Principal!.Id(), Options.ValidationInterval)) return;
        try
        {
            var began = cache.Begin();
            if (await VerifySecurityStamp(context.Principal) is { } user
                && await sessions.SeeAsync(session, user.Id, context.HttpContext.RemoteAddress()))
            {
                cache.Holds(session, began);
                if (isOld) await SecurityStampVerified(user, context);
            }
            else
            {
                context.RejectPrincipal();
            }
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
