using Microsoft.AspNetCore.Identity;

namespace ContactCenter.Security;

/// <summary>A person who signs in: agent, supervisor or administrator (D6).</summary>
public class User : IdentityUser<Guid>
{
    /// <summary>The name colleagues and contacts see.</summary>
    public required string DisplayName { get; set; }

    /// <summary>Interface language: <c>es</c>, <c>en</c>, <c>pt</c>; null takes the browser's.</summary>
    public string? Language { get; set; }

    /// <summary>IANA time zone in which times are shown.</summary>
    public string TimeZone { get; set; } = "UTC";

    /// <summary>Whether they chose the zone or their browser told it; until then it is a guess and the next sign-in may tell better.</summary>
    public bool TimeZoneKnown { get; set; }

    /// <summary>An inactive user cannot sign in and is assigned nothing; what they did stays.</summary>
    public bool Active { get; set; } = true;
}
