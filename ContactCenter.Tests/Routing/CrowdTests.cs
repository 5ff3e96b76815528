using ContactCenter.Domain;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ContactCenter.Tests.Routing;

/// <summary>Many workers, as many nodes have, on one real database.</summary>
public sealed class CrowdTests(Scene scene) : IClassFixture<Scene>
{
    private const int Workers = 50;
    private const int Contacts = 2000;
    private const int PerAgent = 6;

    [Fact]
    public async Task Fifty_workers_assign_two_thousand_among_forty_agents_of_five_campaigns_without_double_overfill_or_loss()
    {
        var campaigns = new List<Campaign>();
        foreach (var (eligibility, n) in new[]
        {
            Eligibility.NoCall, Eligibility.NoPause, Eligibility.Omni, Eligibility.NoCall, Eligibility.NoPause,
        }.Select((eligibility, n) => (eligibility, n)))
            campaigns.Add(await scene.CampaignAsync($"crowd-{n}", settings =>
            {
                settings.Eligibility = eligibility;
                settings.Distribution = (Distribution)(n + 1);
                settings.MaximumPerAgent = 4;
            }));
        var agents = new List<Guid>();
        for (var n = 0; n < 40; n++) agents.Add((await scene.AgentAsync($"Agent {n}", PerAgent, [.. campaigns])).Id);
        foreach (var campaign in campaigns) await FillAsync(campaign, Contacts / campaigns.Count);

        var overfilled = 0;
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(async worker =>
        {
            var random = new Random(worker);
            while (await WaitingAsync() > 0)
            {
                await scene.Assigner.AssignAllAsync(campaigns[random.Next(campaigns.Count)].Id, default);
                overfilled += await OverfilledAsync();
                await FinishSomeAsync(agents[random.Next(agents.Count)]);
            }
        }));

        Assert.Equal(0, overfilled);
        var assigned = await CountAsync("select count(*) from messages where event = 2");
        var twice = await CountAsync("select count(*) from (select conversation_id from messages where event = 2 group by 1 having count(*) > 1) t");
        var lost = await CountAsync("select count(*) from conversations where agent_id is null");
        var gaps = await CountAsync("""
            select count(*) from conversations c where seq <> (select count(*) from messages m where m.conversation_id = c.id)
            """);
        Assert.Equal((Contacts, 0, 0, 0), ((int)assigned, (int)twice, (int)lost, (int)gaps));
    }

    /// <summary>People who wait, a second apart: what starts would store, written at once.</summary>
    private async Task FillAsync(Campaign campaign, int count)
    {
        await using var command = scene.Get<NpgsqlDataSource>().CreateCommand("""
            with who as (
                insert into contacts (id, name, language, first_seen_at, profile)
                select gen_random_uuid(), 'Contact ' || n, 'es', $2, '{}' from generate_series(1, $3) n returning id, name
            ), what as (
                insert into conversations (id, campaign_id, contact_id, language, direction, state, queued_at, seq,
                    last_contact_seq, last_text, last_author, last_at, unread, contact_delivered, contact_read, staff_delivered,
                    staff_read, bot_misses)
                select gen_random_uuid(), $1, id, 'es', 1, 1, $2 + row_number() over () * interval '1 second', 1,
                    0, '', 4, $2, 0, 0, 0, 0, 0, 0 from who
                returning id
            )
            insert into messages (conversation_id, seq, client_id, at, author, author_name, text, event)
            select id, 1, gen_random_uuid(), $2, 4, '', '', 1 from what
            """);
        command.Parameters.Add(new() { Value = campaign.Id });
        command.Parameters.Add(new() { Value = scene.Clock.GetUtcNow().UtcDateTime });
        command.Parameters.Add(new() { Value = count });
        await command.ExecuteNonQueryAsync();
    }

    private async Task FinishSomeAsync(Guid agent)
    {
        var held = await scene.ReadAsync(database => database.Conversations.AsNoTracking()
            .Where(c => c.AgentId == agent && c.State == ConversationState.Attending).Select(c => c.Id).Take(4).ToListAsync());
        foreach (var conversation in held) await scene.Conversations.FinishAsync(conversation, agent, "Agent", null);
    }

    private Task<long> WaitingAsync() => CountAsync("select count(*) from conversations where state = 1");

    private async Task<int> OverfilledAsync() => (int)await CountAsync("""
        select count(*) from (
            select agent_id from conversations where state in (2, 3) group by agent_id having count(*) > 6
            union all
            select agent_id from conversations where state in (2, 3) group by agent_id, campaign_id having count(*) > 4) t
        """);

    private async Task<long> CountAsync(string sql)
    {
        await using var command = scene.Get<NpgsqlDataSource>().CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
