using System.ComponentModel.DataAnnotations;
using ContactCenter.Domain;

namespace ContactCenter.Security;

/// <summary>The time zones people choose from, by their IANA names.</summary>
public static class TimeZones
{
    /// <summary>The field in which zone.js tells the browser's zone.</summary>
    public const string Field = "zone";

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

    private static readonly Dictionary<string, string> Listed = All.ToDictionary(zone => zone, StringComparer.OrdinalIgnoreCase);

    /// <summary>The name as the list writes it, whatever its case and also by an older name; null for none.</summary>
    public static string? Find(string? name) =>
        name is not null && Listed.TryGetValue(name.Trim().Replace(' ', '_'), out var listed) ? listed : Zones.Find(name);
}

[AttributeUsage(AttributeTargets.Property)]
sealed class TimeZoneNameAttribute() : ValidationAttribute("Choose a time zone from the list, such as America/Montevideo.")
{
    public override bool IsValid(object? value) => value is string name && TimeZones.Find(name) is not null;
}
