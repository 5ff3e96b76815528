using System.Globalization;
using System.Text;

namespace ContactCenter.Domain;

/// <summary>Why a menu bot calls a person (Q10). The numbers are stored.</summary>
public enum PersonBecause
{
    /// <summary>The contact asked for one.</summary>
    Asked = 1,

    /// <summary>Two answers were none of the options.</summary>
    NotUnderstood = 2,

    /// <summary>The bot was switched off meanwhile.</summary>
    SwitchedOff = 3,
}

/// <summary>What a menu bot does with an answer.</summary>
public abstract record MenuOutcome
{
    /// <summary>It did not understand: it says this, and waits for another answer.</summary>
    public sealed record Asks(string Say) : MenuOutcome;

    /// <summary>An option was chosen: to the campaign with this skill (Q4).</summary>
    /// <param name="Choice">The option as the contact read it.</param>
    public sealed record Leads(string Choice, string Skill) : MenuOutcome;

    /// <summary>To a person of this campaign.</summary>
    public sealed record Person(PersonBecause Because) : MenuOutcome;
}

/// <summary>The menu bot's decisions (Q10), pure: settings, the contact's language and answer and earlier misses go in.</summary>
public static class Menus
{
    /// <summary>After so many answers that are none of the options a person is called.</summary>
    public const int MostMisses = 2;

    /// <summary>Options a menu may have: what a contact still reads.</summary>
    public const int MostOptions = 9;

    private const int LongestAnswer = 200;
    private const string Unnamed = "Bot";

    // Part of the message, so in the contact's language and not in the interface's.
    private static readonly LocalText TalkToAPerson = new() { Es = "Hablar con una persona", En = "Talk to a person", Pt = "Falar com uma pessoa" };

    private static readonly LocalText NotUnderstood = new()
    {
        Es = "No entendí. Responde con el número de una opción.",
        En = "I did not understand. Answer with the number of an option.",
        Pt = "Não entendi. Responda com o número de uma opção.",
    };

    private static readonly LocalText EverybodyBusy = new()
    {
        Es = "Ahora están todos ocupados. Prueba de nuevo en un rato.",
        En = "Everybody is busy at the moment. Try again in a while.",
        Pt = "Agora estão todos ocupados. Tente de novo daqui a pouco.",
    };

    private static readonly HashSet<string> People = new(StringComparer.Ordinal)
    {
        "persona", "humano", "agente", "operador", "operadora", "asesor", "asesora",
        "person", "human", "agent", "operator", "somebody", "someone",
        "pessoa", "atendente",
    };

    private static readonly HashSet<string> BeforeNumbers = new(StringComparer.Ordinal)
    {
        "opcion", "numero", "la", "el", "option", "number", "opcao", "a", "o",
    };

    /// <summary>Whether the bot greets contacts: switched on, and with something to choose from.</summary>
    public static bool IsOn(this MenuBot bot) => bot.Enabled && bot.Options.Count > 0;

    /// <summary>The numbered options, and 0 for a person where no option is one.</summary>
    public static string Menu(MenuBot bot, string language)
    {
        var lines = bot.Options.Select((option, at) => $"{at + 1}. {option.Label.In(language)}");
        return string.Join('\n', OffersPerson(bot) ? lines : lines.Append($"0. {TalkToAPerson.In(language)}"));
    }

    /// <summary>What it says first: its welcome, then the menu.</summary>
    /// <param name="welcome">The welcome with its variables filled; empty: the menu alone.</param>
    public static string Greeting(MenuBot bot, string welcome, string language) => With(welcome, Menu(bot, language));

    /// <summary>The name it speaks under.</summary>
    public static string NameOf(MenuBot bot) => bot.Name.Length > 0 ? bot.Name : Unnamed;

    /// <summary>What it says when as many wait as may: the campaign's words, and the menu again.</summary>
    public static string Busy(MenuBot bot, string says, string language) =>
        With(says.Length > 0 ? says : EverybodyBusy.In(language), Menu(bot, language));

    /// <summary>What the bot does with an answer.</summary>
    /// <param name="misses">Earlier answers it did not understand.</param>
    public static MenuOutcome Decide(MenuBot bot, string language, string answer, int misses)
    {
        if (!bot.IsOn()) return new MenuOutcome.Person(PersonBecause.SwitchedOff);
        // An answer is a word or a few; of a letter somebody writes instead its beginning is read.
        var words = Fold(answer.Length > LongestAnswer ? answer[..LongestAnswer] : answer).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (Number(words) is { } number)
        {
            if (number >= 1 && number <= bot.Options.Count) return Led(bot.Options[number - 1], language);
            if (number == 0 && !OffersPerson(bot)) return new MenuOutcome.Person(PersonBecause.Asked);
        }
        else if (Named(bot, language, words) is { } option) return Led(option, language);
        else if (words.Any(People.Contains)) return new MenuOutcome.Person(PersonBecause.Asked);
        if (misses + 1 >= MostMisses) return new MenuOutcome.Person(PersonBecause.NotUnderstood);
        var says = bot.Fallback.In(language);
        return new MenuOutcome.Asks(With(says.Length > 0 ? says : NotUnderstood.In(language), Menu(bot, language)));
    }

    private static string With(string before, string menu) => before.Length == 0 ? menu : $"{before}\n\n{menu}";

    private static bool OffersPerson(MenuBot bot) => bot.Options.Exists(option => option.Skill.Length == 0);

    private static MenuOutcome Led(MenuOption option, string language) => option.Skill.Length == 0
        ? new MenuOutcome.Person(PersonBecause.Asked)
        : new MenuOutcome.Leads(option.Label.In(language), option.Skill);

    /// <summary>"2", "2.", "opción 2"; not "I have 2 of them".</summary>
    private static int? Number(string[] words)
    {
        var digits = words.SkipWhile(BeforeNumbers.Contains).ToArray();
        return digits is [var only] && only.Length <= 2 && only.All(char.IsAsciiDigit)
            ? int.Parse(only, NumberStyles.None, CultureInfo.InvariantCulture)
            : null;
    }

    /// <summary>The option whose words are these, or the only one that contains them.</summary>
    private static MenuOption? Named(MenuBot bot, string language, string[] words)
    {
        var said = string.Join(' ', words);
        if (said.Length == 0) return null;
        var labels = bot.Options.ConvertAll(option => (Option: option, Label: Fold(option.Label.In(language))));
        if (labels.Find(each => each.Label == said).Option is { } same) return same;
        if (said.Length < 3) return null;
        var containing = labels.FindAll(each => $" {each.Label} ".Contains($" {said} ", StringComparison.Ordinal));
        return containing is [var only] ? only.Option : null;
    }

    /// <summary>Lower case without accents or signs, words apart by one space.</summary>
    private static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        // Half a surrogate pair, also where a long answer was cut, is no letter.
        foreach (var letter in string.Concat(text.EnumerateRunes()).Normalize(NormalizationForm.FormKD).ToLowerInvariant())
        {
            if (char.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark) continue;
            if (char.IsLetterOrDigit(letter)) folded.Append(letter);
            else if (folded.Length > 0 && folded[^1] != ' ') folded.Append(' ');
        }
        return folded.ToString().TrimEnd();
    }
}
