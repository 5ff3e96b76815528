using ContactCenter.Domain;
using Microsoft.AspNetCore.Authorization;

namespace ContactCenter.Security;

/// <summary>The names of the authorization policies: each page and endpoint says one, or <c>AllowAnonymous</c>.</summary>
public static class Policies
{
    public const string Agent = nameof(Agent);
    public const string Supervisor = nameof(Supervisor);
    public const string Administrator = nameof(Administrator);

    /// <summary>Whoever answers for campaigns: supervisors and administrators.</summary>
    public const string Supervision = nameof(Supervision);

    /// <summary>Any of the three roles: whoever works here.</summary>
    public const string Staff = nameof(Staff);

    /// <summary>Signed in, whatever the role: one's own profile. Also the fallback of what says nothing.</summary>
    public const string SignedIn = nameof(SignedIn);

    internal static void Add(AuthorizationBuilder authorization)
    {
        var signedIn = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();
        authorization
            .SetDefaultPolicy(signedIn)
            .SetFallbackPolicy(signedIn)
            .AddPolicy(SignedIn, signedIn)
            .AddPolicy(Agent, policy => policy.RequireRole(Roles.Agent))
            .AddPolicy(Supervisor, policy => policy.RequireRole(Roles.Supervisor))
            .AddPolicy(Administrator, policy => policy.RequireRole(Roles.Administrator))
            .AddPolicy(Supervision, policy => policy.RequireRole(Roles.Supervisor, Roles.Administrator))
            .AddPolicy(Staff, policy => policy.RequireRole(Roles.All));
    }
}
