using ContactCenter.Domain;
using ContactCenter.Realtime;
using ContactCenter.Routing;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ContactCenter.Storage;

/// <summary>A campaign as the table of campaigns lists it.</summary>
public sealed record CampaignRow(
    Guid Id, string Name, string Client, string Project, Channel Channel, bool Enabled, OpeningHours Hours);

/// <summary>A campaign with the security groups it is in and whether it has conversations behind it.</summary>
/// <param name="Groups">Those of all administrators, also beyond the viewer's.</param>
public sealed record CampaignRecord(Campaign Campaign, IReadOnlyList<Guid> Groups, bool HasHistory);

/// <summary>Something to choose in a form.</summary>
public record Choice(Guid Id, string Name);

/// <summary>A project to choose, and the service level its client was promised (SLA): percent and seconds, or neither.</summary>
public sealed record ProjectChoice(Guid Id, string Name, int? ServiceLevelTarget, int? ServiceLevelSeconds) : Choice(Id, Name);

/// <summary>What a campaign may be put into.</summary>
/// <param name="Skills">Those that enabled campaigns have (Q4).</param>
/// <param name="MustChooseGroup">The viewer is in security groups: a campaign in none of them would be lost to them.</param>
public sealed record CampaignChoices(
    IReadOnlyList<ProjectChoice> Projects, IReadOnlyList<Choice> Departments, IReadOnlyList<Choice> Groups, bool MustChooseGroup,
    IReadOnlyList<string> Skills);

/// <summary>What came of a change to a campaign.</summary>
public enum CampaignOutcome
{
    Saved,

    /// <summary>No such campaign within reach.</summary>
    NotFound,

    /// <summary>Somebody else saved it since it was read.</summary>
    Changed,

    /// <summary>Another campaign has this key.</summary>
    KeyTaken,

    /// <summary>It has conversations: it can be disabled, never deleted.</summary>
    HasHistory,
}

/// <summary>What administrators do with campaigns (D1, D2, Q7). A change holds for whoever waits at once.</summary>
public sealed class CampaignStore(IDbContextFactory<Database> databases, Announcer announcer, Dispatcher dispatcher, TimeProvider clock)
{
    private const int Listed = 200;
    private const int Offered = 500;

    /// <summary>The viewer's campaigns by name; one more than are shown says that there are more.</summary>
    public async Task<(IReadOnlyList<CampaignRow> Rows, bool More)> ListAsync(Viewer viewer, string query, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        var rows = await database.SupervisedBy(viewer).AsNoTracking().Found(query)
            .OrderBy(c => c.Name).ThenBy(c => c.Id).Take(Listed + 1)
            .Select(c => new CampaignRow(
                c.Id, c.Name, c.Project.Client.Name, c.Project.Name, c.Channel, c.Enabled, c.Settings.Hours))
            .ToListAsync(cancel);
        return ([.. rows.Take(Listed)], rows.Count > Listed);
    }

