using System.Net;

namespace ContactCenter.Load.Chaos;

/// <summary>What a request brought; status 0: nothing came back.</summary>
/// <param name="Visitor">The token that came with it.</param>
sealed record Answer(int Status, string Body, string? Visitor = null, TimeSpan? RetryAfter = null)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public bool Good => Status is >= 200 and < 300;

    /// <summary>It may go better next time.</summary>
    public bool Failed => Status is 0 or >= 500 or (int)HttpStatusCode.TooManyRequests;

    /// <summary>The session is no more: a page is sent to sign in, a fragment is told so.</summary>
    public bool SignedOut => Status is (int)HttpStatusCode.Unauthorized or (int)HttpStatusCode.Found;

    /// <summary>Sends one request, as a script of the page does.</summary>
    public static async Task<Answer> To(HttpClient http, HttpRequestMessage request, Tally tally, CancellationToken over)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(over);
        patience.CancelAfter(Patience);
        try
        {
            using var answer = await http.SendAsync(request, patience.Token);
            var body = await answer.Content.ReadAsStringAsync(patience.Token);
            tally.Heard(request.Method, request.RequestUri, (int)answer.StatusCode);
            return new(
                (int)answer.StatusCode, body,
                answer.Headers.TryGetValues("X-Visitor", out var token) ? token.Single() : null,
                answer.Headers.RetryAfter?.Delta);
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or OperationCanceledException)
        {
            over.ThrowIfCancellationRequested();
            return new(0, "");
        }
    }

    /// <summary>Does what a person does who is told that it failed: the same again, a second later.</summary>
    public static async Task<Answer> Insist(HttpClient http, Func<HttpRequestMessage> request, Tally tally, CancellationToken over)
    {
        while (true)
        {
            var answer = await To(http, request(), tally, over);
            if (!answer.Failed) return answer;
            tally.Retried();
            await Task.Delay(answer.RetryAfter ?? TimeSpan.FromSeconds(1), over);
        }
    }
}

/// <summary>Wakes whoever waits for it; what rings while nobody waits is heard once.</summary>
sealed class Bell
{
    readonly SemaphoreSlim rung = new(0, 1);

    public void Ring()
    {
        lock (rung)
            if (rung.CurrentCount == 0)
                rung.Release();
    }

    public Task Heard(CancellationToken over) => rung.WaitAsync(over);

    /// <summary>Waits for it, but not longer.</summary>
    public Task Heard(TimeSpan longest, CancellationToken over) => rung.WaitAsync(longest, over);

    public void Silence() => rung.Wait(0);
}
