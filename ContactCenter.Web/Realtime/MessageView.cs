using System.Globalization;
using ContactCenter.Domain;
using Microsoft.AspNetCore.Html;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Realtime;

/// <summary>One entry of a log as one audience sees it; rendered by <c>Pages/Shared/_Message.cshtml</c>.</summary>
/// <param name="Side"><c>out</c>: from the reader's side; <c>in</c>: from the other; <c>event</c>: a change.</param>
/// <param name="Status"><c>sent</c>, <c>delivered</c> or <c>read</c> for what the reader's side wrote; else null.</param>
/// <param name="Detail">For staff: what stands behind an event, such as why an agent was chosen.</param>
public sealed record MessageView(
    int Seq,
    Guid ClientId,
    string Side,
    string? Status,
    string By,
    IHtmlContent Body,
    DateTimeOffset At,
    string? Detail)
{
    /// <summary>The element's id: unique on a page that also shows entries of earlier conversations.</summary>
    public string Id { get; init; } = $"m-{Seq}";

    /// <summary>The view of an entry, or null where the audience is not told of it.</summary>
    public static MessageView? For(Message entry, Audience audience, Marks marks, IStringLocalizer<Text> text)
    {
        if (entry.Event is { } happened)
        {
            var said = audience.Side == Realtime.Side.Contact
                ? EventTexts.ForContact(happened, entry, text)
                : EventTexts.ForStaff(happened, entry, text);
            return said is null
                ? null
                : new MessageView(entry.Seq, entry.ClientId, "event", null, "", new HtmlContentBuilder().Append(said), entry.At,
                    audience.Side == Realtime.Side.Staff ? EventTexts.Detail(entry, text) : null);
        }
        var own = (entry.Author == Author.Contact) == (audience.Side == Realtime.Side.Contact);
        return new MessageView(
            entry.Seq, entry.ClientId, own ? "out" : "in", own ? StatusOf(entry.Seq, audience, marks) : null,
            entry.AuthorName, new HtmlString(MessageText.ToHtml(entry.Text)), entry.At, null);
    }

    private static string StatusOf(int seq, Audience audience, Marks marks)
    {
        var (delivered, read) = audience.Side == Realtime.Side.Contact
            ? (marks.StaffDelivered, marks.StaffRead)
            : (marks.ContactDelivered, marks.ContactRead);
        return seq <= read ? "read" : seq <= delivered ? "delivered" : "sent";
    }
}

/// <summary>The events of a conversation in words.</summary>
public static class EventTexts
{
    /// <summary>What the contact is told; null for what is none of theirs (a pause is not told, A10).</summary>
    public static string? ForContact(EventKind happened, Message entry, IStringLocalizer<Text> text) => (happened switch
    {
        EventKind.Assigned => text["{0} joined the conversation", entry.AuthorName],
        EventKind.Finished => text["{0} ended the conversation", entry.AuthorName],
        EventKind.Abandoned or EventKind.LeftByContact => text["You left the conversation"],
        EventKind.Vanished => text["You were away for longer than a place in the queue is kept, so this conversation was closed. Start again whenever you like."],
        EventKind.Closed => text["We have closed for now. What you wrote is kept, and somebody will answer it."],
        EventKind.Offered => text["We are open again: you are in the queue"],
        EventKind.ReturnedDisconnected or EventKind.ReturnedUnanswered or EventKind.ReturnedRemoved =>
            text["You are in the queue again, at the place you had"],
        EventKind.HandedOver or EventKind.PersonAsked or EventKind.NotUnderstood => text["{0} is getting a person for you", entry.AuthorName],
        EventKind.Queued or EventKind.Paused or EventKind.Resumed or EventKind.LeftOutOfHours or EventKind.BotGreeted => (LocalizedString?)null,
    })?.Value;

    public static string ForStaff(EventKind happened, Message entry, IStringLocalizer<Text> text) => happened switch
    {
        EventKind.Queued => text["Entered the queue"],
        EventKind.Assigned => text["Assigned to {0}", entry.AuthorName],
        EventKind.Paused => text["Paused by {0}", entry.AuthorName],
        EventKind.Resumed => text["Resumed by {0}", entry.AuthorName],
        EventKind.Finished => text["Finished by {0}", entry.AuthorName],
        EventKind.Abandoned => text["Abandoned by the contact"],
        EventKind.LeftByContact => text["Ended by the contact"],
        EventKind.ReturnedDisconnected => text["Back to the queue: {0} disconnected", entry.AuthorName],
        EventKind.ReturnedUnanswered => text["Back to the queue: {0} did not answer in time", entry.AuthorName],
        EventKind.ReturnedRemoved => text["Back to the queue: {0} does not work in this campaign any more", entry.AuthorName],
        EventKind.Closed => text["The campaign closed while the contact waited"],
        EventKind.LeftOutOfHours => text["Left outside office hours"],
        EventKind.Offered => text["The campaign opened: back in the queue"],
        EventKind.Vanished => text["Abandoned: the contact's page was gone and did not come back in time"],
        EventKind.BotGreeted => text["Greeted by the bot {0}", entry.AuthorName],
        EventKind.HandedOver => text["Handed over by the bot {0}", entry.AuthorName],
        EventKind.PersonAsked => text["The contact asked the bot {0} for a person", entry.AuthorName],
        EventKind.NotUnderstood => text["The bot {0} did not understand twice and called a person", entry.AuthorName],
    };

    /// <summary>What stands behind an event: the reason of an assignment (Q8), a closing note (A12).</summary>
    public static string? Detail(Message entry, IStringLocalizer<Text> text)
    {
        if (entry.Because is { } because)
            return because.Away == true ? $"{Why(because, text)}; {text["the contact's page was gone"]}" : Why(because, text);
        return entry.Text.Length > 0 ? entry.Text : null;
    }

    private static string Why(Because because, IStringLocalizer<Text> text)
    {
        if (because.Taken) return text["Taken from the waiting list"];
        var load = because.Exclusive
            ? text["The contact's exclusive agent: had {0} of {1}", Number(because.Held), Number(because.Limit)]
            : text["had {0} of {1}; {2} of {3} members could take it",
                Number(because.Held), Number(because.Limit), Number(because.Eligible), Number(because.Members)];
        return because.Distribution is { } distribution ? $"{Name(distribution, text)}: {load}" : load;
    }

    /// <summary>A distribution's name, as the campaign form lists it too.</summary>
    public static string Name(Distribution distribution, IStringLocalizer<Text> text) => distribution switch
    {
        Distribution.LeastActive => text["Fewest active"],
        Distribution.LeastRecent => text["Least recent"],
        Distribution.FewestCompleted => text["Fewest completed"],
        Distribution.Random => text["Random"],
        Distribution.RoundRobinMemory => text["Round robin"],
        Distribution.Linear => text["In order"],
        Distribution.WeightedRandom => text["Weighted random"],
    };

    private static string Number(int value) => value.ToString(CultureInfo.CurrentCulture);
}
