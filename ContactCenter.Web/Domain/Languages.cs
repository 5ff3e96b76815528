namespace ContactCenter.Domain;

/// <summary>The languages of the interface and of campaign messages, as ISO 639-1 codes (X1, D2).</summary>
public static class Languages
{
    public const string Default = "en";

    public static readonly IReadOnlyList<string> All = ["es", "en", "pt"];

    /// <summary>The supported language of a tag such as <c>pt-BR</c>, or null where there is none.</summary>
    public static string? Match(string? tag)
    {
        if (string.IsNullOrWhiteSpace(tag)) return null;
        var primary = tag.Trim().Split('-', '_')[0];
        return All.FirstOrDefault(language => language.Equals(primary, StringComparison.OrdinalIgnoreCase));
    }
}

/// <summary>One text of a campaign in the three languages (D2). Empty means: say nothing.</summary>
public class LocalText
{
    public string Es { get; set; } = "";
    public string En { get; set; } = "";
    public string Pt { get; set; } = "";

    /// <summary>The text in <paramref name="language"/>; another language's where that one is empty, rather than silence.</summary>
    public string In(string language)
    {
        var wanted = language switch { "es" => Es, "pt" => Pt, _ => En };
        if (wanted.Length > 0) return wanted;
        return En.Length > 0 ? En : Es.Length > 0 ? Es : Pt;
    }
}
