using ContactCenter.Domain;
using Microsoft.AspNetCore.Html;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages.Administration.Campaigns;

/// <summary>An option of the menu bot as typed.</summary>
public sealed class OptionRow
{
    public string? Es { get; set; }
    public string? En { get; set; }
    public string? Pt { get; set; }
    public string? Skill { get; set; }
}

/// <summary>The menu bot's part of the form on the page.</summary>
/// <param name="Skills">Those that campaigns have.</param>
/// <param name="Preview">A text as somebody would read it.</param>
public sealed record BotView(CampaignForm Form, Problems Problems, IReadOnlyList<string> Skills, Func<string?, IHtmlContent> Preview)
{
    /// <summary>Whether no campaign has this skill, as it is saved now or typed in this form.</summary>
    public bool IsUnknown(string? skill) => skill?.Trim() is { Length: > 0 } typed
        && !Skills.Concat((Form.Skills ?? "").Split(',', StringSplitOptions.TrimEntries)).Contains(typed, StringComparer.OrdinalIgnoreCase);
}

/// <summary>A row of the options on the page.</summary>
/// <param name="Row">Its place in the form's names; <c>{row}</c> in the template that scripts copy.</param>
public sealed record OptionView(string Row, OptionRow Typed, string? Error, bool IsUnknown);

/// <summary>Reads the menu bot's part of the form.</summary>
static class BotFields
{
    public static MenuBot Read(CampaignForm form, Problems problems, IStringLocalizer<Text> T)
    {
        var bot = new MenuBot
        {
            Enabled = form.BotEnabled,
            Name = problems.Line("botName", form.BotName, CampaignForm.LongestBotName, required: form.BotEnabled),
            Welcome = form.BotWelcome.Read("botWelcome", problems),
            Fallback = form.BotFallback.Read("botFallback", problems),
            Options = [.. form.BotOptions.Select((row, at) => Read(row, $"botOptions[{at}]", problems, T))],
        };
        if (bot.Options.Count > Menus.MostOptions) problems.Add("botOptions", T["At most {0} rows.", Menus.MostOptions]);
        if (bot.Enabled && bot.Options.Count == 0) problems.Add("botOptions", T["A bot needs at least one option."]);
        return bot;
    }

    public static List<OptionRow> Of(MenuBot bot) =>
        [.. bot.Options.Select(option => new OptionRow { Es = option.Label.Es, En = option.Label.En, Pt = option.Label.Pt, Skill = option.Skill })];

    private static MenuOption Read(OptionRow row, string field, Problems problems, IStringLocalizer<Text> T)
    {
        string Label(string? typed) => problems.Line(field, typed, CampaignForm.LongestLabel, required: false);
        var label = new LocalText { Es = Label(row.Es), En = Label(row.En), Pt = Label(row.Pt) };
        if (label.In("es").Length == 0) problems.Add(field, T["Name the option in at least one language."]);
        return new MenuOption { Label = label, Skill = problems.Line(field, row.Skill, CampaignForm.LongestSkill, required: false) };
    }
}
