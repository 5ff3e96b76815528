using ContactCenter.Domain;
using ContactCenter.Storage;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages.Administration.Campaigns;

/// <summary>A campaign form in words, so that two of its versions can be compared.</summary>
static class Comparison
{
    public static IEnumerable<(string Label, string Text)> Lines(CampaignForm form, CampaignChoices choices, IStringLocalizer<Text> T)
    {
        string Number(string? typed) => typed?.Trim() ?? "";
        string Yes(bool on) => on ? T["yes"] : T["no"];
        yield return (T["Name"], form.Name?.Trim() ?? "");
        yield return (T["Client and project"], NameOf(choices.Projects, form.Project));
        yield return (T["Department"], NameOf(choices.Departments, form.Department));
        yield return (T["Security groups"], string.Join(", ", choices.Groups.Where(group => form.Groups.Contains(group.Id)).Select(group => group.Name)));
        yield return (T["Enabled"], Yes(form.Enabled));
        yield return (T["Strategy"], Strategies.NameOf(form.Eligibility, T));
        yield return (T["Distribution"], Strategies.DistributionOf(form.Distribution, T));
        yield return (T["Maximum per agent"], Number(form.MaximumPerAgent));
        yield return (T["Maximum waiting (ACD)"], Number(form.MaximumWaiting));
        yield return (T["Answer within (s)"], Number(form.AnswerWithin));
        yield return (T["Wait for the exclusive agent (min)"], Number(form.ExclusiveWait));
        yield return (T["Skills"], form.Skills?.Trim() ?? "");
        yield return (T["Service level (s)"], Number(form.ServiceLevel));
        yield return (T["Service level target (%)"], Number(form.ServiceTarget));
        yield return (T["Place kept for (s)"], Number(form.AbandonAfter));
        yield return (T["Abandonment at most (%)"], Number(form.AbandonTarget));
        yield return (T["T1: yellow from (s)"], Number(form.Yellow));
        yield return (T["T2: red from (s)"], Number(form.Red));
        yield return (T["T3: idle alert after (s)"], Number(form.Idle));
        yield return (T["Time zone"], form.TimeZone?.Trim() ?? "");
        yield return (T["Hours"], string.Join("; ", form.Hours.Select(row =>
            $"{string.Join(' ', row.Days.Select(Strategies.DayOf))} {row.From}–{row.To}")));
        yield return (T["Holidays"], string.Join("; ", form.Holidays.Select(row => $"{row.Date} {row.Name}".Trim())));
        (string Name, TextRow Text)[] texts =
        [
            (T["Welcome message"], form.Welcome), (T["Agent's greeting"], form.Greeting), (T["Closing comment"], form.Closing),
            (T["Out of hours"], form.OutOfHours), (T["Not available"], form.NotAvailable),
            (T["Bot's welcome"], form.BotWelcome), (T["When it does not understand"], form.BotFallback),
        ];
        foreach (var (name, text) in texts)
        {
            yield return ($"{name} (español)", Normal(text.Es));
            yield return ($"{name} (English)", Normal(text.En));
            yield return ($"{name} (português)", Normal(text.Pt));
        }
        yield return (T["Offline messages"], Yes(form.OfflineMessages));
        yield return (T["The bot greets contacts"], Yes(form.BotEnabled));
        yield return (T["Its name"], form.BotName?.Trim() ?? "");
        yield return (T["Options"], string.Join("; ", form.BotOptions.Select(row => $"{row.Es} / {row.En} / {row.Pt} → {row.Skill}")));
        yield return (T["History shown (hours)"], Number(form.HistoryHours));
        yield return (T["Pages that may embed the chat"], Normal(form.Origins));
    }

    private static string NameOf(IReadOnlyList<Choice> choices, Guid? id) => choices.FirstOrDefault(choice => choice.Id == id)?.Name ?? "";

    private static string Normal(string? text) => text?.Replace("\r\n", "\n", StringComparison.Ordinal).Trim() ?? "";
}

