using ContactCenter.Domain;
using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages.DirectMessages;

/// <summary>What supervisors and agents write to each other (S5, Chat with agent), as a page; the workspace opens it as a dialog.</summary>
[Authorize(Policies.Staff), EnableRateLimiting(Limits.Message)]
public sealed class IndexPage(Talks talks, DirectMessageStore messages, IStringLocalizer<Text> text) : PageModel
{
    public TalkView View { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid? with, CancellationToken cancel)
    {
        if (await talks.ReadAsync(Viewer.Of(User), with, inDialog: false, cancel) is not { } view) return NotFound();
        View = view;
        return Page();
    }

    /// <param name="message">The id the browser made: a repeat with it is stored once.</param>
    public async Task<IActionResult> OnPostAsync(
        [FromRoute] Guid? with, [FromForm(Name = "id")] Guid? message, [FromForm(Name = "text")] string? words, CancellationToken cancel)
    {
        if (with is not { } other) return NotFound();
        var clean = MessageText.Clean(words);
        if (message is not { } id || id == Guid.Empty) return await RefuseAsync(text["Not sent: it has no id."], other, words, cancel);
        if (clean.Value is not { } said)
            return await RefuseAsync(clean.Problem switch
            {
                MessageTextProblem.TooLong => text["Not sent: at most {0} characters.", MessageText.MaxLength],
                MessageTextProblem.NotText => text["Not sent: it has characters that are not text."],
                _ => text["Not sent: there is nothing to send."],
            }, other, words, cancel);
        var viewer = Viewer.Of(User);
        if (!await messages.SendAsync(viewer, other, id, said, cancel)) return NotFound();
        if (!Request.Headers.ContainsKey("HX-Request")) return Redirect($"/direct-messages/{other}");
        return await talks.ReadAsync(viewer, other, inDialog: true, cancel) is { } view ? Partial("_Log", view) : NotFound();
    }

    private async Task<IActionResult> RefuseAsync(string problem, Guid with, string? words, CancellationToken cancel)
    {
        if (!Sessions.IsFragment(Request))
        {
            if (await talks.ReadAsync(Viewer.Of(User), with, inDialog: false, cancel) is not { } view) return NotFound();
            View = view with { Draft = words ?? "", Problem = problem };
            return this.Invalid();
        }
        return new ContentResult
        {
            StatusCode = StatusCodes.Status422UnprocessableEntity,
            ContentType = "text/html; charset=utf-8",
            Content = System.Net.WebUtility.HtmlEncode(problem),
        };
    }
}
