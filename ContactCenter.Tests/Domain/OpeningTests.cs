using System.Globalization;
using ContactCenter.Domain;

namespace ContactCenter.Tests.Domain;

public sealed class OpeningTests
{
    private static readonly List<DayOfWeek> Weekdays =
        [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday];

    private static readonly List<DayOfWeek> EveryDay = [.. Enum.GetValues<DayOfWeek>()];

    private static OpeningHours Hours(string zone, params (List<DayOfWeek> Days, string From, string To)[] intervals) => new()
    {
        TimeZone = zone,
        Intervals = [.. intervals.Select(i => new WeeklyInterval
        {
            Days = i.Days,
            From = TimeOnly.Parse(i.From, CultureInfo.InvariantCulture),
            To = TimeOnly.Parse(i.To, CultureInfo.InvariantCulture),
        })],
    };

    private static DateTimeOffset At(string instant) => DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture);

    [Theory]
    // 20 November 2026 is a Friday; Montevideo is three hours behind UTC.
    [InlineData("2026-11-20T08:59:59-03:00", false, "2026-11-20T09:00:00-03:00")]
    [InlineData("2026-11-20T09:00:00-03:00", true, "2026-11-20T13:00:00-03:00")]
    [InlineData("2026-11-20T12:59:59-03:00", true, "2026-11-20T13:00:00-03:00")]
    [InlineData("2026-11-20T13:00:00-03:00", false, "2026-11-20T14:00:00-03:00")]
    [InlineData("2026-11-20T17:30:00-03:00", true, "2026-11-20T18:00:00-03:00")]
    [InlineData("2026-11-20T18:00:00-03:00", false, "2026-11-21T09:00:00-03:00")]
    [InlineData("2026-11-21T13:00:00-03:00", false, "2026-11-23T09:00:00-03:00")]
    public void Several_intervals_a_day_open_and_close_to_the_second(string now, bool open, string change)
    {
        var hours = Hours("America/Montevideo",
            (Weekdays, "09:00", "13:00"), (Weekdays, "14:00", "18:00"), ([DayOfWeek.Saturday], "09:00", "13:00"));

        Assert.Equal(new OpenState(open, At(change)), Opening.At(hours, At(now)));
    }

    [Theory]
    // 20 November 2026 is a Friday; the 23rd is a holiday.
    [InlineData("2026-11-20T08:00:00-03:00", "2026-11-20T09:00:00-03:00", 0)]
    [InlineData("2026-11-20T13:30:00-03:00", "2026-11-20T14:00:00-03:00", 0)]
    [InlineData("2026-11-20T18:30:00-03:00", "2026-11-21T09:00:00-03:00", 1)]
    // In Montevideo it is Friday still.
    [InlineData("2026-11-21T02:30:00Z", "2026-11-21T09:00:00-03:00", 1)]
    [InlineData("2026-11-21T13:00:00-03:00", "2026-11-24T09:00:00-03:00", 3)]
    public void A_closed_campaign_tells_when_it_opens_again_past_holidays(string now, string at, int days)
    {
        var hours = Hours("America/Montevideo",
            (Weekdays, "09:00", "13:00"), (Weekdays, "14:00", "18:00"), ([DayOfWeek.Saturday], "09:00", "13:00"));
        hours.Holidays = [new Holiday { Date = new DateOnly(2026, 11, 23) }];
        var opens = Reopening.Of(hours, At(now));
        Assert.Equal(new Reopening(At(at), days, "America/Montevideo"), opens);
        Assert.Equal((TimeSpan.FromHours(-3), "Montevideo"), (opens!.At.Offset, opens.Place));
    }

    [Fact]
    public void What_is_open_and_what_never_opens_tells_nothing()
    {
        Assert.Null(Reopening.Of(new OpeningHours(), At("2026-11-20T12:00:00Z")));
        Assert.Null(Reopening.Of(Hours("UTC", (EveryDay, "09:00", "18:00")), At("2026-11-20T12:00:00Z")));
        Assert.Null(Reopening.Of(Hours("UTC", ([], "09:00", "18:00")), At("2026-11-20T12:00:00Z")));
    }

    [Fact]
    public void An_interval_over_midnight_belongs_to_the_evening_it_begins_in()
    {
        var hours = Hours("America/Montevideo", ([DayOfWeek.Friday], "22:00", "02:00"));

        Assert.False(Opening.At(hours, At("2026-11-20T01:00:00-03:00")).IsOpen);
        Assert.Equal(new OpenState(true, At("2026-11-21T02:00:00-03:00")), Opening.At(hours, At("2026-11-20T23:00:00-03:00")));
        Assert.True(Opening.At(hours, At("2026-11-21T01:59:00-03:00")).IsOpen);
        Assert.Equal(new OpenState(false, At("2026-11-27T22:00:00-03:00")), Opening.At(hours, At("2026-11-21T02:00:00-03:00")));
    }

    [Fact]
    public void Intervals_that_touch_or_overlap_are_one()
    {
        var hours = Hours("UTC", (EveryDay, "22:00", "02:00"), (EveryDay, "02:00", "06:00"), (EveryDay, "05:00", "08:00"));

        Assert.Equal(new OpenState(true, At("2026-11-21T08:00:00Z")), Opening.At(hours, At("2026-11-20T22:30:00Z")));
    }

    [Fact]
    public void No_intervals_is_around_the_clock_and_a_holiday_closes_the_whole_day()
    {
        var hours = new OpeningHours
        {
            TimeZone = "America/Montevideo",
            Holidays = [new Holiday { Date = new DateOnly(2026, 12, 25), Name = "Navidad" }],
        };

        Assert.Equal(new OpenState(true, At("2026-12-25T00:00:00-03:00")), Opening.At(hours, At("2026-12-24T12:00:00-03:00")));
        Assert.Equal(new OpenState(false, At("2026-12-26T00:00:00-03:00")), Opening.At(hours, At("2026-12-25T12:00:00-03:00")));
    }

    [Fact]
    public void A_holiday_also_ends_what_began_the_evening_before()
    {
        var hours = Hours("UTC", (EveryDay, "20:00", "04:00"));
        hours.Holidays.Add(new Holiday { Date = new DateOnly(2026, 12, 25) });

        Assert.Equal(new OpenState(true, At("2026-12-25T00:00:00Z")), Opening.At(hours, At("2026-12-24T21:00:00Z")));
        Assert.Equal(new OpenState(false, At("2026-12-26T20:00:00Z")), Opening.At(hours, At("2026-12-25T21:00:00Z")));
    }

    [Fact]
    public void Over_the_night_the_clock_goes_forward_opening_in_the_skipped_hour_waits_for_it_to_end()
    {
        // Madrid, 29 March 2026: 02:00 becomes 03:00.
        var hours = Hours("Europe/Madrid", (EveryDay, "02:30", "05:00"));

        Assert.Equal(new OpenState(false, At("2026-03-29T03:00:00+02:00")), Opening.At(hours, At("2026-03-29T01:30:00+01:00")));
        Assert.Equal(new OpenState(true, At("2026-03-29T05:00:00+02:00")), Opening.At(hours, At("2026-03-29T03:00:00+02:00")));
    }

    [Fact]
    public void Over_the_night_the_clock_goes_back_the_repeated_hour_is_open_both_times()
    {
        // Madrid, 25 October 2026: 03:00 becomes 02:00.
        var hours = Hours("Europe/Madrid", (EveryDay, "02:00", "02:30"));

        Assert.True(Opening.At(hours, At("2026-10-25T02:10:00+02:00")).IsOpen);
        Assert.Equal(new OpenState(true, At("2026-10-25T02:30:00+01:00")), Opening.At(hours, At("2026-10-25T02:10:00+01:00")));
        Assert.False(Opening.At(hours, At("2026-10-25T02:30:00+01:00")).IsOpen);
    }

    [Fact]
    public void Nine_to_six_stays_nine_to_six_on_the_wall_in_summer_and_winter()
    {
        var hours = Hours("Europe/Madrid", (EveryDay, "09:00", "18:00"));

        Assert.Equal(At("2026-03-28T09:00:00+01:00"), Opening.At(hours, At("2026-03-28T03:00:00+01:00")).NextChange);
        Assert.Equal(At("2026-03-29T09:00:00+02:00"), Opening.At(hours, At("2026-03-28T20:00:00+01:00")).NextChange);
    }

    [Fact]
    public void A_campaign_that_never_opens_says_so()
    {
        var hours = Hours("UTC", ([], "09:00", "18:00"));

        Assert.Equal(new OpenState(false, null), Opening.At(hours, At("2026-11-20T12:00:00Z")));
    }

    [Theory]
    [InlineData("00:00", "23:59")]
    [InlineData("00:00", "00:00")]
    [InlineData("09:00", "09:00")]
    [InlineData("18:00", "17:59")]
    [InlineData("10:30", "10:29")]
    public void A_whole_day_is_written_in_many_ways_and_none_closes_for_a_minute(string from, string to)
    {
        var hours = Hours("America/Montevideo", (EveryDay, from, to));

        Assert.True(Opening.NeverCloses(hours));
        Assert.Equal(new OpenState(true, null), Opening.At(hours, At("2026-11-20T23:59:30-03:00")));
        Assert.Equal([new OpenStretch(DayOfWeek.Monday, 0, 7 * 1440)], Opening.Week(hours, DayOfWeek.Monday));

        // Also where days must be looked at one by one.
        hours.Holidays.Add(new Holiday { Date = new DateOnly(2026, 12, 25) });
        for (var now = At("2026-11-20T00:00:30-03:00"); now < At("2026-11-22T00:00:00-03:00"); now = now.AddMinutes(1))
            Assert.Equal(new OpenState(true, At("2026-12-25T00:00:00-03:00")), Opening.At(hours, now));
    }

    [Theory]
    [InlineData("09:00", "17:59", "18:00")]
    [InlineData("09:00", "17:58", "17:58")]
    [InlineData("09:00", "17:00", "17:00")]
    [InlineData("20:00", "23:59", "24:00")]
    [InlineData("20:00", "02:59", "27:00")]
    public void An_end_at_59_is_the_last_minute_that_is_open(string from, string to, string closes)
    {
        var end = TimeSpan.FromMinutes((int.Parse(closes[..2], CultureInfo.InvariantCulture) * 60) + int.Parse(closes[3..], CultureInfo.InvariantCulture));
        var hours = Hours("America/Montevideo", ([DayOfWeek.Friday], from, to));
        var expected = At("2026-11-20T00:00:00-03:00") + end;

        Assert.Equal(new OpenState(true, expected), Opening.At(hours, At($"2026-11-20T{from}:00-03:00")));
        Assert.Equal(new OpenState(true, expected), Opening.At(hours, expected.AddSeconds(-1)));
        Assert.False(Opening.At(hours, expected).IsOpen);
        Assert.Equal((int)end.TotalMinutes, Assert.Single(Opening.Week(hours, DayOfWeek.Sunday)).To);
    }

    [Fact]
    public void Shifts_written_to_their_last_minute_join_the_next_ones_whatever_the_minute_and_across_midnight()
    {
        var hours = Hours("America/Montevideo",
            (EveryDay, "00:00", "07:29"), (EveryDay, "07:30", "15:59"), (EveryDay, "16:00", "23:59"));
        Assert.True(Opening.NeverCloses(hours));

        hours = Hours("America/Montevideo", ([DayOfWeek.Friday], "09:00", "12:29"), ([DayOfWeek.Saturday], "12:30", "18:00"));
        Assert.Equal(At("2026-11-20T12:29:00-03:00"), Opening.At(hours, At("2026-11-20T10:00:00-03:00")).NextChange);
        hours = Hours("America/Montevideo", ([DayOfWeek.Friday], "09:00", "12:28"), ([DayOfWeek.Friday], "12:30", "18:00"));
        Assert.Equal(At("2026-11-20T12:28:00-03:00"), Opening.At(hours, At("2026-11-20T10:00:00-03:00")).NextChange);
        hours = Hours("America/Montevideo", ([DayOfWeek.Friday], "22:00", "00:29"), ([DayOfWeek.Saturday], "00:30", "03:00"));
        Assert.Equal(At("2026-11-21T03:00:00-03:00"), Opening.At(hours, At("2026-11-20T23:00:00-03:00")).NextChange);
    }

    [Fact]
    public void The_week_is_told_in_stretches_that_run_over_days_and_over_its_end()
    {
        Assert.Equal(
            [new OpenStretch(DayOfWeek.Monday, 9 * 60, (24 + 2) * 60)],
            Opening.Week(Hours("UTC", ([DayOfWeek.Monday], "09:00", "23:59"), ([DayOfWeek.Tuesday], "00:00", "01:59")), DayOfWeek.Monday));
        Assert.Equal(
            [new OpenStretch(DayOfWeek.Wednesday, 0, 60), new OpenStretch(DayOfWeek.Sunday, 22 * 60, (24 + 8) * 60)],
            Opening.Week(
                Hours("UTC", ([DayOfWeek.Sunday], "22:00", "06:00"), ([DayOfWeek.Monday], "05:00", "08:00"), ([DayOfWeek.Wednesday], "00:00", "01:00")),
                DayOfWeek.Monday));
        Assert.Empty(Opening.Week(Hours("UTC", ([], "09:00", "18:00")), DayOfWeek.Monday));
        Assert.False(Opening.NeverCloses(Hours("UTC", (EveryDay, "00:00", "23:58"))));
    }

    [Theory]
    // Around the nights in which clocks change, also those that skip or repeat midnight.
    [InlineData("Europe/Madrid", "2026-03-29")]
    [InlineData("Europe/Madrid", "2026-10-25")]
    [InlineData("America/Santiago", "2026-09-06")]
    [InlineData("America/Havana", "2026-11-01")]
    [InlineData("America/Asuncion", "2024-10-06")]
    [InlineData("Australia/Lord_Howe", "2026-10-04")]
    public void Shifts_that_touch_stay_joined_when_the_clock_changes(string zone, string day)
    {
        var night = At(day + "T00:00:00Z");
        foreach (var (from, to, next) in new[] { ("18:00", "23:59", "00:00"), ("12:00", "01:59", "02:00"), ("14:00", "02:29", "02:30"), ("13:00", "01:00", "01:00") })
        {
            var hours = Hours(zone, (EveryDay, from, to), (EveryDay, next, "11:59"));
            hours.Intervals[1].To = hours.Intervals[0].From;
            hours.Holidays.Add(new Holiday { Date = DateOnly.FromDateTime(night.Date).AddDays(20) });
            for (var now = night.AddHours(-30); now < night.AddHours(30); now = now.AddMinutes(10))
                Assert.True(Opening.At(hours, now).IsOpen, $"{from}–{to}, {next} at {now:u}");
        }
    }

    [Fact]
    public void What_lies_wholly_in_the_hour_that_the_clock_skips_announces_no_opening()
    {
        var hours = Hours("Europe/Madrid", (EveryDay, "02:15", "02:45"));

        Assert.Equal(new OpenState(false, At("2026-03-30T02:15:00+02:00")), Opening.At(hours, At("2026-03-29T01:30:00+01:00")));
    }

    [Fact]
    public void Over_a_whole_year_every_answer_agrees_with_the_next_change_it_announced()
    {
        var hours = Hours("Europe/Madrid", (Weekdays, "09:00", "14:00"), (Weekdays, "16:00", "19:30"), ([DayOfWeek.Friday], "22:00", "03:00"));
        hours.Holidays.Add(new Holiday { Date = new DateOnly(2026, 12, 25) });
        var now = At("2026-01-01T00:00:00Z");
        var changes = 0;
        while (now < At("2027-01-01T00:00:00Z"))
        {
            var state = Opening.At(hours, now);
            var change = Assert.NotNull(state.NextChange);
            Assert.True(change > now);
            Assert.Equal(state.IsOpen, Opening.At(hours, change.AddSeconds(-1)).IsOpen);
            Assert.NotEqual(state.IsOpen, Opening.At(hours, change).IsOpen);
            (now, changes) = (change, changes + 1);
        }
        // 260 weekdays with two openings each, and the Friday nights.
        Assert.InRange(changes, 1100, 1160);
    }
}
