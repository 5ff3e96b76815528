using ContactCenter.Domain;
using ContactCenter.Security;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Tests.Storage;

/// <summary>The record of agents' time (S8) on the real database.</summary>
public sealed class LedgerTests(Scene scene) : IClassFixture<Scene>
{
    private static Guid Id() => Ids.New(TimeProvider.System);

    private Task<List<LedgerEntry>> LinesAsync(User agent) => scene.ReadAsync(database => database.Ledger.AsNoTracking()
        .Where(line => line.UserId == agent.Id).OrderBy(line => line.At).ToListAsync());

    private async Task<User> AgentAsync(string name, int capacity = 6, params Campaign[] campaigns)
    {
        var agent = await scene.AgentAsync($"{name}{Id():N}", capacity, campaigns);
        await scene.Agents.EnterAsync(agent.Id);
        return agent;
    }

    private async Task<BreakReason> ReasonAsync(string name, bool active = true)
    {
        var reason = new BreakReason { Id = Id(), Name = $"{name} {Id():N}", Icon = "coffee", Active = active };
        await scene.SaveAsync(reason);
        return reason;
    }

    [Fact]
    public async Task A_day_of_an_agent_is_written_line_by_line_with_who_and_why()
    {
        await scene.CampaignAsync($"c{Id():N}"[..20]);
        var lili = await AgentAsync("Lili");
        var sofia = new User { Id = Id(), DisplayName = "Sofía", UserName = $"{Id():N}@test.local" };
        await scene.SaveAsync(sofia);
        var lunch = await ReasonAsync("Lunch");
        var training = await ReasonAsync("Training");
        var marta = await scene.VisitorAsync("Marta");
        await scene.AssignAsync();
        await scene.Agents.StartBreakAsync(lili.Id, lunch.Id);
        await scene.Conversations.FinishAsync(marta.Id, lili.Id, "Lili", null);
        await scene.Agents.StartBreakAsync(lili.Id, training.Id, new LedgerAuthor(LedgerCause.Supervisor, sofia.Id));
        await scene.Agents.EndBreakAsync(lili.Id);
        scene.Clock.Advance(TimeSpan.FromMinutes(2));
        await scene.Agents.LeaveGoneAsync(scene.Clock.GetUtcNow().AddSeconds(-45));

        (AgentState, string?, LedgerCause, Guid?)[] expected =
        [
            (AgentState.Free, null, LedgerCause.Connection, null),
            (AgentState.Busy, null, LedgerCause.Conversation, null),
            (AgentState.BusyOnBreak, lunch.Name, LedgerCause.Agent, lili.Id),
            (AgentState.FreeOnBreak, lunch.Name, LedgerCause.Conversation, lili.Id),
            (AgentState.FreeOnBreak, training.Name, LedgerCause.Supervisor, sofia.Id),
            (AgentState.Free, null, LedgerCause.Agent, lili.Id),
            (AgentState.Disconnected, null, LedgerCause.Connection, null),
        ];
        var lines = await LinesAsync(lili);
        Assert.Equal(expected, lines.Select(line => (line.State, line.BreakReason, line.Cause, line.ByUserId)));
        Assert.Equal("Sofía", lines[4].ByName);
    }

    [Fact]
    public async Task A_second_conversation_a_second_tab_and_the_same_switch_again_write_nothing()
    {
        await scene.CampaignAsync($"c{Id():N}"[..20]);
        var lili = await AgentAsync("Lili");
        var (first, second) = (await scene.VisitorAsync("Marta"), await scene.VisitorAsync("João"));
        await scene.AssignAsync();
        Assert.Equal(2, (await LinesAsync(lili)).Count);

        await scene.Agents.EnterAsync(lili.Id);
        await scene.Agents.SetAcceptingAsync(lili.Id, true);
        await scene.Conversations.FinishAsync(first.Id, lili.Id, "Lili", null);
        Assert.Equal(2, (await LinesAsync(lili)).Count);

        await scene.Conversations.LeaveAsync(second.Id);
        Assert.Equal(AgentState.Free, (await LinesAsync(lili))[^1].State);
    }

