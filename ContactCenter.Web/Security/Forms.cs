using System.ComponentModel.DataAnnotations;
using System.Globalization;
using ContactCenter.Domain;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Security;

/// <summary>What account forms share.</summary>
static class Forms
{
    /// <summary>The same page again, with what is wrong: 422.</summary>
    public static PageResult Invalid(this PageModel page)
    {
        page.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return page.Page();
    }

    /// <summary>The same page again, and when to come back: 429.</summary>
    public static PageResult TooMany(this PageModel page, TimeSpan wait)
    {
        page.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        page.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return page.Page();
    }

    /// <summary>The same page again after a proof that was not right.</summary>
    public static PageResult Unproved(this PageModel page, Proof proof) =>
        proof.Outcome == ProofOutcome.TooMany ? page.TooMany(proof.Wait) : page.Invalid();

    public static int Minutes(TimeSpan wait) => Math.Max(1, (int)Math.Ceiling(wait.TotalMinutes));
}

/// <summary>One e-mail address and nothing else; an empty field is another attribute's to refuse.</summary>
[AttributeUsage(AttributeTargets.Property)]
sealed class MailAddressAttribute() : ValidationAttribute("This is not an e-mail address.")
{
    public override bool IsValid(object? value) => value is not string { Length: > 0 } text || Address.IsMail(text);
}

/// <summary>One line of text as people write it: no control characters (PostgreSQL refuses U+0000) and none that reorder
/// what is shown around them (Unicode bidirectional overrides).</summary>
[AttributeUsage(AttributeTargets.Property)]
sealed class NoControlsAttribute() : ValidationAttribute("This contains characters that cannot be used here.")
{
    public override bool IsValid(object? value) =>
        value is not string text || !text.Any(letter => char.IsControl(letter) || letter is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069'));
}
