namespace ContactCenter.Load.Chaos;

/// <summary>A fragment that is fetched again whenever its page is nudged; nudges meanwhile are one more fetch.</summary>
/// <param name="fetch">Fetches and shows it; false where that failed.</param>
/// <param name="pause">Between the nudge and the fetch.</param>
/// <param name="again">After a failure.</param>
sealed class Refetch(Func<CancellationToken, Task<bool>> fetch, TimeSpan pause, TimeSpan again)
{
    readonly Bell nudged = new();

    public void Nudge() => nudged.Ring();

    public async Task Run(CancellationToken closed)
    {
        while (true)
        {
            await nudged.Heard(closed);
            await Task.Delay(pause, closed);
            while (!await fetch(closed)) await nudged.Heard(again, closed);
        }
    }
}

/// <summary>Tells the server what this side has received and read, as log.js does.</summary>
sealed class Receipts
{
    const int Soon = 400;

    readonly Screen screen;
    readonly HttpClient http;
    readonly Func<int, HttpRequestMessage> post;
    readonly Tally tally;
    readonly Bell grown = new();

    public Receipts(Screen screen, HttpClient http, Func<int, HttpRequestMessage> post, Tally tally)
    {
        (this.screen, this.http, this.post, this.tally) = (screen, http, post, tally);
        screen.WhenGrown(grown.Ring);
    }

    public async Task Run(CancellationToken closed)
    {
        var sent = 0;
        for (var wait = Soon; ;)
        {
            if (screen.Top <= sent)
            {
                await grown.Heard(closed);
                continue;
            }
            await Task.Delay(wait, closed);
            var top = screen.Top;
            var answer = await Answer.To(http, post(top), tally, closed);
            if (answer.Failed) wait = Math.Min(wait * 2, 15_000);
            else (sent, wait) = (top, Soon);
        }
    }
}
