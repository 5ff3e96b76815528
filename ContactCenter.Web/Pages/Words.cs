using System.Globalization;
using ContactCenter.Domain;
using ContactCenter.Storage;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages;

/// <summary>How domain values read on a page.</summary>
public static class Words
{
    /// <summary>The class that carries a state's colour.</summary>
    public static string Css(this ConversationState state) => state switch
    {
        ConversationState.Waiting => "waiting",
        ConversationState.Attending => "attending",
        ConversationState.Paused => "paused",
        ConversationState.OutOfHours => "outofhours",
        ConversationState.Finished => "finished",
    };

    public static string Css(this InboxTab tab) => tab switch
    {
        InboxTab.Waiting => "waiting",
        InboxTab.Attending => "attending",
        InboxTab.Paused => "paused",
        InboxTab.OutOfHours => "outofhours",
    };

    public static string Name(this InboxTab tab, IStringLocalizer<Text> text) => tab switch
    {
        InboxTab.Waiting => text["Waiting"],
        InboxTab.Attending => text["Attending"],
        InboxTab.Paused => text["Paused"],
        InboxTab.OutOfHours => text["Off hours"],
    };

    public static string Name(this ConversationState state, IStringLocalizer<Text> text) => state switch
    {
        ConversationState.Waiting => text["Waiting"],
        ConversationState.Attending => text["Attending"],
        ConversationState.Paused => text["Paused"],
        ConversationState.OutOfHours => text["Off hours"],
        ConversationState.Finished => text["Finished"],
    };

    /// <summary>A role of <see cref="Roles"/>.</summary>
    public static string Role(string role, IStringLocalizer<Text> text) => role switch
    {
        Roles.Agent => text["Agent"],
        Roles.Supervisor => text["Supervisor"],
        _ => text["Administrator"],
    };

    public static string Name(this Ending ending, IStringLocalizer<Text> text) => ending switch
    {
        Ending.Completed => text["Completed"],
        Ending.Abandoned => text["Abandoned"],
        Ending.Inactive => text["Inactive"],
    };

    public static string Name(this Channel channel, IStringLocalizer<Text> text) => channel switch
    {
        Channel.WebChat => text["Web chat"],
    };

    public static string Icon(this Channel channel) => channel switch
    {
        Channel.WebChat => "globe",
    };

    /// <summary>What becomes of what an agent has open where somebody else ends their sessions.</summary>
    public static string Returns(this Held held, IStringLocalizer<Text> text)
    {
        if (held.Open == 0) return text["They hold no conversation."];
        var open = held.Open == 1
            ? text["Their open conversation goes back to its place in the queue."].Value
            : text["Their {0} open conversations go back to their places in the queue.", held.Open].Value;
        return held.Paused switch
        {
            0 => open,
            1 when held.Open == 1 => $"{open} {text["It is paused."]}",
            1 => $"{open} {text["One of them is paused."]}",
            var paused => $"{open} {text["{0} of them are paused.", paused]}",
        };
    }

    /// <summary>Why what is pending calls for attention, as a notification of the browser says it.</summary>
    public static string Calls(this InboxItem item, IStringLocalizer<Text> text) =>
        item.State == ConversationState.Waiting ? text["Somebody is waiting"] : item.Fresh ? text["New conversation"] : text["New message"];

    public static string Who(this InboxItem item) => $"{item.Contact} · {item.Campaign}";

    /// <summary>The tab a conversation stands in, or null for a finished one.</summary>
    public static InboxTab? Tab(this ConversationState state) => state switch
    {
        ConversationState.Waiting => InboxTab.Waiting,
        ConversationState.Attending => InboxTab.Attending,
        ConversationState.Paused => InboxTab.Paused,
        ConversationState.OutOfHours => InboxTab.OutOfHours,
        ConversationState.Finished => null,
    };

    /// <summary>Minutes and seconds, with hours where there are any: 0:24, 12:05, 1:02:11.</summary>
    public static string Clock(this TimeSpan span) => span.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours}:{span.Minutes:00}:{span.Seconds:00}")
        : string.Create(CultureInfo.InvariantCulture, $"{span.Minutes}:{span.Seconds:00}");

    /// <summary>Up to two letters that stand for a name; for a number its last two digits.</summary>
    public static string Initials(string name)
    {
        var words = name.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => char.IsLetter(word, 0)).ToArray();
        return words.Length switch
        {
            0 => name.Length >= 2 && char.IsAsciiDigit(name[^1]) ? name[^2..] : "?",
            1 => First(words[0]),
            _ => First(words[0]) + First(words[^1]),
        };
    }

    /// <summary>A moment as <c>datetime</c> wants it.</summary>
    public static string Iso(this DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string First(string word) => StringInfo.GetNextTextElement(word);
}
