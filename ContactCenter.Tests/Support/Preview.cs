using System.Diagnostics;
using System.Text.Json;

namespace ContactCenter.Tests.Support;

/// <summary>What a browser's preview makes of texts: <c>wwwroot/js/markup.js</c>, run by Node.</summary>
static class Preview
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    /// <param name="Tokens">Kind, start, end and whether it opens, for each mark and link.</param>
    public sealed record Read(IReadOnlyList<string> Tokens, string Html);

    public static Task<Read[]> OfAsync(IEnumerable<string> texts) => RunAsync<Read[]>(texts);

    /// <summary>Milliseconds for each text, the best of several runs.</summary>
    public static Task<double[]> TimesAsync(IEnumerable<string> texts) => RunAsync<double[]>(texts, "time");

    private static async Task<T> RunAsync<T>(IEnumerable<string> texts, params string[] options)
    {
        var script = Path.Combine(Repository.Root, "ContactCenter.Tests", "Domain", "preview.mjs");
        var parser = Path.Combine(Repository.Root, "wwwroot", "js", "markup.js");
        using var node = Process.Start(new ProcessStartInfo("node", [script, parser, .. options])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var answer = node.StandardOutput.ReadToEndAsync();
        await JsonSerializer.SerializeAsync(node.StandardInput.BaseStream, texts, Web);
        node.StandardInput.Close();
        await node.WaitForExitAsync();
        Assert.Equal(0, node.ExitCode);
        return JsonSerializer.Deserialize<T>(await answer, Web)!;
    }
}