/// <summary>The strategies in plain words (Q2).</summary>
static class Strategies
{
    public static IEnumerable<(string Value, string Name, string Help)> Eligibilities(IStringLocalizer<Text> T) =>
        Enum.GetValues<Eligibility>().Select(each => (each.ToString(), Name(each, T), Help(each, T)));

    public static IEnumerable<(string Value, string Name, string Help)> Distributions(IStringLocalizer<Text> T) =>
        Enum.GetValues<Distribution>().Select(each => (each.ToString(), Name(each, T), Help(each, T)));

    public static string NameOf(string? typed, IStringLocalizer<Text> T) =>
        Enum.TryParse<Eligibility>(typed, out var value) && Enum.IsDefined(value) ? Name(value, T) : "";

    public static string DistributionOf(string? typed, IStringLocalizer<Text> T) =>
        Enum.TryParse<Distribution>(typed, out var value) && Enum.IsDefined(value) ? Name(value, T) : "";

    /// <summary>A weekday's short name in the interface language, by its number from 0, Sunday.</summary>
    public static string DayOf(string day) => int.TryParse(day, out var number) && number is >= 0 and <= 6
        ? System.Globalization.CultureInfo.CurrentUICulture.DateTimeFormat.GetAbbreviatedDayName((DayOfWeek)number).TrimEnd('.')
        : "";

    private static string Name(Eligibility eligibility, IStringLocalizer<Text> T) => eligibility switch
    {
        Eligibility.NoCall => T["nocall: several at once"],
        Eligibility.Interaction => T["interaction: one at a time"],
        Eligibility.InCall => T["incall: only who is free"],
        Eligibility.NoPause => T["nopause: several, always"],
        Eligibility.Omni => T["omni: the free first"],
        Eligibility.RingAll => T["ringall: agents take the oldest"],
        Eligibility.RingAllMultiple => T["ringallmultiple: agents take any"],
    };

    private static string Help(Eligibility eligibility, IStringLocalizer<Text> T) => eligibility switch
    {
        Eligibility.NoCall => T["Agents who are not on a break get conversations up to the maximum, unless they are busy with an exclusive one."],
        Eligibility.Interaction => T["An agent has one conversation of this campaign at a time."],
        Eligibility.InCall => T["Only agents who hold nothing at all, in any campaign."],
        Eligibility.NoPause => T["Up to the maximum, also to agents who are busy with an exclusive conversation."],
        Eligibility.Omni => T["As nocall, but agents who hold nothing go before those who hold something."],
        Eligibility.RingAll => T["Nobody is assigned: agents take the conversation that has waited longest, one at a time."],
        Eligibility.RingAllMultiple => T["Nobody is assigned: agents take any waiting conversation, as many as they want."],
    };

    private static string Name(Distribution distribution, IStringLocalizer<Text> T) => distribution switch
    {
        Distribution.LeastActive => T["Least active"],
        Distribution.LeastRecent => T["Least recent"],
        Distribution.FewestCompleted => T["Fewest completed"],
        Distribution.Random => T["Random"],
        Distribution.RoundRobinMemory => T["Round robin (rrmemory)"],
        Distribution.Linear => T["In member order (linear)"],
        Distribution.WeightedRandom => T["Random by penalty (wrandom)"],
    };

    private static string Help(Distribution distribution, IStringLocalizer<Text> T) => distribution switch
    {
        Distribution.LeastActive => T["Whoever has the fewest open conversations."],
        Distribution.LeastRecent => T["Whoever has gone longest without a new one."],
        Distribution.FewestCompleted => T["Whoever has completed the fewest today."],
        Distribution.Random => T["Anyone, with equal chances."],
        Distribution.RoundRobinMemory => T["The next in member order after who got the last one."],
        Distribution.Linear => T["Always the first in member order who can take it."],
        Distribution.WeightedRandom => T["By chance; a penalty of 0 weighs a hundred times one of 100."],
    };
}
