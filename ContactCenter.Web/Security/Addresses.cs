using System.Net;

namespace ContactCenter.Security;

/// <summary>
/// Where a request comes from, as limits count it. The address is the connection's, or what a trusted proxy says of it; how it
/// is spelled (IPv4 within IPv6, ports, zones, what a subscriber may vary by themselves) makes no other sender of it.
/// </summary>
public static class Addresses
{
    /// <summary>An IPv4 address, or the first 64 bits of an IPv6 one: a subscriber's network, the rest is theirs to vary.</summary>
    public static string Of(HttpContext context) => Prefix(context, 8) ?? "unknown";

    /// <summary>The first 48 bits of an IPv6 address, which may be one subscriber's 65,536 networks; null for an IPv4 address.</summary>
    public static string? SiteOf(HttpContext context) =>
        Plain(context) is { AddressFamily: System.Net.Sockets.AddressFamily.InterNetworkV6 } ? Prefix(context, 6) : null;

    private static string? Prefix(HttpContext context, int bytes) =>
        Plain(context)?.GetAddressBytes() is { } address ? Convert.ToHexString(address, 0, Math.Min(address.Length, bytes)) : null;

    private static IPAddress? Plain(HttpContext context) =>
        context.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : context.Connection.RemoteIpAddress;
}
