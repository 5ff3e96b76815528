using System.Text.RegularExpressions;
using ContactCenter.Domain;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Tests.Pages;

/// <summary>
/// Chat-time bands, the idle alert and waits beyond the service level on the real clock: a board that reads only when its
/// stream says so.
/// </summary>
public sealed partial class BandsTests(Desk desk) : IClassFixture<Desk>
{
    private static readonly TimeSpan Yellow = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Red = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(9);
    private static readonly TimeSpan Level = TimeSpan.FromSeconds(12);

    [Fact]
    public async Task Each_time_shows_on_the_board_within_two_seconds_and_agents_are_not_bothered()
    {
        var tienda = await desk.WithAsync<Database, Guid>(async database =>
        {
            var campaign = await database.Campaigns.SingleAsync(each => each.Key == "tienda");
            (campaign.Settings.ChatTimeYellow, campaign.Settings.ChatTimeRed, campaign.Settings.IdleAfter) =
                ((int)Yellow.TotalSeconds, (int)Red.TotalSeconds, (int)Idle.TotalSeconds);
            campaign.Settings.ServiceLevelSeconds = (int)Level.TotalSeconds;
            await database.SaveChangesAsync();
            return campaign.Id;
        });
        using var sofia = await desk.SignInAsync(Cast.Sofia);
        using var lili = await desk.SignInAsync(Cast.Lili);
        using var hers = await ListenAsync(sofia);
        using var agents = await ListenAsync(lili);
        var omar = await desk.IdOfAsync(Cast.Omar);
        var held = await desk.PutAsync(ConversationState.Attending, Cast.Lili, "Nina Novel");
        var start = held.QueuedAt;
        // Who waits for Lili alone is not given to Omar.
        var waits = await desk.PutAsync(ConversationState.Waiting, contact: "Wanda Waits");
        var lilis = await desk.IdOfAsync(Cast.Lili);
        await desk.WithAsync<Database>(async database =>
        {
            database.Add(new ExclusiveAgent { ContactId = waits.ContactId, CampaignId = tienda, UserId = lilis });
            await database.SaveChangesAsync();
            await database.Agents.Where(agent => agent.UserId == omar).ExecuteUpdateAsync(set => set.SetProperty(agent => agent.Accepting, true));
            database.Add(new LedgerEntry { Id = Desk.Id(), UserId = omar, At = start, State = AgentState.Free, Cause = LedgerCause.Agent });
            await database.SaveChangesAsync();
        });

        var seen = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(25));
        while (!seen.ContainsKey("overdue"))
        {
            var line = await hers.ReadLineAsync(limit.Token) ?? throw new InvalidOperationException("The stream ended.");
            if (line != "event: inbox") continue;
            var board = (await sofia.GetAsync($"/supervision/board/{tienda}")).Text;
            var at = desk.Clock.GetUtcNow();
            if (board.Contains("1 overdue", StringComparison.Ordinal)) seen.TryAdd("overdue", at);
            if (Band().Match(board) is { Success: true } level) seen.TryAdd(level.Groups["level"].Value, at);
            if (Shown().IsMatch(board)) seen.TryAdd("idle", at);
        }
        foreach (var (what, after) in new[] { ("yellow", Yellow), ("red", Red), ("idle", Idle), ("overdue", Level) })
            Assert.InRange(seen[what] - start - after, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        // Lili's stream began, and she came; of the three times it was told nothing.
        Assert.InRange(await EventsAsync(agents), 1, 2);
    }

    private static async Task<StreamReader> ListenAsync(Browserless browser) => new(
        await (await browser.Http.GetAsync("/inbox/stream", HttpCompletionOption.ResponseHeadersRead)).Content.ReadAsStreamAsync());

    /// <summary>How often the stream has said that lists changed, so far.</summary>
    private static async Task<int> EventsAsync(StreamReader stream)
    {
        var events = 0;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            while (await stream.ReadLineAsync(limit.Token) is { } line)
                if (line == "event: inbox") events++;
        }
        catch (OperationCanceledException)
        {
            // Nothing more has come.
        }
        return events;
    }

    [GeneratedRegex("data-level=\"(?<level>yellow|red)\" data-name=\"Nina Novel", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Band();

    [GeneratedRegex("<span class=\"idle\"[^>]*\" title=\"[^\"]*\">", RegexOptions.NonBacktracking)]
    private static partial Regex Shown();
}
