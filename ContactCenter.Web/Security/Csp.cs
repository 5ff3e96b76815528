using System.Buffers;
using System.Security.Cryptography;

namespace ContactCenter.Security;

/// <summary>The Content-Security-Policy of one answer (CSP level 3). Everything starts from nothing: scripts run only with
/// this request's nonce, styles come from this host, and nobody frames the page unless it says who may.</summary>
public sealed class Csp
{
    // A source with one of these would end its directive and begin another.
    private static readonly SearchValues<char> Separators = SearchValues.Create(" ;,\r\n\t");

    private string? nonce;

    /// <summary>This request's nonce, 128 random bits: on each script and style element and, as <c>hx-nonce</c>, on each htmx element.</summary>
    public string Nonce => nonce ??= Convert.ToBase64String(RandomNumberGenerator.GetBytes(16)).Replace('+', '-').Replace('/', '_').TrimEnd('=');

    /// <summary>Who may show the page in a frame, as CSP sources. Empty, the default: nobody.</summary>
    public IReadOnlyList<string> FrameAncestors { get; set; } = [];

    /// <summary>False for a page whose scripts are someone else's, such as the demo shop: it then demands no trusted types.</summary>
    public bool TrustedTypes { get; set; } = true;

    private static bool IsSafe(string source) => source.Length > 0 && !source.AsSpan().ContainsAny(Separators);

    internal bool Framed => FrameAncestors.Any(IsSafe);

    /// <summary>Whether anything in the answer carries the nonce.</summary>
    internal bool NonceUsed => nonce is not null;

    /// <summary>For a fragment without a script or an htmx attribute: nothing may run, were it ever opened as a page.</summary>
    internal const string Nothing = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    internal string Header() =>
        $"default-src 'none'; script-src 'nonce-{Nonce}'; style-src 'self' 'nonce-{Nonce}'; img-src 'self' data: blob:; font-src 'self'; "
        + "media-src 'self' blob:; connect-src 'self'; frame-src 'self'; manifest-src 'self'; worker-src 'self'; "
        + $"form-action 'self'; base-uri 'none'; frame-ancestors {(Framed ? string.Join(' ', FrameAncestors.Where(IsSafe)) : "'none'")}"
        + (TrustedTypes ? "; require-trusted-types-for 'script'; trusted-types htmx" : "");
}

/// <summary>Reaches the policy of the current answer.</summary>
public static class CspExtensions
{
    public static Csp Csp(this HttpContext context)
    {
        if (context.Features.Get<Csp>() is { } csp) return csp;
        csp = new Csp();
        context.Features.Set(csp);
        return csp;
    }
}