    [Fact]
    public async Task Who_is_gone_is_written_down_once_by_however_many_nodes_and_who_comes_back_at_once()
    {
        await scene.CampaignAsync($"c{Id():N}"[..20]);
        var lili = await AgentAsync("Lili");
        await scene.Agents.LeaveGoneAsync(scene.Clock.GetUtcNow().AddSeconds(-45));
        Assert.Single(await LinesAsync(lili));

        scene.Clock.Advance(TimeSpan.FromSeconds(50));
        var since = scene.Clock.GetUtcNow().AddSeconds(-45);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => scene.Agents.LeaveGoneAsync(since)));
        Assert.Equal([AgentState.Free, AgentState.Disconnected], (await LinesAsync(lili)).Select(line => line.State));

        // The pulse of a node that had lost the database, and then a new tab.
        await scene.Agents.SeenAsync([lili.Id]);
        await scene.Agents.EnterAsync(lili.Id);
        Assert.Equal(AgentState.Free, (await LinesAsync(lili))[^1].State);
        Assert.Equal(3, (await LinesAsync(lili)).Count);
    }

    [Fact]
    public async Task A_reason_that_is_not_offered_starts_no_break()
    {
        await scene.CampaignAsync($"c{Id():N}"[..20]);
        var lili = await AgentAsync("Lili");
        var old = await ReasonAsync("Old", active: false);

        Assert.False(await scene.Agents.StartBreakAsync(lili.Id, old.Id));
        Assert.False(await scene.Agents.StartBreakAsync(lili.Id, Id()));
        Assert.Single(await LinesAsync(lili));
    }

    [Fact]
    public async Task Whatever_runs_at_once_the_chain_has_no_repetition_and_ends_in_what_is_true()
    {
        var campaigns = new List<Campaign>();
        for (var n = 0; n < 3; n++) campaigns.Add(await scene.CampaignAsync($"c{Id():N}"[..20]));
        var agents = new List<User>();
        for (var n = 0; n < 6; n++) agents.Add(await AgentAsync($"Agent{n}", 2, [.. campaigns]));
        var lunch = await ReasonAsync("Lunch");
        foreach (var campaign in campaigns)
            for (var n = 0; n < 15; n++) await scene.VisitorAsync($"Visitor {n}", campaign);

        async Task WorkAsync(int worker)
        {
            var chance = new Random(worker);
            for (var step = 0; step < 25; step++)
            {
                var agent = agents[chance.Next(agents.Count)];
                switch (chance.Next(6))
                {
                    case 0: await scene.Agents.StartBreakAsync(agent.Id, lunch.Id); break;
                    case 1: await scene.Agents.SetAcceptingAsync(agent.Id, chance.Next(2) == 0); break;
                    case 2: await scene.Agents.EnterAsync(agent.Id); break;
                    case 3: await scene.AssignAsync(campaigns[chance.Next(3)]); break;
                    default:
                        await scene.AssignAsync(campaigns[chance.Next(3)]);
                        var held = await scene.ReadAsync(database => database.Conversations.AsNoTracking()
                            .Where(c => c.AgentId == agent.Id && c.State == ConversationState.Attending).Select(c => c.Id).ToListAsync());
                        if (held.Count == 0) break;
                        if (chance.Next(2) == 0) await scene.Conversations.FinishAsync(held[0], agent.Id, "", null);
                        else await scene.Conversations.ReturnAsync(held[0], agent.Id, "", unanswered: true);
                        break;
                }
            }
        }

        await Task.WhenAll(Enumerable.Range(0, 12).Select(WorkAsync));

        foreach (var agent in agents)
        {
            var lines = await LinesAsync(agent);
            Assert.True(lines.Count > 3, "Something happened.");
            Assert.All(lines.Zip(lines.Skip(1)), pair =>
                Assert.NotEqual((pair.First.State, pair.First.BreakReason), (pair.Second.State, pair.Second.BreakReason)));
            var row = await scene.ReadAsync(database => database.Agents.AsNoTracking().SingleAsync(a => a.UserId == agent.Id));
            var holds = await scene.ReadAsync(database => database.Conversations.CountAsync(
                c => c.AgentId == agent.Id && (c.State == ConversationState.Attending || c.State == ConversationState.Paused)));
            Assert.Equal(
                (row.Accepting, holds > 0) switch
                {
                    (true, false) => AgentState.Free,
                    (true, true) => AgentState.Busy,
                    (false, false) => AgentState.FreeOnBreak,
                    (false, true) => AgentState.BusyOnBreak,
                },
                lines[^1].State);
            Assert.Equal(row.BreakReasonId is null || row.Accepting ? null : lunch.Name, lines[^1].BreakReason);
        }
    }
}
