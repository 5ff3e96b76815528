using System.Security.Claims;
using ContactCenter.Domain;
using ContactCenter.Realtime;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace ContactCenter.Security;

/// <summary>Identity's sign-in, with three rules of ours: inactive users are refused, also in a session they already have;
/// a name that does not exist costs the same work as one that does, whatever its account lacks; and a session that ends is over
/// on every node, with all that it has open.</summary>
sealed class SignIn(
    UserManager<User> users,
    IHttpContextAccessor context,
    IUserClaimsPrincipalFactory<User> principals,
    IOptions<IdentityOptions> options,
    ILogger<SignInManager<User>> log,
    IAuthenticationSchemeProvider schemes,
    IUserConfirmation<User> confirmation,
    SessionStore sessions,
    SessionCache cache,
    KnownBrowsers browsers,
    SecurityLog security,
    TimeProvider clock)
    : SignInManager<User>(users, context, principals, options, log, schemes, confirmation)
{
    // A real hash of nothing anyone knows: verifying against it takes the time a true one takes.
    static readonly Lazy<string> SomeHash = new(() =>
        new PasswordHasher<User>().HashPassword(Nobody, Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16))));

    static User Nobody => new() { DisplayName = "" };

    public override async Task<bool> CanSignInAsync(User user) => user.Active && await base.CanSignInAsync(user);

    public override async Task<User?> ValidateSecurityStampAsync(ClaimsPrincipal? principal) =>
        await base.ValidateSecurityStampAsync(principal) is { Active: true } user ? user : null;

    public override async Task SignInWithClaimsAsync(User user, AuthenticationProperties? authenticationProperties, IEnumerable<Claim> additionalClaims)
    {
        await LearnZoneAsync(user);
        var properties = authenticationProperties ?? new AuthenticationProperties();
        if (Session.IdOf(properties) is null)
        {
            var began = cache.Begin();
            var id = Session.Begin(properties);
            var (browser, system) = Devices.Of(Context.Request.Headers.UserAgent);
            await sessions.StartAsync(new UserSession
            {
                Id = id,
                UserId = user.Id,
                StartedAt = clock.GetUtcNow(),
                Address = Context.RemoteAddress(),
                Browser = browser,
                System = system,
            });
            cache.Holds(id, began);
            browsers.Remember(Context, user.NormalizedEmail ?? "", user.SecurityStamp ?? "");
            await security.WriteAsync(SecurityEventKind.SignedIn, user.Id, by: user.Id);
            // Whoever signs in over another session ends that one.
            await EndSessionAsync();
        }
        await base.SignInWithClaimsAsync(user, properties, additionalClaims);
    }

    // Whoever never chose a zone has their browser's, which zone.js writes into the form they sign in with.
    private async Task LearnZoneAsync(User user)
    {
        if (user.TimeZoneKnown || !Context.Request.HasFormContentType) return;
        var form = await Context.Request.ReadFormAsync(Context.RequestAborted);
        if (TimeZones.Find(form[TimeZones.Field]) is not { } zone) return;
        (user.TimeZone, user.TimeZoneKnown) = (zone, true);
        await UserManager.UpdateAsync(user);
    }

    public override async Task SignOutAsync()
    {
        await EndSessionAsync();
        await base.SignOutAsync();
    }

    private async Task EndSessionAsync()
    {
        if (Context.User.Identity?.IsAuthenticated != true) return;
        var session = Session.Of(Context);
        await sessions.SignOutAsync(session.User, session.Id);
    }

    public override async Task<SignInResult> PasswordSignInAsync(string userName, string password, bool isPersistent, bool lockoutOnFailure)
    {
        if (await UserManager.FindByEmailAsync(userName) is not { } user)
        {
            UserManager.PasswordHasher.VerifyHashedPassword(Nobody, SomeHash.Value, password);
            await security.WriteAsync(SecurityEventKind.SignInFailed, null);
            return SignInResult.Failed;
        }
        var answer = await PasswordSignInAsync(user, password, isPersistent, lockoutOnFailure);
        if (!answer.Succeeded && !answer.RequiresTwoFactor) await security.WriteAsync(SecurityEventKind.SignInFailed, user.Id);
        return answer;
    }

    public override async Task<SignInResult> CheckPasswordSignInAsync(User user, string password, bool lockoutOnFailure)
    {
        // For these Identity answers before it looks at the password, which the clock would tell.
        if (user.PasswordHash is null || !await CanSignInAsync(user) || await UserManager.IsLockedOutAsync(user))
            UserManager.PasswordHasher.VerifyHashedPassword(Nobody, SomeHash.Value, password);
        return await base.CheckPasswordSignInAsync(user, password, lockoutOnFailure);
    }
}
