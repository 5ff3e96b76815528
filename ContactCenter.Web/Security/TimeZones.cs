using System.ComponentModel.DataAnnotations;

namespace ContactCenter.Security;

/// <summary>The time zones people choose from, by their IANA names.</summary>
public static class TimeZones
{
    public static IReadOnlyList<string> All { get; } =
    [
        .. TimeZoneInfo.GetSystemTimeZones()
            .Select(zone => zone.HasIanaId ? zone.Id : TimeZoneInfo.TryConvertWindowsIdToIanaId(zone.Id, out var iana) ? iana : null)
            .OfType<string>()
            // Old aliases and the clocks without a place only lengthen the list.
            .Where(id => id == "UTC" || id.Contains('/') && !id.StartsWith("Etc/", StringComparison.Ordinal) && !id.StartsWith("posix", StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The name as the list writes it, or null for none.</summary>
    public static string? Find(string? name) =>
        All.FirstOrDefault(zone => zone.Equals(name?.Trim().Replace(' ', '_'), StringComparison.OrdinalIgnoreCase));
}

[AttributeUsage(AttributeTargets.Property)]
sealed class TimeZoneNameAttribute() : ValidationAttribute("Choose a time zone from the list, such as America/Montevideo.")
{
    public override bool IsValid(object? value) => value is string name && TimeZones.Find(name) is not null;
}