    public async Task<CampaignRecord?> FindAsync(Viewer viewer, Guid id, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        if (await database.SupervisedBy(viewer).AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, cancel) is not { } campaign)
            return null;
        var groups = await database.CampaignGroups.Where(l => l.CampaignId == id).Select(l => l.GroupId).ToListAsync(cancel);
        // Each part from the end of an index: asked for any one of it, the planner walks through the table, hoping to meet one soon.
        var hasHistory = await database.Database.SqlQuery<bool>($"""
            select (select max(finished_at) from conversations where campaign_id = {id} and state = 5) is not null
                or (select max(assigned_at) from conversations where campaign_id = {id} and assigned_at is not null) is not null
                or (select max(queued_at) from conversations where campaign_id = {id} and state = 1) is not null
                or (select max(queued_at) from conversations where campaign_id = {id} and state = 4) is not null
                or exists (select from conversations where campaign_id = {id} and bot_read is not null) as "Value"
            """).SingleAsync(cancel);
        return new CampaignRecord(campaign, groups, hasHistory);
    }

    /// <param name="campaign">Keeps what it is in among the choices, also where that is not offered any more.</param>
    public async Task<CampaignChoices> ChoicesAsync(Viewer viewer, Guid? campaign, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        // What the campaign is in comes first: whatever else is there, it is among those offered.
        var projects = await database.Projects
            .Select(p => new { Project = p, Current = database.Campaigns.Any(c => c.Id == campaign && c.ProjectId == p.Id) })
            .Where(p => (p.Project.Active && p.Project.Client.Active) || p.Current)
            .OrderByDescending(p => p.Current).ThenBy(p => p.Project.Client.Name).ThenBy(p => p.Project.Name).Take(Offered)
            .Select(p => new ProjectChoice(
                p.Project.Id, p.Project.Client.Name + " / " + p.Project.Name,
                p.Project.Client.ServiceLevelTarget, p.Project.Client.ServiceLevelSeconds))
            .ToListAsync(cancel);
        var departments = await database.Departments
            .Select(d => new { Department = d, Current = database.Campaigns.Any(c => c.Id == campaign && c.DepartmentId == d.Id) })
            .Where(d => d.Department.Active || d.Current)
            .OrderByDescending(d => d.Current).ThenBy(d => d.Department.Name).Take(Offered)
            .Select(d => new Choice(d.Department.Id, d.Department.Name)).ToListAsync(cancel);
        var grouped = await database.UserGroups.AnyAsync(mine => mine.UserId == viewer.Id, cancel);
        var groups = await database.GroupsOf(viewer).OrderBy(g => g.Name).Take(Offered)
            .Select(g => new Choice(g.Id, g.Name)).ToListAsync(cancel);
        var skills = await database.SupervisedBy(viewer).Where(c => c.Enabled).OrderBy(c => c.Name).ThenBy(c => c.Id).Take(Offered)
            .Select(c => c.Settings.Skills).ToListAsync(cancel);
        return new CampaignChoices(
            projects, departments, groups, grouped,
            [.. skills.SelectMany(each => each).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase)]);
    }

    public async Task<CampaignOutcome> CreateAsync(Campaign campaign, IReadOnlyCollection<Guid> groups, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        database.Add(campaign);
        database.AddRange(groups.Select(group => new CampaignGroup { CampaignId = campaign.Id, GroupId = group }));
        await database.FitBotAsync(campaign, clock, cancel);
        try
        {
            await database.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException problem) when (problem.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return CampaignOutcome.KeyTaken;
        }
        await TellSupervisorsAsync(database, cancel);
        Tell(campaign.Id);
        return CampaignOutcome.Saved;
    }

    /// <summary>Changes a campaign unless somebody else did so since <paramref name="version"/> was read.</summary>
    /// <param name="groups">Which of the viewer's groups it is in; it stays in those beyond them.</param>
    public async Task<CampaignOutcome> SaveAsync(
        Viewer viewer, Guid id, uint version, Action<Campaign> change, IReadOnlyCollection<Guid> groups, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        if (await database.SupervisedBy(viewer).SingleOrDefaultAsync(c => c.Id == id, cancel) is not { } campaign)
            return CampaignOutcome.NotFound;
        var entry = database.Entry(campaign);
        entry.Property(c => c.Version).OriginalValue = version;
        var within = campaign.Settings.AnswerWithinSeconds;
        change(campaign);
        // Also where only the groups change: the version counts for the whole form.
        entry.Property(c => c.Name).IsModified = true;
        await database.FitBotAsync(campaign, clock, cancel);
        var mine = await database.GroupsOf(viewer).Select(g => g.Id).ToListAsync(cancel);
        var links = await database.CampaignGroups.Where(l => l.CampaignId == id).ToListAsync(cancel);
        database.RemoveRange(links.Where(link => mine.Contains(link.GroupId) && !groups.Contains(link.GroupId)));
        database.AddRange(groups.Except(links.Select(link => link.GroupId))
            .Select(group => new CampaignGroup { CampaignId = id, GroupId = group }));
        var regrouped = database.ChangeTracker.Entries<CampaignGroup>().Any(link => link.State is EntityState.Added or EntityState.Deleted);
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        try
        {
            await database.SaveChangesAsync(cancel);
        }
        catch (DbUpdateConcurrencyException)
        {
            return CampaignOutcome.Changed;
        }
        if (campaign.Settings.AnswerWithinSeconds is > 0 and var shorter && (within == 0 || shorter < within))
            await WarnFirstAsync(database, id, shorter, cancel);
        await transaction.CommitAsync(cancel);
        if (regrouped) await TellSupervisorsAsync(database, cancel);
        Tell(id);
        return CampaignOutcome.Saved;
    }

    // The time for the first answer is shorter than it was: whose is over by now is warned as everybody is, and not surprised.
    private async Task WarnFirstAsync(Database database, Guid campaign, int within, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var from = now - (AnswerTime.WarnsAt(now, within) - now) - TimeSpan.FromSeconds(within);
        await database.Conversations
            .Where(c => c.CampaignId == campaign && c.State == ConversationState.Attending && c.AnsweredAt == null
                && (c.AnswerFrom > c.AssignedAt ? c.AnswerFrom : c.AssignedAt) < from)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.AnswerFrom, from), cancel);
    }

    /// <summary>Shows the campaign to visitors or hides it from them; everything of it stays (Q7).</summary>
    public async Task<CampaignOutcome> EnableAsync(Viewer viewer, Guid id, bool enabled, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        var found = await database.SupervisedBy(viewer).Where(c => c.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.Enabled, enabled), cancel);
        if (found == 0) return CampaignOutcome.NotFound;
        Tell(id);
        return CampaignOutcome.Saved;
    }

    /// <summary>Deletes a campaign nobody ever wrote to.</summary>
    public async Task<CampaignOutcome> DeleteAsync(Viewer viewer, Guid id, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        try
        {
            var deleted = await database.SupervisedBy(viewer).Where(c => c.Id == id).ExecuteDeleteAsync(cancel);
            if (deleted == 0) return CampaignOutcome.NotFound;
            await database.ForgetBotAsync(id, cancel);
        }
        // The database's word and not a look before: a contact may write in between.
        catch (PostgresException problem) when (problem.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            return CampaignOutcome.HasHistory;
        }
        Tell(id);
        return CampaignOutcome.Saved;
    }

    // What supervisors have open shall follow the campaigns they see now.
    private async Task TellSupervisorsAsync(Database database, CancellationToken cancel)
    {
        foreach (var user in await database.Supervisors().Select(user => user.Id).ToListAsync(cancel))
            announcer.Announce(new Announcement(Topic.Agent(user), Signals.Reach));
    }

    private void Tell(Guid campaign)
    {
        announcer.Announce(new Announcement(Topic.Campaign(campaign), Signals.Inbox | Signals.Queue));
        dispatcher.WakeCampaign(campaign);
    }
}
