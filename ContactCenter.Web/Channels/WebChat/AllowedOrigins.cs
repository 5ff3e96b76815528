namespace ContactCenter.Channels.WebChat;

/// <summary>
/// Which pages may embed a campaign's widget (W1): origins such as <c>https://shop.example</c>, a port as
/// <c>http://localhost:*</c>, every subdomain as <c>https://*.shop.example</c>, or <c>*</c> for any page. The forms are
/// those of a CSP host-source (CSP level 3, 2.3.1), so that browser and server read one list alike.
/// </summary>
public static class AllowedOrigins
{
    /// <summary>Whether <paramref name="origin"/>, as browsers write it (RFC 6454, 6.2), is in the list.</summary>
    public static bool Allow(IReadOnlyList<string> allowed, string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var page)
        && page.Scheme is "http" or "https"
        && allowed.Any(entry => Matches(entry.Trim(), page));

    /// <summary>The sources for <c>frame-ancestors</c>: this server's own pages and the list, without what is no origin.</summary>
    public static IReadOnlyList<string> Sources(IReadOnlyList<string> allowed) =>
        [.. allowed.Select(entry => entry.Trim()).Where(IsSource).Prepend("'self'")];

    /// <summary>Whether an entry has one of the four forms; an administrator may only store those.</summary>
    public static bool IsSource(string entry) => entry == "*" || Parse(entry) is not null;

    private static bool Matches(string entry, Uri page)
    {
        if (entry == "*")
            return true;
        if (Parse(entry) is not var (scheme, host, port))
            return false;
        return scheme == page.Scheme
            && (port == "*" || (port.Length == 0 ? page.IsDefaultPort : port == page.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)))
            && (host.StartsWith("*.", StringComparison.Ordinal)
                ? page.Host.EndsWith(host[1..], StringComparison.OrdinalIgnoreCase)
                : page.Host.Equals(host, StringComparison.OrdinalIgnoreCase));
    }

    private static (string Scheme, string Host, string Port)? Parse(string entry)
    {
        var scheme = entry.StartsWith("https://", StringComparison.Ordinal) ? "https"
            : entry.StartsWith("http://", StringComparison.Ordinal) ? "http" : null;
        if (scheme is null)
            return null;
        var rest = entry[(scheme.Length + 3)..];
        var colon = rest.LastIndexOf(':');
        var (host, port) = colon < 0 ? (rest, "") : (rest[..colon], rest[(colon + 1)..]);
        var name = host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host;
        var goodPort = colon < 0 || port == "*" || (port.Length is > 0 and <= 5 && port.All(char.IsAsciiDigit));
        var goodName = name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-');
        if (!goodPort || !goodName)
            return null;
        var isDefault = port == (scheme == "https" ? "443" : "80");
        return (scheme, host, isDefault ? "" : port);
    }
}
