using ContactCenter.Domain;
using ContactCenter.Security;

namespace ContactCenter.Tests.Domain;

public sealed class ZonesTests
{
    [Theory]
    [InlineData("America/Montevideo", "America/Montevideo")]
    [InlineData("america/montevideo", "America/Montevideo")]
    [InlineData(" America/Sao Paulo ", "America/Sao_Paulo")]
    [InlineData("America/Buenos_Aires", "America/Argentina/Buenos_Aires")]
    [InlineData("Asia/Calcutta", "Asia/Kolkata")]
    [InlineData("asia/katmandu", "Asia/Kathmandu")]
    [InlineData("Europe/Kiev", "Europe/Kyiv")]
    [InlineData("US/Eastern", "America/New_York")]
    [InlineData("Brazil/East", "America/Sao_Paulo")]
    [InlineData("Etc/UTC", "UTC")]
    [InlineData("GMT", "UTC")]
    [InlineData("utc", "UTC")]
    [InlineData("Etc/GMT+3", "Etc/GMT+3")]
    [InlineData("Mars/Olympus", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    [InlineData("/", null)]
    [InlineData("../../etc/passwd", null)]
    [InlineData("/etc/passwd", null)]
    [InlineData("America/../../../etc/passwd", null)]
    [InlineData("America/Monte\0video", null)]
    public void A_zone_is_known_by_its_name_and_by_older_ones(string? given, string? known) => Assert.Equal(known, TimeZones.Find(given));

    [Fact]
    public void An_unknown_zone_is_utc_and_no_error()
    {
        Assert.Equal(TimeSpan.Zero, Zones.Of("Mars/Olympus").BaseUtcOffset);
        Assert.Equal(TimeSpan.FromHours(-3), Zones.Of("America/Buenos_Aires").BaseUtcOffset);
        Assert.Equal(TimeSpan.FromMinutes(330), Zones.Of("Asia/Calcutta").BaseUtcOffset);
        Assert.Null(TimeZones.Find(new string('a', 100_000) + "/b"));
    }

    [Fact]
    public void Every_zone_that_can_be_chosen_is_found_again()
    {
        Assert.True(TimeZones.All.Count > 300);
        Assert.All(TimeZones.All, zone => Assert.Equal(zone, TimeZones.Find(zone)));
    }

    [Fact]
    public void Hours_in_a_zone_of_an_older_name_are_kept_in_it()
    {
        var hours = new OpeningHours
        {
            TimeZone = "America/Buenos_Aires",
            Intervals = [new() { Days = [DayOfWeek.Friday], From = new(9, 0), To = new(18, 0) }],
        };
        Assert.Equal(
            new OpenState(false, new DateTimeOffset(2026, 11, 20, 9, 0, 0, TimeSpan.FromHours(-3))),
            Opening.At(hours, new DateTimeOffset(2026, 11, 20, 11, 0, 0, TimeSpan.Zero)));
    }
}
