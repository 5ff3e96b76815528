using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using ContactCenter.Domain;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ContactCenter.Tests.Pages;

/// <summary>An application whose clock stands where a written day says.</summary>
public sealed class DayApp : App
{
    /// <summary>Ahead of the real time: what is issued now is valid then.</summary>
    public DateTimeOffset Start { get; } = new(TimeProvider.System.GetUtcNow().UtcDateTime.Date.AddDays(2), TimeSpan.Zero);

    public StoppedClock Stopped { get; } = new();

    public override async Task InitializeAsync()
    {
        Stopped.Now = Start;
        await base.InitializeAsync();
    }

    protected override void Configure(IServiceCollection services) =>
        services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Stopped));

    /// <summary>
    /// A clock that stands where it was put while timers run at their real pace, as the services of a running
    /// application need them: a <c>FakeTimeProvider</c> has both or neither.
    /// </summary>
    public sealed class StoppedClock : TimeProvider
    {
        private long ticks;

        public DateTimeOffset Now { set => Interlocked.Exchange(ref ticks, value.UtcTicks); }

        public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref ticks), TimeSpan.Zero);
    }
}

/// <summary>
/// Board, wallboard and the agents' strip against a day of which every figure was counted by hand: what happens in it is done by
/// the application's own verbs, what is shown is read from its pages. The day and the counting are in <c>written-day.txt</c>.
/// </summary>
public sealed partial class WrittenDayTests(DayApp app) : IClassFixture<DayApp>
{
    private readonly Dictionary<string, Guid> campaigns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Guid> agents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Guid> conversations = new(StringComparer.Ordinal);
    private readonly List<string> wrong = [];
    private int compared;

