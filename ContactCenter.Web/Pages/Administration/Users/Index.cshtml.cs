using System.Globalization;
using ContactCenter.Domain;
using ContactCenter.Hosting;
using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages.Administration.Users;

/// <summary>Users: the form of one at the left, the table of whom the viewer administers at the right (D6).</summary>
[Authorize(Policies.Administrator)]
public sealed class IndexPage(
    UserStore users, UserManager<User> people, Accounts accounts, Sending sending, IStringLocalizer<Text> T) : PageModel
{
    /// <summary>Null: a new user.</summary>
    public Guid? Id { get; private set; }
    public UserForm Form { get; private set; } = new();
    public Problems Problems { get; private set; } = null!;
    public UserChoices Choices { get; private set; } = null!;
    public UserRecord? Record { get; private set; }
    public UserPage Found { get; private set; } = null!;
    public string Query { get; private set; } = "";
    public string? Done { get; private set; }

    /// <summary>What was asked for and could not be done.</summary>
    public string? Warning { get; private set; }
    public Conflict? Conflict { get; private set; }

    /// <summary>Whether a mail with a link can be sent.</summary>
    public bool CanSend => sending.CanSend(Request);

    public bool OffersLink => Record is { } record && sending.OffersLink(record, User.Id(), Request);

    /// <summary>Null: what is changed needs no proof of who the administrator is.</summary>
    public ProofFields? Fields { get; private set; }

    public async Task<IActionResult> OnGetAsync(
        [FromRoute] Guid? id, [FromQuery] string? q, [FromQuery] int? p, [FromQuery] string? done, CancellationToken cancel)
    {
        if (!await LoadAsync(id, q, p, cancel)) return NotFound();
        Form = Record is { } record ? UserForm.Of(record.Settings) : UserForm.New();
        Done = done switch
        {
            "saved" => T["Saved. It holds from now on, also for who is waiting."].Value,
            "moved" => T["Saved. Their sessions have ended, and a mail tells the former address."].Value,
            "invited" => T["A mail with a link to choose a password is on its way to {0}.", Form.Email ?? ""].Value,
            "activated" => T["They can sign in again."].Value,
            "two-factor" => T["The second step is off. Their sessions have ended; they sign in with their password alone."].Value,
            "deactivated" => T["They are signed out and cannot sign in. What they held is back in its queues."].Value,
            _ => null,
        };
        if (done == "moved-untold") Warning = T["Saved, and their sessions have ended. The former address could not be told, because mail is not set up here: tell them yourself."];
        if (done == "unsent")
            Warning = sending.HasServer
                ? T["The account is made, but no mail can be sent: the address of this site is not set up here yet (ContactCenter__PublicUrl)."]
                : T["The account is made, but no mail can be sent: mail is not set up here yet. Make a link below, and give it to them yourself."];
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(
        [FromRoute] Guid? id, [FromQuery] string? q, [FromQuery] int? p, [FromForm] UserForm form, CancellationToken cancel)
    {
        if (!await LoadAsync(id, q, p, cancel)) return NotFound();
        Form = form;
        var settings = form.Read(Problems, Choices, T);
        if (Problems.Any) return this.Invalid();
        if (AsksForProof(settings))
        {
            if (await people.GetUserAsync(User) is not { } administrator) return Challenge();
            if (await accounts.ProveAsync(administrator, form.Password, form.Code) is { IsRight: false } proof)
            {
                Fields = ProofFields.Of(administrator, form.Password, proof, T);
                return this.Unproved(proof);
            }
        }
        if (Record is { } record) return await SaveAsync(record, settings, cancel);

        var (outcome, made) = await users.CreateAsync(settings, Choices, User.Zone().Id, cancel);
        if (outcome != UserOutcome.Saved) return Taken();
        return Redirect(Address(made, done: await sending.SendAsync(settings.Email, User, Request, cancel)));
    }

    // Whoever finds an administrator's open browser takes over no account by giving it another address, and leaves no account
    // behind, theirs or another, that may more than an agent.
    private bool AsksForProof(UserSettings settings)
    {
        if (Record is not { Settings: var before } record) return settings.Supervises;
        return !string.Equals(before.Email, settings.Email, StringComparison.OrdinalIgnoreCase)
            || (record.Id == User.Id() && !before.Roles.ToHashSet(StringComparer.Ordinal).SetEquals(settings.Roles))
            || settings.Roles.Except(before.Roles, StringComparer.Ordinal).Any(role => role != Roles.Agent)
            || (settings.Supervises && !before.Groups.ToHashSet().SetEquals(settings.Groups));
    }

    private async Task<IActionResult> SaveAsync(UserRecord record, UserSettings settings, CancellationToken cancel)
    {
        var viewer = Viewer.Of(User);
        switch (await users.SaveAsync(viewer, record.Id, Form.Version ?? "", settings, Choices, cancel))
        {
            case UserOutcome.Saved:
                var moved = record.Settings.Email.Length > 0 && !record.Invited
                    && !string.Equals(record.Settings.Email, settings.Email, StringComparison.OrdinalIgnoreCase);
                return Redirect(Address(record.Id, done: !moved ? "saved" : sending.HasServer ? "moved" : "moved-untold"));
            case UserOutcome.EmailTaken:
                return Taken();
            case UserOutcome.LastAdministrator:
                Problems.Add("roles", T["Nobody else can administer: make somebody else an administrator first, who has chosen a password."]);
                return this.Invalid();
            case UserOutcome.Changed when await users.FindAsync(viewer, record.Id, cancel) is { } theirs:
                Record = theirs;
                Conflict = Conflict.Of(UserForm.Of(theirs.Settings).Lines(Choices, T), Form.Lines(Choices, T), Address(record.Id));
                Form.Version = theirs.Settings.Version;
                Response.StatusCode = StatusCodes.Status409Conflict;
                return Page();
            default:
                return NotFound();
        }
    }

    private PageResult Taken()
    {
        Problems.Add("email", T["There is an account with this e-mail address already."]);
        return this.Invalid();
    }

    private async Task<bool> LoadAsync(Guid? id, string? query, int? page, CancellationToken cancel)
    {
        var viewer = Viewer.Of(User);
        Problems = new Problems(T);
        Query = Addresses.Query(query);
        Choices = await users.ChoicesAsync(viewer, id, cancel);
        Found = await users.ListAsync(viewer, Query, page ?? 1, cancel);
        if ((Id = id) is not { } asked) return true;
        Record = await users.FindAsync(viewer, asked, cancel);
        return Record is not null;
    }

    /// <summary>A user's form, the table beside it as it is now.</summary>
    public string Address(Guid? id, int? page = null, string? done = null) => Addresses.With(
        "/administration/users" + (id is { } one ? $"/{one}" : ""), ("q", Query),
        ("p", (page ?? Found.Page) is var shown && shown > 1 ? shown.ToString(CultureInfo.InvariantCulture) : null), ("done", done));
}
