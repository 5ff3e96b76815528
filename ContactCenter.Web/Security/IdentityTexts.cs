using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Security;

/// <summary>Identity's errors, those a person can meet here, in the interface language.</summary>
sealed class IdentityTexts(IStringLocalizer<Text> T) : IdentityErrorDescriber
{
    private static IdentityError Error(string code, string description) => new() { Code = code, Description = description };

    public override IdentityError PasswordTooShort(int length) =>
        Error(nameof(PasswordTooShort), T["The password needs at least {0} characters.", length]);

    public override IdentityError PasswordRequiresUniqueChars(int uniqueChars) =>
        Error(nameof(PasswordRequiresUniqueChars), T["The password needs at least {0} different characters.", uniqueChars]);

    public override IdentityError PasswordMismatch() =>
        Error(nameof(PasswordMismatch), T["That is not your current password."]);

    public override IdentityError DuplicateEmail(string email) =>
        Error(nameof(DuplicateEmail), T["There is an account with this e-mail address already."]);

    public override IdentityError DuplicateUserName(string userName) => DuplicateEmail(userName);

    public override IdentityError InvalidEmail(string? email) =>
        Error(nameof(InvalidEmail), T["This is not an e-mail address."]);

    public override IdentityError InvalidUserName(string? userName) => InvalidEmail(userName);

    public override IdentityError InvalidToken() =>
        Error(nameof(InvalidToken), T["This link has been used or is too old. Ask for a new one."]);

    public override IdentityError ConcurrencyFailure() =>
        Error(nameof(ConcurrencyFailure), T["Somebody changed this at the same time. Look again and repeat."]);
}

/// <summary>What the rules of length cannot see: the password that is one's own address or name, or that everybody tries first.</summary>
sealed class GuessablePasswords(CommonPasswords common, IStringLocalizer<Text> T) : IPasswordValidator<User>
{
    private static readonly string[] Common =
        ["password", "contrasen", "contraseñ", "qwertyuiop", "qwerty1234", "1234567890", "123456789", "letmein", "iloveyou", "administrator", "senha12345"];

    public Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user, string? password)
    {
        var given = password ?? "";
        bool Has(string? part) => part is { Length: >= 4 } && given.Contains(part, StringComparison.OrdinalIgnoreCase);
        var guessable = Has(user.Email) || Has(user.Email?.Split('@')[0]) && given.Length < user.Email!.Split('@')[0].Length + 6
            || Common.Any(word => given.StartsWith(word, StringComparison.OrdinalIgnoreCase) && given.Length < word.Length + 6);
        if (!guessable && common.Contains(given))
            return Task.FromResult(IdentityResult.Failed(new IdentityError { Code = "PasswordCommon", Description = T["This is one of the passwords that are tried first, however it is written. Choose another, such as four words."] }));
        return Task.FromResult(guessable
            ? IdentityResult.Failed(new IdentityError { Code = "PasswordGuessable", Description = T["This password is easy to guess. Choose another, such as four words."] })
            : IdentityResult.Success);
    }
}
