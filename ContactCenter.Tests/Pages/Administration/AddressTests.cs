using ContactCenter.Domain;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Tests.Pages.Administration;

/// <summary>Whose address is changed learns of it where they can still be reached.</summary>
public sealed class AddressTests(AppWithMail app) : IClassFixture<AppWithMail>
{
    private const string Path = "/administration/users";

    [Fact]
    public async Task The_former_address_is_told_in_the_persons_language_whoever_changed_it()
    {
        var (lili, admin) = (await app.IdOfAsync(Cast.Lili), await app.IdOfAsync(Cast.Ada));
        await app.WithAsync<Database>(database => database.Users.Where(user => user.Id == lili).ExecuteUpdateAsync(set => set.SetProperty(user => user.Language, "es")));
        using var ada = await app.SignInAsync(Cast.Ada);
        var saved = await ChangeAsync(ada, lili, "lili@elsewhere.test", "Agent");
        Assert.Contains("a mail tells the former address", (await ada.GetAsync(saved.Location!)).Read());
        var mail = await app.Mail.NextAsync();
        Assert.Equal((Cast.Lili.Email, "Tu dirección en ContactCenter cambió"), (mail.To, mail.Subject));
        Assert.Contains("Ada le puso otra dirección de correo a tu cuenta", mail.Text);
        Assert.Contains("llama de inmediato a un administrador", mail.Text);
        // The new one is none of the old one's business, and there is nothing to click.
        Assert.DoesNotContain("elsewhere", mail.Text + mail.Html);
        Assert.DoesNotContain("http", mail.Text);

        // One's own, too; another name or a letter's case is no other address.
        await ChangeAsync(ada, admin, "ada@elsewhere.test", "Administrator");
        Assert.Equal((Cast.Ada.Email, "Your address at ContactCenter has changed"), await NextAsync());
        using var again = await app.SignInAsync(Cast.Ada with { Email = "ada@elsewhere.test" });
        Assert.EndsWith("?done=saved", (await ChangeAsync(again, admin, "ADA@elsewhere.test", "Administrator")).Location);
        await ChangeAsync(again, admin, Cast.Ada.Email, "Administrator");
        Assert.Equal("ADA@elsewhere.test", (await app.Mail.NextAsync()).To);
    }

    [Fact]
    public async Task A_mistyped_address_that_nobody_has_answered_from_is_left_alone()
    {
        using var ada = await app.SignInAsync(Cast.Ada);
        var made = await ada.PostAsync(Path, UserTests.Good("Pía", "mistyped@address.test"));
        var id = Guid.Parse(made.Location!.Split('/', '?')[3]);
        // Her invitation, which nobody else here waits for.
        Assert.Equal("mistyped@address.test", (await app.Mail.NextAsync()).To);
        Assert.EndsWith("?done=saved", (await ChangeAsync(ada, id, "pia@address.test", "Agent")).Location);
        Assert.False(await app.WithAsync<Database, bool>(database => database.Outbox.AnyAsync(mail => mail.UserId == id)));
    }

    private static async Task<Answer> ChangeAsync(Browserless ada, Guid user, string email, string role)
    {
        var form = await ada.GetAsync($"{Path}/{user}");
        var saved = await ada.PostAsync($"{Path}/{user}",
            ("version", form.ValueOf("version")), ("name", form.ValueOf("name")), ("email", email), ("roles", role), ("capacity", "6"),
            ("password", Person.Password));
        Assert.True(saved.Status == 302, saved.Read());
        return saved;
    }

    private async Task<(string, string)> NextAsync()
    {
        var mail = await app.Mail.NextAsync();
        return (mail.To, mail.Subject);
    }
}
