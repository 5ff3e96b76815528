using ContactCenter.E2E.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ContactCenter.E2E.Journeys;

public sealed class LanguagesJourney : Journey
{
    [Theory]
    [InlineData("es-UY", "Hola Marta, soy Lili. ¿En qué puedo ayudarte?", "La conversación terminó", "Completada")]
    [InlineData("pt-BR", "Olá, Marta, aqui é Lili. Como posso ajudar?", "A conversa terminou", "Concluída")]
    public Task Marta_reads_her_language_and_Lili_hers(string locale, string greeting, string ended, string completed) => Play(async () =>
    {
        var lili = await LiliAvailable();
        var marta = await AVisitor("Marta", new BrowserNewContextOptions { Locale = locale });
        await marta.Comes("¿?");
        await marta.Sees(greeting);
        await Expect(marta.Find("html")).ToHaveAttributeAsync("lang", locale[..2]);
        await lili.Opens("Marta");
        await lili.SeesState("Attending");
        await lili.SeesEvent("Assigned to Lili");

        // A colleague reads the same conversation in the language of theirs.
        var ines = await AnAgent("Ines", new BrowserNewContextOptions { Locale = locale });
        await ines.SignsIn();
        await lili.Finishes("Bueno");
        await Expect(marta.Find("#pane .head small")).ToContainTextAsync(ended);
        await ines.Page.GotoAsync(lili.Page.Url);
        await ines.SeesState(completed);
        await Expect(ines.Page.Locator("html")).ToHaveAttributeAsync("lang", locale[..2]);
        await lili.SeesState("Completed");
    }, $"{nameof(Marta_reads_her_language_and_Lili_hers)}.{locale}");

    [Fact]
    public Task Marta_chooses_Portuguese_in_an_English_browser() => Play(async () =>
    {
        var lili = await LiliAvailable();
        var marta = await Marta();
        await marta.Comes("Bom dia", language: "pt");
        await marta.Sees("Olá, Marta, aqui é Lili. Como posso ajudar?");
        await Expect(marta.Find("#pane")).ToHaveAttributeAsync("lang", "pt");
        await lili.Opens("Marta");
        await lili.Finishes("");
        await Expect(marta.Find("#log")).ToContainTextAsync("Obrigado por conversar conosco.");
    });
}
