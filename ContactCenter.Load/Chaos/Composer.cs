using ContactCenter.Domain;

namespace ContactCenter.Load.Chaos;

/// <summary>
/// The composer of a page (outbox.js): what is written goes out in order, one at a time, each with an id made here;
/// what gets no answer goes again with the same id; what the stream brings first needs no answer any more.
/// </summary>
/// <param name="post">The request that sends a message: its id, its text, and the highest place its writer has seen.</param>
sealed class Composer
{
    readonly string writer;
    readonly Screen screen;
    readonly Func<Guid, string, int, HttpRequestMessage> post;
    readonly HttpClient http;
    readonly Tally tally;
    readonly Lock gate = new();
    readonly List<Item> items = [];
    readonly List<ToldMessage> told = [];
    readonly Bell news = new(), resumed = new();

    public Composer(string writer, Screen screen, Func<Guid, string, int, HttpRequestMessage> post, HttpClient http, Tally tally)
    {
        (this.writer, this.screen, this.post, this.http, this.tally) = (writer, screen, post, http, tally);
        screen.WhenShown(Accept);
        screen.WhenGrown(news.Ring);
    }

    /// <summary>Called when the session has ended; answers when there is one again.</summary>
    public Func<CancellationToken, Task> SignIn { get; init; } = _ => Task.CompletedTask;

    /// <summary>Nothing is on its way.</summary>
    public bool Idle
    {
        get { lock (gate) return items.Count == 0; }
    }

    public void Write(string text)
    {
        lock (gate) items.Add(new(Ids.New(TimeProvider.System), text) { Seen = screen.Top });
        news.Ring();
    }

    /// <summary>The way is open again: what waits does not wait for the rest of the pause.</summary>
    public void Resume() => resumed.Ring();

    /// <summary>What became of everything written, in the order its writer was told.</summary>
    public IReadOnlyList<ToldMessage> Told()
    {
        lock (gate)
            return [.. told, .. items.Select(item => new ToldMessage(screen.Conversation, item.Id, writer, item.Text, Accepted: false, null))];
    }

    /// <summary>Sends until the page is closed.</summary>
    public async Task Run(CancellationToken closed)
    {
        for (var tries = 0; ;)
        {
            if (Next() is not { } item)
            {
                await news.Heard(closed);
                continue;
            }
            resumed.Silence();
            var answer = await Answer.To(http, post(item.Id, item.Text, item.Seen), tally, closed);
            if (answer.Good)
            {
                Accept(item.Id, Screen.LastPlace(answer.Body));
                screen.Show(answer.Body);
            }
            else if (answer.Failed)
            {
                tally.Retried();
                await resumed.Heard(answer.RetryAfter ?? TimeSpan.FromSeconds(Math.Min(Math.Pow(2, tries++), 8)), closed);
                continue;
            }
            else if (answer.SignedOut) await SignIn(closed);
            else Refuse(item, answer.Status);
            tries = 0;
        }
    }

    // What was refused because its writer was not current goes again once they have seen more.
    Item? Next()
    {
        var top = screen.Top;
        lock (gate)
        {
            var next = items.Find(item => !item.Refused || item.Seen < top);
            if (next is { Refused: true }) (next.Refused, next.Seen) = (false, top);
            return next;
        }
    }

    void Accept(Guid id, int place)
    {
        lock (gate)
        {
            if (items.Find(item => item.Id == id) is { } item)
            {
                items.Remove(item);
                told.Add(new(screen.Conversation, id, writer, item.Text, Accepted: true, place));
            }
            // The stream was first; the answer must name the same place.
            else if (told.FindIndex(each => each.Id == id && each.Place != place) is >= 0 and var at)
                told.Add(told[at] with { Place = place });
        }
    }

    void Refuse(Item item, int status)
    {
        lock (gate)
        {
            item.Refused = true;
            if (status == 409) return;
            items.Remove(item);
            told.Add(new(screen.Conversation, item.Id, writer, item.Text, Accepted: false, null));
        }
    }

    sealed record Item(Guid Id, string Text)
    {
        public int Seen { get; set; }
        public bool Refused { get; set; }
    }
}
