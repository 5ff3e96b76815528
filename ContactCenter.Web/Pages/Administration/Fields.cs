using System.Globalization;
using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Pages.Administration;

/// <summary>One field of a form as <c>_Field.cshtml</c> shows it: what was typed, and what is wrong with it.</summary>
public sealed record Field(string Name, string Label, string? Value)
{
    public string? Hint { get; init; }
    public string? Error { get; init; }

    /// <summary>The keyboard a phone shows, as HTML's <c>inputmode</c>; null: that of text, or of numbers where the field is one.</summary>
    public string? InputMode { get; init; }

    /// <summary>How wide, as a class of administration.css.</summary>
    public string Css { get; init; } = "w3";
    public bool Required { get; init; }
    public int? Longest { get; init; }

    /// <summary>The id of a datalist.</summary>
    public string? List { get; init; }

    /// <summary>Lines of a text; 0: one line.</summary>
    public int Lines { get; init; }

    /// <summary>What can be chosen, as values and names.</summary>
    public IReadOnlyList<(string Value, string Name)>? Options { get; init; }

    public string Id => "f-" + Name.Replace('.', '-').Replace('[', '-').Replace("]", "", StringComparison.Ordinal);
}

/// <summary>What is wrong with a form, by the names of its fields.</summary>
public sealed class Problems(IStringLocalizer<Text> T)
{
    private readonly Dictionary<string, string> found = new(StringComparer.OrdinalIgnoreCase);

    public bool Any => found.Count > 0;

    public string? Of(string field) => found.GetValueOrDefault(field);

    public void Add(string field, string text) => found.TryAdd(field, text);

    /// <summary>One line of text, trimmed.</summary>
    public string Line(string field, string? typed, int longest, bool required = true)
    {
        var text = typed?.Trim() ?? "";
        if (text.Length == 0 && required) Add(field, T["This is needed."]);
        else if (text.Length > longest) Add(field, T["At most {0} characters.", longest]);
        else if (!Readable.IsValid(text)) Add(field, T["This contains characters that cannot be used here."]);
        return text;
    }

    /// <summary>Text of several lines, or nothing.</summary>
    public string Lines(string field, string? typed, int longest)
    {
        var text = typed?.Replace("\r\n", "\n", StringComparison.Ordinal).Trim() ?? "";
        if (text.Length > longest) Add(field, T["At most {0} characters.", longest]);
        else if (!Readable.IsValid(text.Replace('\n', ' ').Replace('\t', ' ')))
            Add(field, T["This contains characters that cannot be used here."]);
        return text;
    }

    /// <summary>A whole number in its bounds.</summary>
    public int Number(string field, string? typed, int least, int most)
    {
        if (int.TryParse(typed?.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most) return number;
        Add(field, T["A whole number from {0} to {1}.", least, most]);
        return least;
    }

    /// <summary>One of those offered.</summary>
    public Guid Chosen(string field, Guid? chosen, IReadOnlyList<Choice> offered)
    {
        if (chosen is { } id && offered.Any(each => each.Id == id)) return id;
        Add(field, T["Choose one from the list."]);
        return default;
    }

    private static readonly NoControlsAttribute Readable = new();
}
