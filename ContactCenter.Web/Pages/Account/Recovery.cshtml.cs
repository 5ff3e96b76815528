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
using Microsoft.Extensions.Options;

namespace ContactCenter.Pages.Account;

[AllowAnonymous, EnableRateLimiting(Limits.SignIn)]
public sealed partial class RecoveryPage(
    OutboxStore outbox, Mailer mailer, ILookupNormalizer names, IOptions<PlaceSettings> place, ILogger<RecoveryPage> log) : PageModel
{
    [BindProperty]
    public RecoveryForm Form { get; set; } = new();

    public bool CanSend => mailer.IsConfigured;

    /// <summary>True for any address: whether it has an account is told by the mail only.</summary>
    public bool Asked { get; private set; }

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (!ModelState.IsValid) return this.Invalid();
        if (!CanSend)
        {
            LogNoServer();
            return Page();
        }
        var site = place.Value.PublicUrl?.TrimEnd('/') ?? $"{Request.Scheme}://{Request.Host}";
        // One account has one name here, however it was typed: what is asked for again is asked for once.
        var address = names.NormalizeEmail(Form.Email).ToLowerInvariant();
        await outbox.AskAsync(MailKind.Recovery, address, site, Texts.Language, cancel: cancel);
        Asked = true;
        return Page();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Somebody asked to recover a password, but ContactCenter:Smtp:Host is not set")]
    private partial void LogNoServer();
}

public sealed class RecoveryForm
{
    [Required(ErrorMessage = "Write your e-mail address."), EmailAddress(ErrorMessage = "This is not an e-mail address."),
     StringLength(256, ErrorMessage = "This is too long."), NoControls]
    public string Email { get; set; } = "";
}
