using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.Options;

namespace ContactCenter.Security;

/// <summary>
/// Where the links lead that ContactCenter hands out: to the address its operator named. A request's Host is chosen by
/// whoever sends the request; a link made of it would carry its secret to them.
/// </summary>
public sealed partial class PublicAddress
{
    private readonly IHostEnvironment environment;
    private readonly ILogger log;
    private readonly List<string> named;
    private readonly List<string> allowed;

    public PublicAddress(IOptions<PlaceSettings> place, IHostEnvironment environment, ILogger<PublicAddress> log)
    {
        (this.environment, this.log) = (environment, log);
        Configured = place.Value.PublicUrl?.TrimEnd('/');
        named = [.. place.Value.AllowedHosts.Where(host => host.Length > 0).Select(InPunycode)];
        allowed = Configured is null ? named : [new Uri(Configured).IdnHost, .. named];
    }

    /// <summary>Scheme and host as configured, or null.</summary>
    public string? Configured { get; }

    /// <summary>Whether a request's host is looked at: where the operator said which are ours.</summary>
    public bool ChecksHosts => allowed.Count > 0;

    /// <summary>What links in mails begin with; null: none may leave.</summary>
    public string? ForMail(HttpRequest request) => Configured ?? (environment.IsDevelopment() ? Of(request) : null);

    /// <summary>The same of a mail that was asked for before, at <paramref name="site"/>.</summary>
    public string? ForMail(string site) => Configured ?? (environment.IsDevelopment() ? site : null);

    /// <summary>What links on a page begin with that are to be copied: also the host asked for, where the operator has named it.</summary>
    public string? ForPage(HttpRequest request) =>
        ForMail(request) ?? (named.Count > 0 && Matches(HostGuard.Named(request), named) ? Of(request) : null);

    /// <summary>Whether a request for this host is ours to answer. Loopback is: nobody outside gets there by its names.</summary>
    public bool Allows(HostString host) => Matches(host, allowed) || IsLoopback(host.Host);

    /// <summary>Tells the operator, at the start, what is missing.</summary>
    public void Tell()
    {
        if (environment.IsDevelopment()) return;
        if (Configured is null) LogNoAddress();
        if (!ChecksHosts) LogNoHosts();
    }

    /// <summary>A host of the configuration as requests name it (RFC 5891).</summary>
    /// <exception cref="ArgumentException">No host can be named so.</exception>
    internal static string InPunycode(string host)
    {
        if (Ascii.IsValid(host)) return host;
        const string below = "*.";
        var stars = host.StartsWith(below, StringComparison.Ordinal) ? below : "";
        return stars + new IdnMapping().GetAscii(host, stars.Length);
    }

    private static string Of(HttpRequest request) => $"{request.Scheme}://{request.Host}";

    private static bool Matches(HostString host, List<string> patterns)
    {
        try
        {
            return host.HasValue && HostString.MatchesAny(host.Value, [.. patterns.Select(each => new Microsoft.Extensions.Primitives.StringSegment(each))]);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static bool IsLoopback(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    [LoggerMessage(Level = LogLevel.Warning, Message = "ContactCenter__PublicUrl is not set: no mail with a link leaves, such as an invitation or for a forgotten password, because a request's Host could poison it. Set it to the address people use, such as https://chat.example.com")]
    private partial void LogNoAddress();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Requests are answered whatever host they name: neither ContactCenter__PublicUrl nor ContactCenter__AllowedHosts__0 is set")]
    private partial void LogNoHosts();
}
