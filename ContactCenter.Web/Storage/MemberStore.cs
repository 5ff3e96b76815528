using ContactCenter.Domain;
using ContactCenter.Realtime;
using ContactCenter.Routing;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Storage;

/// <summary>A membership as the page lists it.</summary>
/// <param name="Held">The campaign's conversations in the agent's hands: they go back to their places when the agent is removed.</param>
public sealed record MemberRow(Guid Campaign, string CampaignName, Guid Agent, string AgentName, int Penalty, int Position, int Held);

/// <summary>Who is where: the viewer's campaigns, all agents, and the members of the chosen campaigns.</summary>
/// <param name="More">Whether there are more members than are listed.</param>
public sealed record MembersView(
    IReadOnlyList<Choice> Campaigns, IReadOnlyList<Choice> Agents, IReadOnlyList<MemberRow> Members, bool More);

/// <summary>A member's place and weight as an administrator read them and wants them.</summary>
public sealed record MemberSetting(Guid Campaign, Guid Agent, int ReadPenalty, int ReadPosition, int Penalty, int Position);

/// <summary>Memberships (D4). A change holds for whoever waits at once; what a former member holds goes back to its place in the queue.</summary>
public sealed class MemberStore(
    IDbContextFactory<Database> databases, ConversationStore conversations, Announcer announcer, Dispatcher dispatcher)
{
    private const int Listed = 500;

    // Four values each in the form that comes back, of the 1,024 a form may have.
    private const int MembersListed = 200;

    public async Task<MembersView> ReadAsync(Viewer viewer, IReadOnlyCollection<Guid> chosen, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        var campaigns = await database.SupervisedBy(viewer).OrderBy(c => c.Name).ThenBy(c => c.Id).Take(Listed)
            .Select(c => new Choice(c.Id, c.Name)).ToListAsync(cancel);
        var agents = await database.AgentsFor(viewer).Where(user => user.Active)
            .OrderBy(user => user.DisplayName).ThenBy(user => user.Id)
            .Select(user => new Choice(user.Id, user.DisplayName)).Take(Listed).ToListAsync(cancel);
        var members = await (from member in database.Members
                             join campaign in database.SupervisedBy(viewer) on member.CampaignId equals campaign.Id
                             join agent in database.Agents on member.UserId equals agent.UserId
                             join user in database.Users on member.UserId equals user.Id
                             where !agent.Bot && (chosen.Count == 0 || chosen.Contains(member.CampaignId))
                             orderby campaign.Name, campaign.Id, member.Position, user.DisplayName, user.Id
                             select new MemberRow(campaign.Id, campaign.Name, user.Id, user.DisplayName, member.Penalty, member.Position,
                                 database.Conversations.Count(held => held.AgentId == user.Id && held.CampaignId == campaign.Id
                                     && (held.State == ConversationState.Attending || held.State == ConversationState.Paused))))
            .Take(MembersListed + 1).ToListAsync(cancel);
        return new MembersView(campaigns, agents, [.. members.Take(MembersListed)], members.Count > MembersListed);
    }

    /// <summary>Makes each of the agents a member of each of the campaigns, after who is there already.</summary>
    public async Task<int> AddAsync(Viewer viewer, IReadOnlyCollection<Guid> campaigns, IReadOnlyCollection<Guid> agents, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        var within = await WithinAsync(database, viewer, campaigns, cancel);
        var known = await database.AgentsFor(viewer).Where(user => agents.Contains(user.Id)).Select(user => user.Id).ToListAsync(cancel);
        var added = 0;
        foreach (var campaign in within)
            added += await database.AddMembersAsync(campaign, [.. known], cancel);
        Tell(within, known);
        return added;
    }

    /// <summary>Takes each of the agents out of each of the campaigns; what they hold there goes back to its place.</summary>
    public async Task<int> RemoveAsync(Viewer viewer, IReadOnlyCollection<Guid> campaigns, IReadOnlyCollection<Guid> agents, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        var within = await WithinAsync(database, viewer, campaigns, cancel);
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        // After whoever is just being given a conversation: it is found below.
        foreach (var campaign in within.Order()) await database.TakeQueueTurnAsync(campaign, cancel);
        var removed = await database.Members
            .Where(m => within.Contains(m.CampaignId) && agents.Contains(m.UserId) && !database.Agents.Any(a => a.UserId == m.UserId && a.Bot))
            .ExecuteDeleteAsync(cancel);
        await transaction.CommitAsync(cancel);
        await conversations.ReleaseAsync(agents, cancel);
        Tell(within, agents);
        return removed;
    }

    /// <summary>Sets penalty and order of all of these, or of none where somebody else changed one of them since it was read.</summary>
    public async Task<bool> SaveAsync(Viewer viewer, IReadOnlyCollection<MemberSetting> settings, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        var within = await WithinAsync(database, viewer, [.. settings.Select(each => each.Campaign).Distinct()], cancel);
        var reachable = settings.Where(each => within.Contains(each.Campaign)).ToArray();
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        if (await database.SetMembersAsync(reachable, cancel) < reachable.Length) return false;
        await transaction.CommitAsync(cancel);
        Tell(within, []);
        return true;
    }

    private static Task<List<Guid>> WithinAsync(Database database, Viewer viewer, IReadOnlyCollection<Guid> campaigns, CancellationToken cancel) =>
        database.SupervisedBy(viewer).Where(c => campaigns.Contains(c.Id)).Select(c => c.Id).ToListAsync(cancel);

    private void Tell(IReadOnlyCollection<Guid> campaigns, IReadOnlyCollection<Guid> agents)
    {
        foreach (var agent in agents) announcer.Announce(new Announcement(Topic.Agent(agent), Signals.Reach));
        foreach (var campaign in campaigns)
        {
            announcer.Announce(new Announcement(Topic.Campaign(campaign), Signals.Inbox | Signals.Queue));
            dispatcher.WakeCampaign(campaign);
        }
    }
}

