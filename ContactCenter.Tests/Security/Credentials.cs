using System.Text.RegularExpressions;
using ContactCenter.Security;
using ContactCenter.Storage;
using ContactCenter.Tests.Channels.WebChat;
using ContactCenter.Tests.Support;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ContactCenter.Tests.Security;

/// <summary>Something by which one passes for somebody.</summary>
/// <param name="Name">As <c>docs/security.md</c> lists it.</param>
/// <param name="Owner">Whose it is where staff are meant to see their own; null: no staff ever sees it.</param>
public sealed record Credential(string Name, string Value, Person? Owner = null);

/// <summary>
/// Everything by which one passes for somebody: the list that <c>docs/security.md</c> explains, and one of each kind to look
/// for in what is read. Whoever invents another adds it here.
/// </summary>
static partial class Credentials
{
    public static readonly IReadOnlyList<string> Names =
    [
        "Visitor's token", "Start of a conversation", "Session cookie", "Second step's cookie", "Antiforgery cookie", "Password",
        "Authenticator's secret", "Recovery codes", "Invitation's code", "Password reset's code", "Security stamp", "Data-protection keys",
    ];

    // How what Data Protection seals begins, as it stands and once more encoded for an address.
    private static readonly string[] Seals = ["CfDJ8", "Q2ZESj"];

    /// <summary>Makes one of each in this house. Before its people sign in: a new secret ends their sessions.</summary>
    public static async Task<IReadOnlyList<Credential>> PlantAsync(TwoHouses houses, Household side)
    {
        var planted = new List<Credential>();
        using var browser = houses.Open();
        var frame = new ChatFrame(browser, side.Key);
        var id = ChatFrame.NewId();
        var started = await frame.StartAsync(new Support.Visitor(side.Of("Visitor"), $"one@{side.Mark}.example", "en"), side.Of("Plea"), id);
        Assert.Equal(200, started.Status);
        await houses.GiveAsync(side, houses.Services.GetRequiredService<ContactCenter.Channels.WebChat.VisitorToken>().Name(frame.Token)!.ConversationId);
        planted.Add(new("Visitor's token", frame.Token!));
        planted.AddRange(new[] { $"{id}", $"{id:N}", frame.Proof }.Select(value => new Credential("Start of a conversation", value)));
        var guest = Guid.Parse(await houses.MakeAsync("guest", side, side.Administrator));
        await houses.WithAsync<UserManager<User>>(async users =>
        {
            var invited = (await users.FindByIdAsync($"{guest}"))!;
            planted.Add(new("Invitation's code", CodeIn(await Invitations.LinkAsync(users, invited))));
            foreach (var person in (Person[])[side.Agent, side.Supervisor])
            {
                var user = (await users.FindByIdAsync($"{side.Ids[person]}"))!;
                await users.ResetAuthenticatorKeyAsync(user);
                planted.Add(new("Authenticator's secret", (await users.GetAuthenticatorKeyAsync(user))!, person));
                foreach (var code in (await users.GenerateNewTwoFactorRecoveryCodesAsync(user, 3))!)
                    planted.Add(new("Recovery codes", code, person));
                planted.Add(new("Password reset's code", await users.GeneratePasswordResetTokenAsync(user)));
            }
        });
        await houses.WithAsync<Database>(async database =>
        {
            foreach (var user in await database.Users.AsNoTracking().ToListAsync())
            {
                if (user.PasswordHash is not null) planted.Add(new("Password", user.PasswordHash));
                planted.Add(new("Security stamp", user.SecurityStamp!));
            }
            foreach (var key in await database.DataProtectionKeys.AsNoTracking().ToListAsync())
                planted.Add(new("Data-protection keys", Regex.Match(key.Xml, "<(value|EncryptedKey|CipherValue)[^>]*>(?<secret>[^<]+)<", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking).Groups["secret"].Value));
        });
        planted.Add(new("Password", Person.Password));
        return planted;
    }

    /// <summary>What of it this asker reads there although it is not their own, and whatever else is sealed.</summary>
    public static IEnumerable<string> In(string page, Person asker, IReadOnlyList<Credential> planted)
    {
        foreach (var each in planted)
            if (each.Value.Length > 0 && each.Owner != asker && page.Contains(each.Value, StringComparison.OrdinalIgnoreCase)) yield return each.Name;
        // Forms carry a token of their own reader, and cookies are the browser's.
        var rest = Own().Replace(page, "");
        if (Seals.Any(seal => rest.Contains(seal, StringComparison.Ordinal))) yield return "something sealed";
    }

    private static string CodeIn(string link) => link[(link.IndexOf("code=", StringComparison.Ordinal) + "code=".Length)..];

    [GeneratedRegex("""__RequestVerificationToken"[^>]*>|name="csrf-token"[^>]*>|^Set-Cookie:[^\n]*$""", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Own();
}
