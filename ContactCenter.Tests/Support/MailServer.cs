using System.Diagnostics;
using System.Net.Mime;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading.Channels;

namespace ContactCenter.Tests.Support;

/// <summary>A mail that arrived, decoded.</summary>
/// <param name="Secure">Whether the connection was encrypted.</param>
/// <param name="Headers">As they came, unfolded.</param>
public sealed record Received(
    string From, string To, string Subject, string Text, string Html, bool Secure,
    IReadOnlyDictionary<string, string> Headers);

/// <summary>A real SMTP server on 127.0.0.1, a Node process (smtp.mjs).</summary>
public sealed partial class MailServer : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);
    private readonly Process process;
    private readonly TaskCompletionSource silent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<Received> mails = Channel.CreateUnbounded<Received>();

    private MailServer(Process process, int port)
    {
        this.process = process;
        Port = port;
        _ = ReadAsync();
    }

    public int Port { get; }

    /// <param name="options">Those at the head of smtp.mjs.</param>
    public static async Task<MailServer> StartAsync(params string[] options)
    {
        var start = new ProcessStartInfo("node", [Path.Combine(Folder(), "smtp.mjs"), .. options])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        var node = Process.Start(start)!;
        var first = await node.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The mail server did not start.");
        return new MailServer(node, JsonSerializer.Deserialize<Line>(first, Web)!.Port);
    }

    /// <summary>The next mail.</summary>
    public async Task<Received> NextAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await mails.Reader.ReadAsync(limit.Token);
    }

    /// <summary>Whether a mail has come that nobody took.</summary>
    public bool HasMore => mails.Reader.Count > 0;

    /// <summary>Whether somebody has told it a password.</summary>
    public bool HeardLogin { get; private set; }

    /// <summary>It has a mail (<c>hang=N</c>) or a QUIT (<c>parting=none</c>) and says nothing.</summary>
    public Task IsSilent => silent.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await process.StandardOutput.ReadLineAsync() is { } text)
        {
            var line = JsonSerializer.Deserialize<Line>(text, Web)!;
            if (line.Silent) silent.TrySetResult();
            else if (line.Login) HeardLogin = true;
            else mails.Writer.TryWrite(Read(line));
        }
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    // Enough of MIME (RFC 2045) for what the application sends: two parts, each base64 or quoted-printable.
    private static Received Read(Line line)
    {
        var (headers, body) = Split(line.Data);
        var boundary = new ContentType(headers["Content-Type"]).Boundary!;
        var parts = body.Split("--" + boundary)[1..^1].Select(part => Split(part.TrimStart('\r', '\n'))).ToList();
        string Part(string type) => parts.Where(part => part.Headers["Content-Type"].StartsWith(type, StringComparison.Ordinal))
            .Select(part => Decode(part.Headers["Content-Transfer-Encoding"], part.Body)).Single();
        return new Received(
            line.From, line.To.Single(), Words(headers["Subject"]), Part("text/plain"), Part("text/html"), line.Secure, headers);
    }

    private static (Dictionary<string, string> Headers, string Body) Split(string entity)
    {
        var end = entity.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var headers = Folded().Replace(entity[..end], " ").Split("\r\n")
            .Select(header => header.Split(": ", 2))
            .ToDictionary(header => header[0], header => header[1], StringComparer.OrdinalIgnoreCase);
        return (headers, entity[(end + 4)..]);
    }

    private static string Decode(string encoding, string body) => encoding.ToLowerInvariant() switch
    {
        "base64" => Encoding.UTF8.GetString(Convert.FromBase64String(body)),
        "quoted-printable" => Quoted(body.Replace("=\r\n", "", StringComparison.Ordinal)),
        _ => body,
    };

    private static string Words(string subject) =>
        Word().Replace(Between().Replace(subject, "?==?"), word => word.Groups["how"].Value is "B" or "b"
            ? Encoding.UTF8.GetString(Convert.FromBase64String(word.Groups["what"].Value))
            : Quoted(word.Groups["what"].Value.Replace('_', ' ')));

    private static string Quoted(string text) =>
        Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(Escape().Replace(text, escape => ((char)Convert.ToByte(escape.Groups["hex"].Value, 16)).ToString())));

    [GeneratedRegex(@"\r\n[ \t]+", RegexOptions.NonBacktracking)]
    private static partial Regex Folded();

    [GeneratedRegex(@"\?=\s+=\?", RegexOptions.NonBacktracking)]
    private static partial Regex Between();

    [GeneratedRegex(@"=\?[Uu][Tt][Ff]-8\?(?<how>[BbQq])\?(?<what>[^?]*)\?=", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Word();

    [GeneratedRegex("=(?<hex>[0-9A-F]{2})", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Escape();

    private sealed record Line(
        int Port, string From, IReadOnlyList<string> To, string Data, bool Silent, bool Secure, bool Login);
}
