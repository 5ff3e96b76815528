namespace ContactCenter.Load.Chaos;

/// <summary>
/// The network between one browser and the balancer while it storms: requests wait, arrive twice or long after their
/// sender gave up, and answers are lost after the server has done what was asked. Streams are spared: the plan cuts those.
/// </summary>
sealed class Weather(HttpMessageHandler network, Random dice, Tally tally) : DelegatingHandler(network)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!tally.Stormy || request.Headers.Accept.Any(type => type.MediaType == "text/event-stream"))
            return await base.SendAsync(request, cancellationToken);
        double chance, more;
        lock (dice) (chance, more) = (dice.NextDouble(), dice.NextDouble());
        switch (chance)
        {
            case < 0.03:
                tally.Lost();
                using (var answer = await base.SendAsync(request, cancellationToken))
                    await answer.Content.ReadAsByteArrayAsync(cancellationToken);
                throw new HttpRequestException("The answer was lost.");
            case < 0.045 when request.Method == HttpMethod.Post:
                var late = await Copy(request);
                tally.Late(Later(late, TimeSpan.FromSeconds(0.2 + 2 * more)));
                throw new HttpRequestException("The connection broke, and the request went on without it.");
            case < 0.06 when request.Method == HttpMethod.Post:
                tally.Twice();
                var again = await Copy(request);
                var both = base.SendAsync(again, cancellationToken);
                var first = await base.SendAsync(request, cancellationToken);
                (await both).Dispose();
                return first;
            case < 0.16:
                tally.Delayed();
                await Task.Delay(TimeSpan.FromMilliseconds(20 + 400 * more), cancellationToken);
                break;
        }
        return await base.SendAsync(request, cancellationToken);
    }

    async Task Later(HttpRequestMessage request, TimeSpan wait)
    {
        await Task.Delay(wait);
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            (await base.SendAsync(request, patience.Token)).Dispose();
        }
        catch (Exception problem) when (problem is HttpRequestException or OperationCanceledException)
        {
            // Nobody waits for it.
        }
    }

    static async Task<HttpRequestMessage> Copy(HttpRequestMessage request)
    {
        var copy = new HttpRequestMessage(request.Method, request.RequestUri);
        foreach (var (name, values) in request.Headers) copy.Headers.TryAddWithoutValidation(name, values);
        if (request.Content is { } content)
        {
            copy.Content = new ByteArrayContent(await content.ReadAsByteArrayAsync());
            foreach (var (name, values) in content.Headers) copy.Content.Headers.TryAddWithoutValidation(name, values);
        }
        return copy;
    }
}
