namespace ContactCenter.Domain;

/// <summary>Time zones by their IANA names, the old ones too: browsers still say Asia/Calcutta, and not every machine's files do.</summary>
public static class Zones
{
    // Links of the tz database ("backward") that browsers, telephones and older settings give.
    private static readonly Dictionary<string, string> Renamed = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Africa/Asmera"] = "Africa/Asmara",
        ["America/Argentina/ComodRivadavia"] = "America/Argentina/Catamarca",
        ["America/Buenos_Aires"] = "America/Argentina/Buenos_Aires",
        ["America/Catamarca"] = "America/Argentina/Catamarca",
        ["America/Coral_Harbour"] = "America/Atikokan",
        ["America/Cordoba"] = "America/Argentina/Cordoba",
        ["America/Fort_Wayne"] = "America/Indiana/Indianapolis",
        ["America/Godthab"] = "America/Nuuk",
        ["America/Indianapolis"] = "America/Indiana/Indianapolis",
        ["America/Jujuy"] = "America/Argentina/Jujuy",
        ["America/Knox_IN"] = "America/Indiana/Knox",
        ["America/Louisville"] = "America/Kentucky/Louisville",
        ["America/Mendoza"] = "America/Argentina/Mendoza",
        ["America/Porto_Acre"] = "America/Rio_Branco",
        ["America/Rosario"] = "America/Argentina/Cordoba",
        ["America/Santa_Isabel"] = "America/Tijuana",
        ["America/Shiprock"] = "America/Denver",
        ["Asia/Ashkhabad"] = "Asia/Ashgabat",
        ["Asia/Calcutta"] = "Asia/Kolkata",
        ["Asia/Chongqing"] = "Asia/Shanghai",
        ["Asia/Chungking"] = "Asia/Shanghai",
        ["Asia/Dacca"] = "Asia/Dhaka",
        ["Asia/Istanbul"] = "Europe/Istanbul",
        ["Asia/Kashgar"] = "Asia/Urumqi",
        ["Asia/Katmandu"] = "Asia/Kathmandu",
        ["Asia/Macao"] = "Asia/Macau",
        ["Asia/Rangoon"] = "Asia/Yangon",
        ["Asia/Saigon"] = "Asia/Ho_Chi_Minh",
        ["Asia/Tel_Aviv"] = "Asia/Jerusalem",
        ["Asia/Thimbu"] = "Asia/Thimphu",
        ["Asia/Ujung_Pandang"] = "Asia/Makassar",
        ["Asia/Ulan_Bator"] = "Asia/Ulaanbaatar",
        ["Atlantic/Faeroe"] = "Atlantic/Faroe",
        ["Australia/ACT"] = "Australia/Sydney",
        ["Australia/Canberra"] = "Australia/Sydney",
        ["Australia/NSW"] = "Australia/Sydney",
        ["Australia/North"] = "Australia/Darwin",
        ["Australia/Queensland"] = "Australia/Brisbane",
        ["Australia/South"] = "Australia/Adelaide",
        ["Australia/Tasmania"] = "Australia/Hobart",
        ["Australia/Victoria"] = "Australia/Melbourne",
        ["Australia/West"] = "Australia/Perth",
        ["Brazil/Acre"] = "America/Rio_Branco",
        ["Brazil/DeNoronha"] = "America/Noronha",
        ["Brazil/East"] = "America/Sao_Paulo",
        ["Brazil/West"] = "America/Manaus",
        ["Canada/Atlantic"] = "America/Halifax",
        ["Canada/Central"] = "America/Winnipeg",
        ["Canada/Eastern"] = "America/Toronto",
        ["Canada/Mountain"] = "America/Edmonton",
        ["Canada/Newfoundland"] = "America/St_Johns",
        ["Canada/Pacific"] = "America/Vancouver",
        ["Canada/Saskatchewan"] = "America/Regina",
        ["Chile/Continental"] = "America/Santiago",
        ["Chile/EasterIsland"] = "Pacific/Easter",
        ["Cuba"] = "America/Havana",
        ["Egypt"] = "Africa/Cairo",
        ["Eire"] = "Europe/Dublin",
        ["Europe/Belfast"] = "Europe/London",
        ["Europe/Kiev"] = "Europe/Kyiv",
        ["Europe/Uzhgorod"] = "Europe/Kyiv",
        ["Europe/Zaporozhye"] = "Europe/Kyiv",
        ["GB"] = "Europe/London",
        ["Hongkong"] = "Asia/Hong_Kong",
        ["Iceland"] = "Atlantic/Reykjavik",
        ["Iran"] = "Asia/Tehran",
        ["Israel"] = "Asia/Jerusalem",
        ["Jamaica"] = "America/Jamaica",
        ["Japan"] = "Asia/Tokyo",
        ["Mexico/BajaNorte"] = "America/Tijuana",
        ["Mexico/BajaSur"] = "America/Mazatlan",
        ["Mexico/General"] = "America/Mexico_City",
        ["NZ"] = "Pacific/Auckland",
        ["Pacific/Enderbury"] = "Pacific/Kanton",
        ["Pacific/Ponape"] = "Pacific/Pohnpei",
        ["Pacific/Samoa"] = "Pacific/Pago_Pago",
        ["Pacific/Truk"] = "Pacific/Chuuk",
        ["Pacific/Yap"] = "Pacific/Chuuk",
        ["Poland"] = "Europe/Warsaw",
        ["Portugal"] = "Europe/Lisbon",
        ["PRC"] = "Asia/Shanghai",
        ["ROC"] = "Asia/Taipei",
        ["ROK"] = "Asia/Seoul",
        ["Singapore"] = "Asia/Singapore",
        ["Turkey"] = "Europe/Istanbul",
        ["US/Alaska"] = "America/Anchorage",
        ["US/Arizona"] = "America/Phoenix",
        ["US/Central"] = "America/Chicago",
        ["US/East-Indiana"] = "America/Indiana/Indianapolis",
        ["US/Eastern"] = "America/New_York",
        ["US/Hawaii"] = "Pacific/Honolulu",
        ["US/Michigan"] = "America/Detroit",
        ["US/Mountain"] = "America/Denver",
        ["US/Pacific"] = "America/Los_Angeles",
        ["Etc/UTC"] = "UTC",
        ["Etc/UCT"] = "UTC",
        ["Etc/GMT"] = "UTC",
        ["Etc/Universal"] = "UTC",
        ["Etc/Zulu"] = "UTC",
        ["GMT"] = "UTC",
        ["UCT"] = "UTC",
        ["Universal"] = "UTC",
        ["Zulu"] = "UTC",
    };

    /// <summary>Longest name that is looked at; the longest there is has 32 characters.</summary>
    private const int Longest = 64;

    /// <summary>The zone's present name, or null where this machine knows none of that name.</summary>
    public static string? Find(string? name)
    {
        if (name?.Trim().Replace(' ', '_') is not { Length: > 0 and <= Longest } wanted) return null;
        if (wanted.Equals("UTC", StringComparison.OrdinalIgnoreCase)) return "UTC";
        if (Renamed.TryGetValue(wanted, out var now)) wanted = now;
        // Region and place; a path, a Windows name and the files beside the zones are none.
        if (wanted != "UTC" && (!wanted.Contains('/', StringComparison.Ordinal) || !wanted.All(IsOfName))) return null;
        return TimeZoneInfo.TryFindSystemTimeZoneById(wanted, out var zone) && zone.HasIanaId ? zone.Id : null;
    }

    /// <summary>The zone; UTC where there is none of that name.</summary>
    public static TimeZoneInfo Of(string? name) =>
        Find(name) is { } known && TimeZoneInfo.TryFindSystemTimeZoneById(known, out var zone) ? zone : TimeZoneInfo.Utc;

    private static bool IsOfName(char c) => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+';
}