file static class MemberSql
{
    // Twice at once is once: the key decides, not a look before.
    public static Task<int> AddMembersAsync(this Database database, Guid campaign, Guid[] agents, CancellationToken cancel) =>
        database.Database.ExecuteSqlAsync($"""
            insert into members (campaign_id, user_id, penalty, position)
            select {campaign}, a.id, 0, coalesce((select max(position) from members where campaign_id = {campaign}), -1) + a.place::int
            from unnest({agents}) with ordinality as a (id, place)
            on conflict do nothing
            """, cancel);

    // In the order of the key, so that two who save at once wait for each other and do not block each other.
    public static Task<int> SetMembersAsync(this Database database, MemberSetting[] settings, CancellationToken cancel)
    {
        var (campaigns, agents) = (settings.Select(each => each.Campaign).ToArray(), settings.Select(each => each.Agent).ToArray());
        var (readPenalties, readPositions) = (settings.Select(each => each.ReadPenalty).ToArray(), settings.Select(each => each.ReadPosition).ToArray());
        var (penalties, positions) = (settings.Select(each => each.Penalty).ToArray(), settings.Select(each => each.Position).ToArray());
        return database.Database.ExecuteSqlAsync($"""
            with typed as (
                select * from unnest({campaigns}, {agents}, {readPenalties}, {readPositions}, {penalties}, {positions})
                    as t (campaign, agent, read_penalty, read_position, penalty, position)),
            held as (
                select m.campaign_id, m.user_id from members m join typed t on t.campaign = m.campaign_id and t.agent = m.user_id
                where (m.penalty, m.position) = (t.read_penalty, t.read_position)
                order by m.campaign_id, m.user_id for update of m)
            update members m set penalty = t.penalty, position = t.position
            from typed t join held h on h.campaign_id = t.campaign and h.user_id = t.agent
            where m.campaign_id = t.campaign and m.user_id = t.agent
            """, cancel);
    }
}
