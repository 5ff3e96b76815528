using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ContactCenter.Domain;
using ContactCenter.Tests.Support;
using Npgsql;

namespace ContactCenter.Tests.Storage;

/// <summary>PostgreSQL, the application and the browser compare what is searched for alike.</summary>
public sealed class FoldingTests(Scene scene) : IClassFixture<Scene>
{
    [Theory]
    [InlineData("Núñez", "nunez")]
    [InlineData("NUÑEZ", "nunez")]
    [InlineData("Nu\u0301n\u0303ez", "nunez")]
    [InlineData("Straße STRASSE GROẞ", "strasse strasse gross")]
    [InlineData("Ørsted Łódź Đorđe Ħal", "orsted lodz dorde hal")]
    [InlineData("Æsir Œuvre Þór", "aesir oeuvre thor")]
    [InlineData("İzmir ISPARTA ısparta", "izmir isparta isparta")]
    [InlineData("ΟΔΟΣ οδός", "οδοσ οδοσ")]
    [InlineData("Ёлка Чайковский", "елка чаиковскии")]
    [InlineData("مُحَمَّد", "محمد")]
    [InlineData("שָׁלוֹם", "שלום")]
    [InlineData("ﬁn ＡＢＣ ①", "fin abc 1")]
    [InlineData("so\u00ADft ze\u200Bro", "soft zero")]
    [InlineData("50%_off\\", "50%_off\\")]
    public async Task Case_accents_and_unseen_signs_make_no_difference(string text, string folded)
    {
        Assert.Equal(folded, Folding.Fold(text));
        Assert.Equal([folded], await StoredAsync([text]));
        Assert.Equal([folded], await BrowserAsync([text]));
    }

    [Fact]
    public async Task The_three_agree_on_every_letter_of_the_scripts_in_use()
    {
        var letters = Enumerable.Range(0x20, 0x2FF0).Concat(Enumerable.Range(0xF900, 0x600)).Concat(Enumerable.Range(0x1F300, 0x300))
            // The one letter with case that Unicode 16 added: PostgreSQL knows its small one already, .NET does not.
            .Where(point => point != 0x1C89 && !char.IsSurrogate((char)point) && Rune.IsValid(point) && Rune.GetUnicodeCategory(new Rune(point)) != System.Globalization.UnicodeCategory.OtherNotAssigned)
            .Select(point => new Rune(point).ToString()).ToList();
        Assert.True(letters.Count > 8000);
        var (stored, browser) = (await StoredAsync(letters), await BrowserAsync(letters));
        var wrong = letters.Where((letter, at) => Folding.Fold(letter) != stored[at] || stored[at] != browser[at])
            .Select((letter) => $"{letter} U+{char.ConvertToUtf32(letter, 0):X4} {Folding.Fold(letter)}").ToList();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void What_cannot_be_text_is_searched_for_in_vain_and_not_refused()
    {
        Assert.Equal("a\uFFFDb", Folding.Fold("a\uD83Db"));
        Assert.Equal("", Folding.Pattern("\u0301\u200B"));
        Assert.Equal("%50\\%\\_off\\\\%", Folding.Pattern("50%_OFF\\"));
        Assert.Equal(202, Folding.Pattern(new string('x', 10_000)).Length);
    }

    private async Task<string[]> StoredAsync(IReadOnlyList<string> texts)
    {
        await using var command = scene.Get<NpgsqlDataSource>().CreateCommand("select array_agg(fold(t) order by n) from unnest($1) with ordinality as u(t, n)");
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. texts] });
        return (string[])(await command.ExecuteScalarAsync())!;
    }

    private static async Task<string[]> BrowserAsync(IReadOnlyList<string> texts)
    {
        const string script = """
            globalThis.cc = { each() { } };
            require('vm').runInThisContext(require('fs').readFileSync(process.argv[1], 'utf8'));
            process.stdout.write(JSON.stringify(JSON.parse(require('fs').readFileSync(0, 'utf8')).map(cc.fold)));
            """;
        using var node = Process.Start(new ProcessStartInfo("node", ["-e", script, Path.Combine(Repository.Root, "wwwroot", "js", "forms.js")])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var answer = node.StandardOutput.ReadToEndAsync();
        await JsonSerializer.SerializeAsync(node.StandardInput.BaseStream, texts);
        node.StandardInput.Close();
        await node.WaitForExitAsync();
        return JsonSerializer.Deserialize<string[]>(await answer)!;
    }
}
