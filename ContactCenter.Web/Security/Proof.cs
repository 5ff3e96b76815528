using Microsoft.Extensions.Localization;

namespace ContactCenter.Security;

/// <summary>Whether who is signed in has shown once more who they are.</summary>
public enum ProofOutcome
{
    Right,
    WrongPassword,

    /// <summary>The password was right, but the account has a second factor.</summary>
    WrongCode,

    /// <summary>Too many wrong ones in this session.</summary>
    TooMany,
}

/// <summary>What came of asking for the password, and for a code, once more.</summary>
/// <param name="Wait">After too many: how long until the next.</param>
public sealed record Proof(ProofOutcome Outcome, TimeSpan Wait = default)
{
    public bool IsRight => Outcome == ProofOutcome.Right;

    /// <summary>What is said beside the password; null: nothing.</summary>
    public string? AboutPassword(IStringLocalizer<Text> T) => Outcome switch
    {
        ProofOutcome.WrongPassword => T["That is not your current password."].Value,
        ProofOutcome.TooMany => T["Too many wrong tries. Wait {0} min and try again.", Forms.Minutes(Wait)].Value,
        ProofOutcome.Right or ProofOutcome.WrongCode => null,
    };

    /// <summary>What is said beside the code; null: nothing.</summary>
    public string? AboutCode(IStringLocalizer<Text> T) =>
        Outcome == ProofOutcome.WrongCode ? T["This code is not right, or was used already."].Value : null;
}

/// <summary>What <c>_Proof.cshtml</c> shows: the fields that ask for it.</summary>
/// <param name="Code">Whether a code is asked for too.</param>
public sealed record ProofFields(string Email, bool Code, string? PasswordProblem, string? CodeProblem)
{
    /// <param name="password">What was given; nothing: they are asked for the first time.</param>
    public static ProofFields Of(User user, string? password, Proof proof, IStringLocalizer<Text> T) => new(
        user.Email ?? "", user.TwoFactorEnabled,
        string.IsNullOrEmpty(password) ? T["Confirm with your password."].Value : proof.AboutPassword(T), proof.AboutCode(T));
}
