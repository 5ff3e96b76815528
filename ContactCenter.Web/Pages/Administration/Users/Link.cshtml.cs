using ContactCenter.Domain;
using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages.Administration.Users;

/// <summary>Shows a link to choose a password, this once, for an administrator to hand over where no mail does.</summary>
[Authorize(Policies.Administrator)]
public sealed class LinkPage(
    UserStore users, UserManager<User> people, Accounts accounts, Sending sending, SecurityLog security, IStringLocalizer<Text> T) : PageModel
{
    public UserRecord Record { get; private set; } = null!;

    /// <summary>Null: nobody has said what it begins with.</summary>
    public string? Link { get; private set; }

    /// <summary>Whoever has the link of an account becomes its user: the administrator shows who they are. Null: they have, or need not.</summary>
    public ProofFields? Fields { get; private set; }

    // The answer to a GET would be kept in histories, and made again by every look.
    public IActionResult OnGet([FromRoute] Guid id) => Redirect($"/administration/users/{id}");

    public async Task<IActionResult> OnPostAsync(
        [FromRoute] Guid id, [FromForm] string? password, [FromForm] string? code, CancellationToken cancel)
    {
        if (await users.FindAsync(Viewer.Of(User), id, cancel) is not { } record || !sending.OffersLink(record, User.Id(), Request)
            || await people.FindByIdAsync($"{id}") is not { } user || await people.GetUserAsync(User) is not { } administrator) return NotFound();
        Record = record;
        // An account that nobody has entered yet can be taken from nobody; one that may more than an agent is worth having all the same.
        if ((!record.Invited || record.Settings.Supervises)
            && await accounts.ProveAsync(administrator, password, code) is { IsRight: false } proof)
        {
            Fields = ProofFields.Of(administrator, password, proof, T);
            return this.Unproved(proof);
        }
        Link = await sending.LinkAsync(people, user, Request);
        if (Link is not null) await security.WriteAsync(SecurityEventKind.LinkShown, id);
        if (Link is null) Response.StatusCode = StatusCodes.Status409Conflict;
        return Page();
    }
}
