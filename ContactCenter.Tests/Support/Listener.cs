using System.Net;
using System.Text;

namespace ContactCenter.Tests.Support;

/// <summary>Somebody at an event stream: hears what comes and when it is over.</summary>
public sealed class Listener : IDisposable
{
    private readonly HttpResponseMessage response;
    private readonly StringBuilder heard = new();
    private readonly Task reading;

    private Listener(HttpResponseMessage response)
    {
        this.response = response;
        reading = Task.Run(ReadAsync);
    }

    /// <summary>Everything so far.</summary>
    public string Heard
    {
        get
        {
            lock (heard) return heard.ToString();
        }
    }

    public bool IsOver => reading.IsCompleted;

    /// <param name="token">A visitor's.</param>
    public static async Task<Listener> OpenAsync(Browserless browser, string path, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null) request.Headers.Add("X-Visitor", token);
        var answer = await browser.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        return new Listener(answer);
    }

    /// <param name="after">What it comes after, and not before.</param>
    public Task HearsAsync(string text, string after = "") => Eventually.Holds(
        $"\"{text}\" is heard", () => Heard is var all && all.IndexOf(text, all.IndexOf(after, StringComparison.Ordinal) + after.Length, StringComparison.Ordinal) >= 0);

    /// <summary>Leaves.</summary>
    public void Dispose() => response.Dispose();

    private async Task ReadAsync()
    {
        try
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(), Encoding.UTF8);
            while (await reader.ReadLineAsync() is { } line)
            {
                lock (heard) heard.Append(line).Append('\n');
            }
        }
        catch (Exception problem) when (problem is IOException or HttpRequestException or ObjectDisposedException or OperationCanceledException)
        {
            // The server, or this test, has closed it.
        }
    }
}
