using System.Globalization;
using ContactCenter.Channels.WebChat;
using ContactCenter.Domain;
using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages.Administration.Campaigns;

/// <summary>A row of opening hours as typed; the days are numbers from 0, Sunday.</summary>
public sealed class HoursRow
{
    public List<string> Days { get; set; } = [];
    public string? From { get; set; }
    public string? To { get; set; }

    /// <summary>What can be read of it: no days and null times where nothing can.</summary>
    public (List<DayOfWeek> Days, TimeOnly? From, TimeOnly? To) Read() =>
    (
        [
            .. Days
                .Select(day =>
                    int.TryParse(day, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1)
                .Where(day => day is >= 0 and <= 6).Select(day => (DayOfWeek)day).Distinct(),
        ],
        ReadTime(From), ReadTime(To));

    // 24:00 is how people write the end of a day.
    private static TimeOnly? ReadTime(string? typed) => typed?.Trim() switch
    {
        "24:00" => TimeOnly.MinValue,
        { } text when TimeOnly.TryParseExact(
            text, ["HH:mm", "H:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            => time,
        _ => null,
    };
}

/// <summary>A row of the holidays as typed.</summary>
public sealed class HolidayRow
{
    public string? Date { get; set; }
    public string? Name { get; set; }
}

/// <summary>A message in three languages as typed.</summary>
public sealed class TextRow
{
    public string? Es { get; set; }
    public string? En { get; set; }
    public string? Pt { get; set; }

    public static TextRow Of(LocalText text) => new() { Es = text.Es, En = text.En, Pt = text.Pt };

    public LocalText Read(string field, Problems problems) => new()
    {
        Es = problems.Lines(field + ".es", Es, CampaignForm.LongestText),
        En = problems.Lines(field + ".en", En, CampaignForm.LongestText),
        Pt = problems.Lines(field + ".pt", Pt, CampaignForm.LongestText),
    };
}

/// <summary>
/// The campaign form (D1, D2) as typed. Everything is text, so that what cannot be read is shown again as it was.
/// </summary>
public sealed class CampaignForm
{
    public const int LongestName = 100;
    public const int LongestText = 1000;
    public const int LongestBotName = 60;
    public const int LongestLabel = 80;
    public const int LongestSkill = 60;
    private const int MostRows = 50;
    private const int Day = 86_400;

    public uint Version { get; set; }
    public string? Name { get; set; }
    public string? Key { get; set; }
    public Guid? Project { get; set; }
    public Guid? Department { get; set; }
    public List<Guid> Groups { get; set; } = [];
    public bool Enabled { get; set; }

    public string? Eligibility { get; set; }
    public string? Distribution { get; set; }
    public string? MaximumPerAgent { get; set; }
    public string? MaximumWaiting { get; set; }
    public string? AnswerWithin { get; set; }
    public string? ExclusiveWait { get; set; }
    public string? Skills { get; set; }

    public string? ServiceLevel { get; set; }
    public string? ServiceTarget { get; set; }
    public string? AbandonAfter { get; set; }
    public string? AbandonTarget { get; set; }
    public string? Yellow { get; set; }
    public string? Red { get; set; }
    public string? Idle { get; set; }

    public string? TimeZone { get; set; }
    public List<HoursRow> Hours { get; set; } = [];
    public List<HolidayRow> Holidays { get; set; } = [];

    public TextRow Welcome { get; set; } = new();
    public TextRow Greeting { get; set; } = new();
    public TextRow Closing { get; set; } = new();
    public TextRow OutOfHours { get; set; } = new();
    public TextRow NotAvailable { get; set; } = new();
    public bool OfflineMessages { get; set; }

    public bool BotEnabled { get; set; }
    public string? BotName { get; set; }
    public TextRow BotWelcome { get; set; } = new();
    public TextRow BotFallback { get; set; } = new();
    public List<OptionRow> BotOptions { get; set; } = [];

    public string? HistoryHours { get; set; }
    public string? Origins { get; set; }

    /// <summary>An empty form, with what suits most campaigns.</summary>
    public static CampaignForm New(string timeZone)
    {
        var form = Of(new CampaignSettings { Hours = new OpeningHours { TimeZone = timeZone } });
        form.Enabled = true;
        return form;
    }

    public static CampaignForm Of(CampaignRecord record)
    {
        var form = Of(record.Campaign.Settings);
        form.Version = record.Campaign.Version;
        form.Name = record.Campaign.Name;
        form.Key = record.Campaign.Key;
        form.Project = record.Campaign.ProjectId;
        form.Department = record.Campaign.DepartmentId;
        form.Groups = [.. record.Groups];
        form.Enabled = record.Campaign.Enabled;
        return form;
    }

    private static CampaignForm Of(CampaignSettings settings) => new()
    {
        Eligibility = settings.Eligibility.ToString(),
        Distribution = settings.Distribution.ToString(),
        MaximumPerAgent = Typed(settings.MaximumPerAgent),
        MaximumWaiting = Typed(settings.MaximumWaiting),
        AnswerWithin = Typed(settings.AnswerWithinSeconds),
        ExclusiveWait = Typed(settings.ExclusiveWaitMinutes),
        Skills = string.Join(", ", settings.Skills),
        ServiceLevel = Typed(settings.ServiceLevelSeconds),
        ServiceTarget = Typed(settings.ServiceLevelTarget),
        AbandonAfter = Typed(settings.AbandonAfter),
        AbandonTarget = Typed(settings.AbandonmentTarget),
        Yellow = Typed(settings.ChatTimeYellow),
        Red = Typed(settings.ChatTimeRed),
        Idle = Typed(settings.IdleAfter),
        TimeZone = settings.Hours.TimeZone,
        Hours =
        [
            .. settings.Hours.Intervals.Select(interval => new HoursRow
            {
                Days = [.. interval.Days.Select(day => Typed((int)day))],
                From = interval.From.ToString("HH:mm", CultureInfo.InvariantCulture),
                To = interval.To.ToString("HH:mm", CultureInfo.InvariantCulture),
            }),
        ],
        Holidays =
        [
            .. settings.Hours.Holidays.OrderBy(holiday => holiday.Date).Select(holiday => new HolidayRow
            {
                Date = holiday.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                Name = holiday.Name,
            }),
        ],
        Welcome = TextRow.Of(settings.Welcome),
        Greeting = TextRow.Of(settings.AgentGreeting),
        Closing = TextRow.Of(settings.Closing),
        OutOfHours = TextRow.Of(settings.OutOfHours),
        NotAvailable = TextRow.Of(settings.NotAvailable),
        OfflineMessages = settings.OfflineMessages,
        BotEnabled = settings.Bot.Enabled,
        BotName = settings.Bot.Name,
        BotWelcome = TextRow.Of(settings.Bot.Welcome),
        BotFallback = TextRow.Of(settings.Bot.Fallback),
        BotOptions = BotFields.Of(settings.Bot),
        HistoryHours = Typed(settings.HistoryHours),
        Origins = string.Join('\n', settings.AllowedOrigins),
    };

    /// <summary>Adds or removes a row as its button says (<c>hours+</c>, <c>hours-2</c>, <c>options-0</c>):
    /// what the buttons do where no script runs.</summary>
    public void Change(string button)
    {
        if (button == "hours+" && Hours.Count < MostRows)
            Hours.Add(new HoursRow { Days = ["1", "2", "3", "4", "5"], From = "09:00", To = "18:00" });
        if (button == "holidays+" && Holidays.Count < MostRows) Holidays.Add(new HolidayRow());
        if (button == "options+" && BotOptions.Count < Menus.MostOptions) BotOptions.Add(new OptionRow());
        if (Row(button, "options-") is { } option && option < BotOptions.Count) BotOptions.RemoveAt(option);
        if (Row(button, "hours-") is { } hours && hours < Hours.Count) Hours.RemoveAt(hours);
        if (Row(button, "holidays-") is { } holiday && holiday < Holidays.Count) Holidays.RemoveAt(holiday);
    }

    /// <summary>
    /// What is typed, applied to a campaign by the function that comes back; problems say what cannot be.
    /// </summary>
    public Action<Campaign> Read(Problems problems, CampaignChoices choices, IStringLocalizer<Text> T)
    {
        var name = problems.Line("name", Name, LongestName);
        var project = problems.Chosen("project", Project, choices.Projects);
        var department = problems.Chosen("department", Department, choices.Departments);
        if (choices.MustChooseGroup && !choices.Groups.Any(group => Groups.Contains(group.Id)))
            problems.Add(
                "groups", T["Choose at least one of your groups, or you would not see the campaign any more."]);
        if (!Enum.TryParse<Eligibility>(Eligibility, out var eligibility) || !Enum.IsDefined(eligibility))
            problems.Add("eligibility", T["Choose one from the list."]);
        if (!Enum.TryParse<Distribution>(Distribution, out var distribution) || !Enum.IsDefined(distribution))
            problems.Add("distribution", T["Choose one from the list."]);
        var maximumPerAgent = problems.Number("maximumPerAgent", MaximumPerAgent, 1, 100);
        var maximumWaiting = problems.Number("maximumWaiting", MaximumWaiting, 0, 10_000);
        var answerWithin = problems.Number("answerWithin", AnswerWithin, 0, Day);
        var exclusiveWait = problems.Number("exclusiveWait", ExclusiveWait, 0, 1440);
        var skills = problems.Line("skills", Skills, 500, required: false)
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var serviceLevel = problems.Number("serviceLevel", ServiceLevel, 1, Day);
        var serviceTarget = problems.Number("serviceTarget", ServiceTarget, 0, 100);
        if (choices.Projects.FirstOrDefault(each => each.Id == project) is
            { ServiceLevelTarget: { } target, ServiceLevelSeconds: { } seconds })
        {
            if (serviceLevel > seconds)
                problems.Add(
                    "serviceLevel", T["The client was promised {0} % within {1} s: at most {1}.", target, seconds]);
            if (serviceTarget < target)
                problems.Add(
                    "serviceTarget", T["The client was promised {0} % within {1} s: at least {0}.", target, seconds]);
        }
        var abandonAfter = problems.Number("abandonAfter", AbandonAfter, 0, Day);
        var abandonTarget = problems.Number("abandonTarget", AbandonTarget, 0, 100);
        var yellow = problems.Number("yellow", Yellow, 1, Day);
        var red = problems.Number("red", Red, 1, Day);
        if (red <= yellow && problems.Of("yellow") is null)
            problems.Add("red", T["Red begins after yellow: more than {0}.", yellow]);
        var idle = problems.Number("idle", Idle, 1, Day);
        var zone = TimeZones.Find(TimeZone);
        if (zone is null) problems.Add("timeZone", T["Choose a time zone from the list, such as America/Montevideo."]);
        if (Hours.Count > MostRows) problems.Add("hours", T["At most {0} rows.", MostRows]);
        if (Holidays.Count > MostRows) problems.Add("holidays", T["At most {0} rows.", MostRows]);
        var intervals = Hours.Select((row, at) => ReadHours(row, $"hours[{at}]", problems, T)).ToList();
        var holidays = Holidays.Select((row, at) => ReadHoliday(row, $"holidays[{at}]", problems, T)).ToList();
        var welcome = Welcome.Read("welcome", problems);
        var greeting = Greeting.Read("greeting", problems);
        var closing = Closing.Read("closing", problems);
        var outOfHours = OutOfHours.Read("outOfHours", problems);
        var notAvailable = NotAvailable.Read("notAvailable", problems);
        var bot = BotFields.Read(this, problems, T);
        var historyHours = problems.Number("historyHours", HistoryHours, 0, 8760);
        var origins = problems.Lines("origins", Origins, 4000)
            .Split(['\n', ',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (origins.FirstOrDefault(origin => !AllowedOrigins.IsSource(origin)) is { } wrong)
            problems.Add("origins", T["{0} is no origin. Write https://shop.example, https://*.shop.example or http://localhost:*, or * for every page.", wrong]);

        return campaign =>
        {
            (campaign.Name, campaign.Enabled) = (name, Enabled);
            (campaign.ProjectId, campaign.DepartmentId) = (project, department);
            var settings = campaign.Settings;
            (settings.Eligibility, settings.Distribution) = (eligibility, distribution);
            (settings.MaximumPerAgent, settings.MaximumWaiting) = (maximumPerAgent, maximumWaiting);
            (settings.AnswerWithinSeconds, settings.ExclusiveWaitMinutes) = (answerWithin, exclusiveWait);
            settings.Skills = [.. skills.Distinct(StringComparer.OrdinalIgnoreCase)];
            (settings.ServiceLevelSeconds, settings.ServiceLevelTarget) = (serviceLevel, serviceTarget);
            (settings.AbandonAfter, settings.AbandonmentTarget) = (abandonAfter, abandonTarget);
            (settings.ChatTimeYellow, settings.ChatTimeRed, settings.IdleAfter) = (yellow, red, idle);
            settings.Hours = new OpeningHours { TimeZone = zone!, Intervals = intervals, Holidays = holidays };
            (settings.Welcome, settings.AgentGreeting, settings.Closing) = (welcome, greeting, closing);
            (settings.OutOfHours, settings.NotAvailable) = (outOfHours, notAvailable);
            settings.OfflineMessages = OfflineMessages;
            settings.Bot = bot;
            settings.HistoryHours = historyHours;
            settings.AllowedOrigins = [.. origins.Distinct(StringComparer.OrdinalIgnoreCase)];
        };
    }

    /// <summary>The hours as typed; null while a row of them cannot be read.</summary>
    public OpeningHours? TypedHours()
    {
        var rows = Hours.ConvertAll(row => row.Read());
        return rows.Exists(row => row.Days.Count == 0 || row.From is null || row.To is null)
            ? null
            : new OpeningHours
            {
                Intervals = rows.ConvertAll(row =>
                    new WeeklyInterval { Days = row.Days, From = row.From!.Value, To = row.To!.Value }),
            };
    }

    /// <summary>Whether a key is one: <c>check</c> of the schema.</summary>
    public static bool IsKey(string key) =>
        key.Length is >= 1 and <= 64 && key[0] != '-' && key[^1] != '-'
        && key.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    private static WeeklyInterval ReadHours(HoursRow row, string field, Problems problems, IStringLocalizer<Text> T)
    {
        var (days, from, to) = row.Read();
        if (days.Count == 0) problems.Add(field, T["Choose at least one day."]);
        if (from is null || to is null)
            problems.Add(field, T["Write both times as 09:00. An end at or before the beginning runs over midnight."]);
        return new WeeklyInterval { Days = days, From = from ?? default, To = to ?? default };
    }

    private static Holiday ReadHoliday(HolidayRow row, string field, Problems problems, IStringLocalizer<Text> T)
    {
        if (!DateOnly.TryParseExact(
            row.Date?.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            problems.Add(field, T["Write the day as 2027-01-06."]);
        return new Holiday { Date = date, Name = problems.Line(field, row.Name, 60, required: false) };
    }

    private static int? Row(string button, string prefix) =>
        button.StartsWith(prefix, StringComparison.Ordinal)
        && int.TryParse(button.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            ? at : null;

    private static string Typed(int number) => number.ToString(CultureInfo.InvariantCulture);
}
