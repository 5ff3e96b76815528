using System.Text.Encodings.Web;
using ContactCenter.Domain;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace ContactCenter.Security;

/// <summary>The session cookie, and what a request without a valid one is told: a page is sent to sign in; a fragment,
/// a stream or a script's request gets 401, because a sign-in page swapped into a pane helps nobody.</summary>
static class Sessions
{
    /// <summary>Names cookies as they are named here.</summary>
    public static ICookieManager Cookies { get; } = new HostCookies();

    public static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = "contactcenter";
        options.CookieManager = Cookies;
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.Cookie.Path = "/";
        options.ExpireTimeSpan = UserSession.Idle;
        options.SlidingExpiration = true;
        options.LoginPath = "/sign-in";
        options.ReturnUrlParameter = "returnUrl";
        options.Events.OnRedirectToLogin = context =>
        {
            if (!IsFragment(context.Request))
            {
                // Only the path: the host in it is the request's own word.
                context.Response.Redirect(new Uri(context.RedirectUri).PathAndQuery);
                return Task.CompletedTask;
            }
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            if (IsHtmx(context.Request))
                context.Response.Headers["HX-Redirect"] = $"/sign-in?returnUrl={UrlEncoder.Default.Encode(ShownPage(context.Request))}";
            return Task.CompletedTask;
        };
        options.Events.OnRedirectToAccessDenied = context =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        };
    }

    /// <summary>Between the password and the code: who it is that may show one, for five minutes.</summary>
    public static void ConfigureSecondStep(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = "contactcenter-second-step";
        options.CookieManager = Cookies;
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Strict;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.Cookie.Path = "/";
        options.ExpireTimeSpan = TimeSpan.FromMinutes(5);
    }

    public static bool IsHtmx(HttpRequest request) => request.Headers.ContainsKey("HX-Request");

    /// <summary>Whether a script asked: its answer is put into a page, never shown as one.</summary>
    public static bool IsFragment(HttpRequest request) =>
        IsHtmx(request)
        || request.Headers["Sec-Fetch-Dest"] == "empty"
        || request.Headers.Accept.ToString().StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase)
        || request.Path.Value?.EndsWith("/stream", StringComparison.Ordinal) == true;

    // The page around the fragment, to come back to.
    static string ShownPage(HttpRequest request) =>
        OwnPage(request, request.Headers["HX-Current-URL"].ToString()) ?? "/";

    /// <summary>The path of a page that the browser tells of, where the page is of this host; else null.</summary>
    public static string? OwnPage(HttpRequest request, string? told) =>
        Uri.TryCreate(told, UriKind.Absolute, out var page)
        && string.Equals(page.Authority, HostGuard.Named(request).Value, StringComparison.OrdinalIgnoreCase)
            ? page.PathAndQuery
            : null;

    /// <summary>Under TLS the cookie is a <c>__Host-</c> one (RFC 6265bis), which no sibling domain can plant; over plain
    /// HTTP, as on a developer's machine, browsers refuse that name.</summary>
    sealed class HostCookies : ICookieManager
    {
        readonly ChunkingCookieManager inner = new();

        static string Name(HttpContext context, string key) => context.Request.IsHttps ? "__Host-" + key : key;

        public string? GetRequestCookie(HttpContext context, string key) => inner.GetRequestCookie(context, Name(context, key));

        public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) =>
            inner.AppendResponseCookie(context, Name(context, key), value, options);

        public void DeleteCookie(HttpContext context, string key, CookieOptions options) =>
            inner.DeleteCookie(context, Name(context, key), options);
    }
}
