using ContactCenter.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Pages.Account;

[Authorize(Policies.SignedIn)]
public sealed class SignOutPage(SignInManager<User> session) : PageModel
{
    // Only by POST: a picture on another site must not sign anybody out.
    public IActionResult OnGet() => NotFound();

    public async Task<IActionResult> OnPostAsync()
    {
        await session.SignOutAsync();
        return Redirect("/sign-in");
    }
}
