using System.Globalization;
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

    /// <summary>False: the zone is a guess, until the user's browser tells theirs.</summary>
    public bool TimeZoneKnown { get; init; }
    public string? Language { get; init; }
}

/// <summary>What came of it: the user, or why there is none, in the interface language.</summary>
public sealed record AccountCreation(User? User, IReadOnlyList<string> Errors);

/// <summary>The verbs on accounts.</summary>
public sealed class Accounts(
    UserManager<User> users, RoleManager<IdentityRole<Guid>> roles, SignInManager<User> session, Database database, FirstVisit firstVisit,
    SetupCodes setupCodes, SessionStore sessions, SecurityLog security, Guesses guesses, KnownBrowsers browsers, OutboxStore outbox, Mailer mailer, TimeProvider clock)
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
        await security.WriteAsync(SecurityEventKind.AccountMade, creation.User.Id, Domain.Roles.Administrator, creation.User.Id);
        return creation;
    }

    /// <summary>
    /// Asks who is signed in for their password once more, and for a code where they have a second factor: whoever finds an open
    /// browser, or has stolen a session, does not change how its owner signs in. Guesses count for the session alone.
    /// </summary>
    public async Task<Proof> ProveAsync(User user, string? password, string? code)
    {
        if (password is not { Length: > 0 and <= 256 }) return new Proof(ProofOutcome.WrongPassword);
        var guess = await guesses.ProofAsync(Session.Of(session.Context).Id);
        if (guess.Wait is { } wait) return new Proof(ProofOutcome.TooMany, wait);
        var isRight = (await session.CheckPasswordSignInAsync(user, password, lockoutOnFailure: false)).Succeeded;
        var proof = isRight ? await ProveCodeAsync(user, code) : new Proof(ProofOutcome.WrongPassword);
        if (proof.IsRight) await guesses.ForgiveAsync(guess);
        else if (proof.Outcome != ProofOutcome.TooMany) await security.WriteAsync(SecurityEventKind.ProofFailed, user.Id, $"{proof.Outcome}");
        return proof;
    }

    private async Task<Proof> ProveCodeAsync(User user, string? code)
    {
        if (!user.TwoFactorEnabled) return new Proof(ProofOutcome.Right);
        if (SecondFactor.Clean(code).Length == 0) return new Proof(ProofOutcome.WrongCode);
        var guess = await guesses.CodeProofAsync(Session.Of(session.Context).Id, user.Email ?? "");
        if (guess.Wait is { } wait)
        {
            if (guess.First) await TellOfGuessedCodesAsync(user);
            return new Proof(ProofOutcome.TooMany, wait);
        }
        if (!await SecondFactor.VerifyAsync(users, user, code)) return new Proof(ProofOutcome.WrongCode);
        await guesses.ForgiveAsync(guess);
        return new Proof(ProofOutcome.Right);
    }

    /// <summary>Codes of an account are being guessed by somebody who knows its password: its owner is told, by mail where there is one.</summary>
    public async Task TellOfGuessedCodesAsync(User user)
    {
        await security.WriteAsync(SecurityEventKind.SignInThrottled, user.Id);
        if (mailer.IsConfigured && user.Email is { } email)
            await outbox.AskAsync(MailKind.CodesGuessed, email, "", user.Language ?? CultureInfo.CurrentUICulture.TwoLetterISOLanguageName);
    }

    /// <summary>What is wrong with a password somebody wants: looked at before they are asked for a code, which works once.</summary>
    public async Task<IdentityResult> CheckNewAsync(User user, string password)
    {
        var errors = new List<IdentityError>();
        foreach (var validator in users.PasswordValidators) errors.AddRange((await validator.ValidateAsync(users, user, password)).Errors);
        return errors.Count == 0 ? IdentityResult.Success : IdentityResult.Failed([.. errors]);
    }

    /// <summary>Changes the password of who is signed in: this session goes on, every other one ends, with all that it has open.</summary>
    public async Task<IdentityResult> ChangePasswordAsync(User user, string current, string password)
    {
        var changed = await users.ChangePasswordAsync(user, current, password);
        if (!changed.Succeeded) return changed;
        await GoOnAsync(user);
        await security.WriteAsync(SecurityEventKind.PasswordChanged, user.Id);
        return changed;
    }

    /// <summary>After a change of how the signed-in user signs in: this session goes on, every other one ends.</summary>
    public async Task GoOnAsync(User user)
    {
        // Before the cookie is renewed: afterwards the request does not know any more which session it came with.
        var here = Session.Of(session.Context).Id;
        await session.RefreshSignInAsync(user);
        // A browser is known by what its owner signs in with, which has changed.
        browsers.Remember(session.Context, user.NormalizedEmail ?? "", user.SecurityStamp ?? "");
        await sessions.EndAllAsync(user.Id, here, SessionEnding.AccountChanged);
    }

    /// <summary>Sets the password of who has a link for it: every session ends. Whoever reads the account's mail is let in again at once.</summary>
    public async Task<IdentityResult> ResetPasswordAsync(User user, string token, string password)
    {
        var reset = await users.ResetPasswordAsync(user, token, password);
        if (!reset.Succeeded) return reset;
        await guesses.ForgetAsync(session.Context, user.Email ?? "");
        await sessions.EndAllAsync(user.Id, null, SessionEnding.AccountChanged);
        await security.WriteAsync(SecurityEventKind.PasswordSet, user.Id);
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
            TimeZoneKnown = account.TimeZoneKnown,
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
