using System.Globalization;
using ContactCenter.Security;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace ContactCenter.TagHelpers;

/// <summary>How much of a moment is shown.</summary>
public enum Moment
{
    /// <summary>The time if it is of today in the viewer's zone, else the date.</summary>
    Brief,
    Time,
    Date,
    DateTime,
}

/// <summary><c>&lt;time local="@at" show="Time" /&gt;</c>: a moment in the viewer's zone and language (X1), with the exact
/// one in <c>datetime</c> (UTC) and, where only a part is shown, the whole in <c>title</c>.</summary>
[HtmlTargetElement("time", Attributes = "local")]
public sealed class LocalTimeTagHelper(TimeProvider clock) : TagHelper
{
    [HtmlAttributeNotBound, ViewContext]
    public required ViewContext View { get; set; }

    public DateTimeOffset? Local { get; set; }

    public Moment Show { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (Local is not { } moment)
        {
            output.SuppressOutput();
            return;
        }
        var zone = View.HttpContext.User.Zone();
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("datetime", moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        if (Show != Moment.DateTime) output.Attributes.SetAttribute("title", Format(moment, Moment.DateTime, zone, clock));
        output.Content.SetContent(Format(moment, Show, zone, clock));
    }

    public static string Format(DateTimeOffset moment, Moment show, TimeZoneInfo zone, TimeProvider clock)
    {
        var local = TimeZoneInfo.ConvertTime(moment, zone);
        var today = TimeZoneInfo.ConvertTime(clock.GetUtcNow(), zone).Date;
        // The month by name: 3/4 is two different days on two sides of an ocean. times.js writes the same.
        var date = local.ToString(local.Year == today.Year ? "d MMM" : "d MMM yyyy");
        return show switch
        {
            Moment.Time => local.ToString("HH:mm"),
            Moment.Date => date,
            Moment.DateTime => $"{date}, {local:HH:mm}",
            Moment.Brief => local.Date == today ? local.ToString("HH:mm") : date,
        };
    }
}
