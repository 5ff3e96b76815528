using System.Globalization;
using ContactCenter.Domain;
using Microsoft.AspNetCore.Html;
using Microsoft.Extensions.Localization;

namespace ContactCenter.Channels.WebChat;

/// <summary>What a start form came to: everything needed to begin, or the form with what is wrong.</summary>
public abstract record StartInput
{
    /// <param name="Offline">The form for a message while nobody is there (W4): it always has a text.</param>
    public sealed record Good(Guid Id, string? Proof, string Name, string? Email, string? Phone, string Language, string? Text, bool Offline) : StartInput;

    public sealed record Bad(StartForm Form) : StartInput;
}

/// <summary>
/// Reads the start form (W2). Name and a way to answer are required; phone and first message are not, except that an
/// offline message is one (W4).
/// </summary>
public static class StartFormReader
{
    /// <param name="fallback">The language where the form names none.</param>
    public static StartInput Read(IFormCollection form, string fallback, IStringLocalizer<Text> T)
    {
        var errors = new Dictionary<string, string>(StringComparer.Ordinal);
        string Raw(string name) => form[name].ToString();
        string? Line(string name, int length, bool required, string missing)
        {
            var raw = Raw(name);
            var line = MessageText.CleanLine(raw, length);
            if (line is null && raw.Trim().Length > 0)
                errors[name] = raw.Trim().Length > length ? T["At most {0} characters, please", length] : T["This contains characters we cannot take"];
            else if (line is null && required)
                errors[name] = missing;
            return line;
        }

        var name = Line("name", StartForm.MaxName, required: true, T["Please tell us your name"]);
        var email = Line("email", StartForm.MaxEmail, required: true, T["Please tell us your e-mail"]);
        var phone = Line("phone", StartForm.MaxPhone, required: false, "");
        if (email is not null && !Address.IsMail(email))
            errors["email"] = T["This is not an e-mail address. Example: name@example.com"];
        if (phone is not null && !Address.IsPhone(phone))
            errors["phone"] = T["This is not a phone number"];
        var text = MessageText.Clean(Raw("text"));
        var offline = Raw("offline").Length > 0;
        if (text.Problem is { } problem && (offline || problem != MessageTextProblem.Empty))
            errors["text"] = ChatTexts.Problem(problem, T);
        var language = Languages.Match(Raw("language")) ?? fallback;

        var proof = StartProof.Read(Raw("proof"));
        if (errors.Count == 0 && Guid.TryParse(Raw("id"), out var id) && id != default)
            return new StartInput.Good(id, proof, name!, email, phone, language, text.Value, offline);
        return new StartInput.Bad(new StartForm
        {
            Id = Guid.TryParse(Raw("id"), out var again) ? again : default,
            Proof = proof ?? StartProof.New(),
            Name = Shown(Raw("name"), StartForm.MaxName),
            Email = Shown(Raw("email"), StartForm.MaxEmail),
            Phone = Shown(Raw("phone"), StartForm.MaxPhone),
            Language = language,
            Text = Shown(Raw("text"), MessageText.MaxLength),
            Errors = errors,
        });
    }

    /// <summary>The form as somebody had filled it in, not looked at yet, over what is known of them.</summary>
    public static StartForm Typed(IFormCollection form, StartForm known)
    {
        string Field(string name, string otherwise, int length) => form.ContainsKey(name) ? Shown(form[name].ToString(), length) : otherwise;
        return known with
        {
            Id = Guid.TryParse(form["id"], out var id) && id != default ? id : known.Id,
            Proof = StartProof.Read(form["proof"].ToString()) ?? known.Proof,
            Name = Field("name", known.Name, StartForm.MaxName),
            Email = Field("email", known.Email, StartForm.MaxEmail),
            Phone = Field("phone", known.Phone, StartForm.MaxPhone),
            Text = Field("text", known.Text, WebChatEndpoints.MaxBody),
        };
    }

    // What was typed comes back to be corrected, not what somebody made a program send.
    private static string Shown(string raw, int length) =>
        string.Concat(raw.Where(c => c is '\n' || !char.IsControl(c)).Take(length + 200));
}

/// <summary>Words of the chat that more than one place says.</summary>
public static class ChatTexts
{
    /// <summary>A campaign's text with its marks and lines.</summary>
    public static IHtmlContent Html(string? text) => new HtmlString(MessageText.ToHtml(text ?? ""));

    /// <summary>"Monday at 09:00", in the language of the answer and on the campaign's clock.</summary>
    public static string Day(Reopening opens, IStringLocalizer<Text> T)
    {
        var culture = CultureInfo.CurrentCulture;
        var time = opens.At.ToString("HH:mm", CultureInfo.InvariantCulture);
        return opens.Days switch
        {
            0 => T["today at {0}", time],
            1 => T["tomorrow at {0}", time],
            < 7 => T["{0} at {1}", opens.At.ToString("dddd", culture), time],
            _ => T["{0} at {1}", opens.At.ToString(culture.TwoLetterISOLanguageName == "en" ? "dddd d MMMM" : "dddd d 'de' MMMM", culture), time],
        };
    }

    public static string Problem(MessageTextProblem problem, IStringLocalizer<Text> T) => problem switch
    {
        MessageTextProblem.Empty => T["Write something first"],
        MessageTextProblem.TooLong => T["At most {0} characters, please", MessageText.MaxLength],
        MessageTextProblem.NotText => T["This contains characters we cannot take"],
    };
}
