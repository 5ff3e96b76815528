using ContactCenter.Domain;
using ContactCenter.Hosting;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Security;

/// <summary>What a new account is made of.</summary>
/// <param name="Email">Also the name to sign in with.</param>
/// <param name="Password">Null: chosen later, by the link of an invitation.</param>
/// <param name="TimeZone">IANA zone in which the user sees times.</param>
/// <param name="Language"><c>es</c>, <c>en</c>, <c>pt</c>, or null for the browser's.</param>
public sealed record NewAccount(string Email, string DisplayName, string? Password, IReadOnlyCollection<string> Roles)
{
    public string TimeZone { get; init; } = "UTC";
    public string? Language { get; init; }
}

/// <summary>What came of it: the user, or why there is none, in the interface language.</summary>
public sealed record AccountCreation(User? User, IReadOnlyList<string> Errors);

/// <summary>The verbs on accounts.</summary>
public sealed class Accounts(
    UserManager<User> users, RoleManager<IdentityRole<Guid>> roles, SignInManager<User> session, Database database, FirstVisit firstVisit,
    SetupCodes setupCodes, SessionStore sessions, TimeProvider clock)
    : IFirstAdministrator
{
    /// <summary>Creates a user who can sign in at once.</summary>
    public async Task<AccountCreation> CreateAsync(NewAccount account)
    {
        await using var transaction = await database.Database.BeginTransactionAsync();
        await database.TakeAccountsTurnAsync();
        var creation = await CreateInTurnAsync(account);
        if (creation.User is not null) await transaction.CommitAsync();
        return creation;
    }

    /// <summary>Creates the first administrator: null where there is a user already, also when another visit was quicker.</summary>
    public async Task<AccountCreation?> SetUpAsync(NewAccount account)
    {
        await using var transaction = await database.Database.BeginTransactionAsync();
        await database.TakeAccountsTurnAsync();
        if (await users.Users.AnyAsync()) return null;
        var creation = await CreateInTurnAsync(account with { Roles = [Domain.Roles.Administrator] });
        if (creation.User is null) return creation;
        await database.SetupCodes.ExecuteDeleteAsync();
        await transaction.CommitAsync();
        setupCodes.Forget();
        return creation;
    }

    /// <summary>Changes the password of who is signed in: this session goes on, every other one ends, with all that it has open.</summary>
    public async Task<IdentityResult> ChangePasswordAsync(User user, string current, string password)
    {
        var changed = await users.ChangePasswordAsync(user, current, password);
        if (!changed.Succeeded) return changed;
        await GoOnAsync(user);
        return changed;
    }

    /// <summary>After a change of how the signed-in user signs in: this session goes on, every other one ends.</summary>
    public async Task GoOnAsync(User user)
    {
        // Before the cookie is renewed: afterwards the request does not know any more which session it came with.
        var here = Session.Of(session.Context).Id;
        await session.RefreshSignInAsync(user);
        await sessions.EndAllAsync(user.Id, here, SessionEnding.AccountChanged);
    }

    /// <summary>Sets the password of who has a link for it: every session ends. Whoever reads the account's mail is let in again at once.</summary>
    public async Task<IdentityResult> ResetPasswordAsync(User user, string token, string password)
    {
        var reset = await users.ResetPasswordAsync(user, token, password);
        if (!reset.Succeeded) return reset;
        await users.SetLockoutEndDateAsync(user, null);
        await users.ResetAccessFailedCountAsync(user);
        await sessions.EndAllAsync(user.Id, null, SessionEnding.AccountChanged);
        return reset;
    }

    /// <summary>Whether nobody has an account yet, so that <c>/setup</c> is open.</summary>
    public async Task<bool> IsFirstVisitAsync()
    {
        if (firstVisit.IsOver) return false;
        firstVisit.IsOver = await users.Users.AnyAsync();
        // Another node made the first account.
        if (firstVisit.IsOver) setupCodes.Forget();
        return !firstVisit.IsOver;
    }

    Task<bool> IFirstAdministrator.IsMissingAsync(CancellationToken cancel) => IsFirstVisitAsync();

    /// <summary>Within the caller's turn, which is taken and whose transaction is open.</summary>
    internal async Task<AccountCreation> CreateInTurnAsync(NewAccount account)
    {
        foreach (var name in Domain.Roles.All)
            if (!await roles.RoleExistsAsync(name))
                await roles.CreateAsync(new IdentityRole<Guid>(name) { Id = Ids.New(clock) });

        var user = new User
        {
            Id = Ids.New(clock),
            UserName = account.Email,
            Email = account.Email,
            EmailConfirmed = account.Password is not null,
            DisplayName = account.DisplayName,
            TimeZone = account.TimeZone,
            Language = account.Language,
        };
        var created = account.Password is { } password ? await users.CreateAsync(user, password) : await users.CreateAsync(user);
        if (!created.Succeeded) return new AccountCreation(null, [.. created.Errors.Select(error => error.Description)]);
        await users.AddToRolesAsync(user, account.Roles);
        return new AccountCreation(user, []);
    }
}

/// <summary>Remembers that the first visit is over: once there is a user there always is one.</summary>
public sealed class FirstVisit
{
    public bool IsOver { get; set; }
}
