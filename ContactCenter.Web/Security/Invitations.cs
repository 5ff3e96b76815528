using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace ContactCenter.Security;

/// <summary>How long an invitation may lie in somebody's mail, and under which name its tokens are made.</summary>
sealed class InvitationOptions : DataProtectionTokenProviderOptions
{
    public const int Days = 7;

    public InvitationOptions() => (Name, TokenLifespan) = (Invitations.Provider, TimeSpan.FromDays(Days));
}

/// <summary>Makes the tokens of invitations: worth nothing once a password is chosen or the address changes.</summary>
sealed class InvitationTokens(
    IDataProtectionProvider protection, IOptions<InvitationOptions> options, ILogger<DataProtectorTokenProvider<User>> log)
    : DataProtectorTokenProvider<User>(protection, options, log);

/// <summary>The link by which an invited user chooses their password (D6).</summary>
public static class Invitations
{
    internal const string Provider = "Invitation";
    private const string Purpose = "Invitation";

    /// <summary>The link's path and query.</summary>
    public static async Task<string> LinkAsync(UserManager<User> users, User user)
    {
        var token = await users.GenerateUserTokenAsync(user, Provider, Purpose);
        return $"/invitation?user={user.Id}&code={WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(token))}";
    }

    /// <summary>Whom the link invites; null where it is nobody's, spent or too old.</summary>
    public static async Task<User?> FindAsync(UserManager<User> users, string? account, string? code)
    {
        if (!Guid.TryParse(account, out var id) || code is null) return null;
        if (await users.FindByIdAsync(id.ToString()) is not { Active: true, PasswordHash: null } user) return null;
        try
        {
            var token = Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(code));
            return await users.VerifyUserTokenAsync(user, Provider, Purpose, token) ? user : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