    [Fact]
    public async Task Board_wallboard_and_strip_show_what_was_counted_by_hand()
    {
        await FoundAsync();
        foreach (var line in await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "ContactCenter.Tests", "Pages", "written-day.txt")))
        {
            if (line.Length == 0 || line[0] == '#') continue;
            if (line.StartsWith("    ", StringComparison.Ordinal)) await CompareAsync(line.Trim());
            else await HappensAsync(line.Split(' '));
        }
        Assert.True(compared > 60, "The day was looked at.");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private async Task FoundAsync()
    {
        var client = new Client { Id = Desk.Id(), Name = "Acme" };
        var project = new Project { Id = Desk.Id(), ClientId = client.Id, Name = "Shop" };
        var department = new Department { Id = Desk.Id(), Name = "Sales" };
        await SaveAsync(client, project, department);
        foreach (var (name, zone) in new[] { ("Tienda", "America/Montevideo"), ("Soporte", "Asia/Tokyo") })
        {
            var campaign = new Campaign
            {
                Id = campaigns[name] = Desk.Id(),
                Key = name.ToLowerInvariant(),
                Name = name,
                ProjectId = project.Id,
                DepartmentId = department.Id,
            };
            // Agents take for themselves, and nothing happens by the passing of time but what is written.
            (campaign.Settings.Eligibility, campaign.Settings.OfflineMessages) = (Eligibility.RingAllMultiple, true);
            (campaign.Settings.AbandonAfter, campaign.Settings.AnswerWithinSeconds) = (0, 0);
            campaign.Settings.Hours.TimeZone = zone;
            if (name == "Tienda")
                campaign.Settings.Hours.Intervals = [new() { Days = [.. Enum.GetValues<DayOfWeek>()], From = new(6, 0), To = new(2, 0) }];
            await SaveAsync(campaign);
        }
        foreach (var person in (Person[])[Cast.Lili, Cast.Omar, Cast.Ines])
        {
            var id = agents[person.Name] = await app.IdOfAsync(person);
            await app.WithAsync<Database>(database => database.Agents.Where(agent => agent.UserId == id).ExecuteDeleteAsync());
            await SaveAsync(new Agent { UserId = id, Accepting = true, Since = app.Start, SeenAt = app.Start.AddDays(9) });
            await SaveAsync(new LedgerEntry { Id = Desk.Id(), UserId = id, At = app.Start, State = AgentState.Free, Cause = LedgerCause.Agent });
            await SaveAsync([.. campaigns.Values.Select(campaign => new Member { CampaignId = campaign, UserId = id })]);
        }
        await app.WithAsync<Database>(database => database.Users.Where(user => user.Id == agents["Lili"])
            .ExecuteUpdateAsync(set => set.SetProperty(user => user.TimeZone, "Asia/Tokyo")));
    }

    private async Task HappensAsync(string[] line)
    {
        app.Stopped.Now = app.Start.AddDays(int.Parse(line[0], CultureInfo.InvariantCulture)) + TimeSpan.Parse(line[1], CultureInfo.InvariantCulture);
        var ada = new Viewer(await app.IdOfAsync(Cast.Ada), "Ada", Supervises: true);
        switch (line[2..])
        {
            case ["arrives", var name, var campaign]:
                await StartAsync(name, campaign, ConversationState.Waiting);
                break;
            case ["writes", var name, var campaign]:
                await StartAsync(name, campaign, ConversationState.OutOfHours);
                break;
            case ["takes", var agent, var name]:
                Assert.IsType<TakeResult.Taken>(await app.WithAsync<AssignmentStore, TakeResult>(store =>
                    store.TakeAsync(conversations[name], agents[agent], default)));
                break;
            case ["finishes", var agent, var name]:
                await ChangesAsync(store => store.FinishAsync(conversations[name], agents[agent], agent, null));
                break;
            case ["returns", var agent, var name]:
                await ChangesAsync(store => store.ReturnAsync(conversations[name], agents[agent], agent, unanswered: true));
                break;
            case ["goes", var name]:
                await ChangesAsync(store => store.LeaveAsync(conversations[name]));
                break;
            case ["closes", var campaign]:
                await MovesAsync(campaign, ConversationState.Waiting, store => store.CloseQueueAsync(campaigns[campaign]));
                break;
            case ["opens", var campaign]:
                await MovesAsync(campaign, ConversationState.OutOfHours, store => store.OpenQueueAsync(campaigns[campaign]));
                break;
            case ["leaves", var agent]:
                await app.WithAsync<FloorStore>(store => store.LogOutAsync(agents[agent], agent, ada.Id, default));
                break;
            case ["back", var agent]:
                // Whoever comes has signed in.
                await SaveAsync(new UserSession { Id = Desk.Id(), UserId = agents[agent], StartedAt = app.Stopped.GetUtcNow(), SeenAt = app.Stopped.GetUtcNow() });
                await app.WithAsync<AgentStore>(store => (Task)store.EnterAsync(agents[agent]));
                await app.WithAsync<Database>(database => database.Agents.Where(each => each.UserId == agents[agent])
                    .ExecuteUpdateAsync(set => set.SetProperty(each => each.SeenAt, app.Start.AddDays(9))));
                break;
            case ["removed", var agent, var campaign]:
                Assert.Equal(1, await app.WithAsync<MemberStore, int>(store =>
                    store.RemoveAsync(ada, [campaigns[campaign]], [agents[agent]], default)));
                break;
            case ["deactivated", var agent]:
                Assert.Equal(UserOutcome.Saved, await app.WithAsync<UserStore, UserOutcome>(store =>
                    store.ActivateAsync(ada, agents[agent], active: false, default)));
                break;
            case ["look"]:
                break;
            default:
                throw new InvalidOperationException("Nobody can do this: " + string.Join(' ', line));
        }
    }

    private async Task StartAsync(string name, string campaign, ConversationState state)
    {
        var outcome = await app.WithAsync<ConversationStore, StartOutcome>(store => store.StartAsync(
            campaigns[campaign], Desk.Id(), null, new ContactDetails(name, null, null), "es", "Hola", state == ConversationState.OutOfHours));
        var started = Assert.IsType<StartOutcome.Started>(outcome).Conversation;
        Assert.Equal(state, started.State);
        conversations[name] = started.Id;
    }

    private async Task ChangesAsync(Func<ConversationStore, Task<TransitionOutcome?>> change) =>
        Assert.IsType<TransitionOutcome.Changed>(await app.WithAsync(change));

    // The job that does this at the same time may have been first with some.
    private async Task MovesAsync(string campaign, ConversationState from, Func<ConversationStore, Task<int>> move)
    {
        await app.WithAsync<ConversationStore>(store => (Task)move(store));
        await Eventually.Holds($"nobody of {campaign} is {from}", () => app.WithAsync<Database, bool>(async database =>
            !await database.Conversations.AnyAsync(c => c.CampaignId == campaigns[campaign] && c.State == from)));
    }

    /// <summary><c>PAGE CAMPAIGN | figure | value</c></summary>
    private async Task CompareAsync(string line)
    {
        var parts = line.Split(" | ");
        var (page, campaign) = parts[0].Split(' ') is [var one, var other] ? (one, other) : throw new FormatException(line);
        var below = campaign == "all" ? "" : $"/{campaigns[campaign]}";
        using var browser = await app.SignInAsync(page == "strip" ? Cast.Lili : Cast.Sofia);
        async Task<string> ReadAsync(string path)
        {
            var answer = await browser.GetAsync(path);
            if (answer.Status != 200) wrong.Add($"{path} answers {answer.Status}");
            return answer.Text;
        }
        var shown = page switch
        {
            "board" => Figures(await ReadAsync($"/supervision/board{below}")).GetValueOrDefault(parts[1]),
            "wall" => Figures(await ReadAsync($"/supervision{below}/wallboard")).GetValueOrDefault(parts[1]),
            "strip" => Figures(await ReadAsync("/inbox/kpis")).GetValueOrDefault(parts[1]),
            // State, done in and done out of an agent's row; whose row it is stands second.
            "rows" => Rows(await ReadAsync($"/supervision/board{below}"), "a").Where(row => row[1].EndsWith(parts[1], StringComparison.Ordinal))
                .Select(row => $"{row[0]} {row[^4]} {row[^3]}").SingleOrDefault(),
            "waiting" => Rows(await ReadAsync($"/supervision/board{below}"), "w").Where(row => row[0] == parts[1])
                .Select(row => string.Join(' ', row[2..])).SingleOrDefault(),
            "list" => string.Join(' ', Listed().Matches(await ReadAsync($"/supervision/conversations/{parts[1]}{below}"))
                .Select(row => row.Groups["contact"].Value)),
            _ => throw new FormatException(line),
        };
        compared++;
        if (shown != parts[2]) wrong.Add($"{parts[0]}, {parts[1]}: counted \"{parts[2]}\", shown \"{shown}\"");
    }

    private static Dictionary<string, string> Figures(string html) => Figure().Matches(html)
        .ToDictionary(found => Plain(found.Groups["name"].Value), found => Plain(found.Groups["value"].Value), StringComparer.Ordinal);

    private static IEnumerable<string[]> Rows(string html, string kind) => Row().Matches(html)
        .Where(found => found.Groups["kind"].Value == kind)
        .Select(found => Cell().Matches(found.Groups["cells"].Value).Select(cell => Plain(cell.Groups["text"].Value)).ToArray());

    /// <summary>What is read: without what explains it, a running time by when it began.</summary>
    private static string Plain(string html)
    {
        var times = Time().Replace(Tip().Replace(html, ""), time => "since " + time.Groups["clock"].Value);
        return Spaces().Replace(WebUtility.HtmlDecode(Tag().Replace(times, " ")), " ").Trim();
    }

    private Task SaveAsync(params object[] entities) =>
        app.WithAsync<Database>(database => database.InsertAsync(entities));

    private const RegexOptions Named = RegexOptions.ExplicitCapture | RegexOptions.Singleline;

    [GeneratedRegex("<dt>(?<name>.*?)</dt>\\s*<dd>(?<value>.*?)</dd>", Named, 1000)]
    private static partial Regex Figure();

    [GeneratedRegex("<span class=\"tip\".*?</span>", Named, 1000)]
    private static partial Regex Tip();

    [GeneratedRegex("<time datetime=\"[^\"]*T(?<clock>[0-9:]+)[^\"]*\"[^>]*></time>", Named, 1000)]
    private static partial Regex Time();

    [GeneratedRegex("<[^>]*>", Named, 1000)]
    private static partial Regex Tag();

    [GeneratedRegex("\\s+", Named, 1000)]
    private static partial Regex Spaces();

    [GeneratedRegex("<tr id=\"(?<kind>[aw])-[^\"]*\">(?<cells>.*?)</tr>", Named, 1000)]
    private static partial Regex Row();

    [GeneratedRegex("<td[^>]*>(?<text>.*?)</td>", Named, 1000)]
    private static partial Regex Cell();

    [GeneratedRegex("<td><a href=\"/conversations/[^\"]*\">#[0-9]+</a></td>\\s*<td>(?<contact>[^<]*)</td>", Named, 1000)]
    private static partial Regex Listed();
}
