using ContactCenter.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Pages.Demo;

/// <summary>A sample shop with the widget on it, to try the visitor's side. In Development only.</summary>
[AllowAnonymous]
public sealed class IndexModel(IHostEnvironment environment) : PageModel
{
    public IActionResult OnGet()
    {
        if (!environment.IsDevelopment())
            return NotFound();
        // It stands for somebody else's page, which demands no trusted types.
        HttpContext.Csp().TrustedTypes = false;
        return Page();
    }
}
