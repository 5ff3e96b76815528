using System.ComponentModel.DataAnnotations;
using ContactCenter.Domain;
using ContactCenter.Hosting;
using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;

namespace ContactCenter.Pages.Account;

[AllowAnonymous, EnableRateLimiting(Limits.SignIn)]
public sealed partial class RecoveryPage(
    OutboxStore outbox, Mailer mailer, ILookupNormalizer names, PublicAddress place, ILogger<RecoveryPage> log) : PageModel
{
    [BindProperty]
    public RecoveryForm Form { get; set; } = new();

    public bool HasMail => mailer.IsConfigured;

    /// <summary>Whether a link can be sent: by mail, and to an address that leads here.</summary>
    public bool CanSend => HasMail && place.ForMail(Request) is not null;

    /// <summary>True for any address: whether it has an account is told by the mail only.</summary>
    public bool Asked { get; private set; }

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (!ModelState.IsValid) return this.Invalid();
        if (!HasMail || place.ForMail(Request) is not { } site)
        {
            LogCannotSend(HasMail ? "ContactCenter:PublicUrl" : "ContactCenter:Smtp:Host");
            return Page();
        }
        // One account has one name here, however it was typed: what is asked for again is asked for once.
        var address = names.NormalizeEmail(Form.Email).ToLowerInvariant();
        await outbox.AskAsync(MailKind.Recovery, address, site, Texts.Language, cancel: cancel);
        Asked = true;
        return Page();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Somebody asked to recover a password, but {Setting} is not set")]
    private partial void LogCannotSend(string setting);
}

public sealed class RecoveryForm
{
    [Required(ErrorMessage = "Write your e-mail address."), MailAddress,
     StringLength(Address.LongestMail, ErrorMessage = "This is too long.")]
    public string Email { get; set; } = "";
}
