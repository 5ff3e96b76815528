using ContactCenter.Domain;
using ContactCenter.Realtime;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace ContactCenter.Storage;

/// <summary>A security group as the table lists it.</summary>
public sealed record GroupRow(Guid Id, string Name, int Campaigns, int People);

/// <summary>A security group with its campaigns and people, also those beyond the viewer's reach.</summary>
public sealed record GroupRecord(SecurityGroup Group, IReadOnlyList<Guid> Campaigns, IReadOnlyList<Guid> People);

/// <summary>What a group can be given: the viewer's campaigns, and the supervisors and administrators they administer.</summary>
/// <param name="Bound">The viewer is in a group: nobody may come to see every campaign, or be kept from it, by what they change.</param>
public sealed record GroupChoices(IReadOnlyList<Choice> Campaigns, IReadOnlyList<Choice> People, bool Bound);

/// <summary>What came of a change to a security group.</summary>
public enum GroupOutcome
{
    Saved,

    /// <summary>No such group within reach.</summary>
    NotFound,

    /// <summary>Somebody else saved it since it was read.</summary>
    Changed,

    /// <summary>Another group has this name.</summary>
    NameTaken,

    /// <summary>Somebody would be left without a group and so see every campaign: only who sees them all may do that.</summary>
    Frees,
}

/// <summary>Security groups: which supervisors and administrators see which campaigns.</summary>
public sealed class GroupStore(IDbContextFactory<Database> databases, Announcer announcer)
{
    private const int Listed = 500;

    public async Task<IReadOnlyList<GroupRow>> ListAsync(Viewer viewer, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        return await database.GroupsOf(viewer).OrderBy(g => g.Name).ThenBy(g => g.Id).Take(Listed)
            .Select(g => new GroupRow(
                g.Id, g.Name, database.CampaignGroups.Count(l => l.GroupId == g.Id), database.UserGroups.Count(l => l.GroupId == g.Id)))
            .ToListAsync(cancel);
    }

    public async Task<GroupRecord?> FindAsync(Viewer viewer, Guid id, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        if (await database.GroupsOf(viewer).AsNoTracking().SingleOrDefaultAsync(g => g.Id == id, cancel) is not { } group) return null;
        return new GroupRecord(
            group,
            await database.CampaignGroups.Where(l => l.GroupId == id).Select(l => l.CampaignId).ToListAsync(cancel),
            await database.UserGroups.Where(l => l.GroupId == id).Select(l => l.UserId).ToListAsync(cancel));
    }

    public async Task<GroupChoices> ChoicesAsync(Viewer viewer, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        var campaigns = await database.SupervisedBy(viewer).OrderBy(c => c.Name).ThenBy(c => c.Id).Take(Listed)
            .Select(c => new Choice(c.Id, c.Name)).ToListAsync(cancel);
        var bound = await database.UserGroups.AnyAsync(mine => mine.UserId == viewer.Id, cancel);
        var people = await database.AdministeredBy(viewer)
            .Where(user => user.Active && database.Supervisors().Any(each => each.Id == user.Id))
            .OrderBy(user => user.DisplayName).ThenBy(user => user.Id).Take(Listed)
            .Select(user => new Choice(user.Id, user.DisplayName)).ToListAsync(cancel);
        return new GroupChoices(campaigns, people, bound);
    }

    /// <summary>Makes a group. Who makes it is in it where they are in one already: it would be lost to them.</summary>
    public async Task<GroupOutcome> CreateAsync(
        Viewer viewer, SecurityGroup group, IReadOnlyCollection<Guid> campaigns, IReadOnlyCollection<Guid> people, CancellationToken cancel)
    {
        var choices = await ChoicesAsync(viewer, cancel);
        var within = choices.Campaigns.Select(each => each.Id).Intersect(campaigns).ToList();
        var staff = choices.People.Select(each => each.Id).Intersect(choices.Bound ? people.Append(viewer.Id) : people).ToList();
        await using var database = await databases.CreateDbContextAsync(cancel);
        await using var turn = await TurnAsync(database, cancel);
        database.Add(group);
        database.AddRange(within.Select(campaign => new CampaignGroup { CampaignId = campaign, GroupId = group.Id }));
        database.AddRange(staff.Select(user => new UserGroup { UserId = user, GroupId = group.Id }));
        return await SaveAsync(database, staff, cancel);
    }

    /// <summary>Changes a group unless somebody else did so since <paramref name="version"/> was read; campaigns and people beyond what the
    /// viewer may choose stay in it.</summary>
    public async Task<GroupOutcome> SaveAsync(
        Viewer viewer, Guid id, uint version, string name, IReadOnlyCollection<Guid> campaigns, IReadOnlyCollection<Guid> people, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        await using var turn = await TurnAsync(database, cancel);
        var choices = await ChoicesAsync(viewer, cancel);
        if (await database.GroupsOf(viewer).SingleOrDefaultAsync(g => g.Id == id, cancel) is not { } group) return GroupOutcome.NotFound;
        var entry = database.Entry(group);
        entry.Property(g => g.Version).OriginalValue = version;
        group.Name = name;
        // Also where only its campaigns or people change: the version counts for the whole form.
        entry.Property(g => g.Name).IsModified = true;

        var links = await database.CampaignGroups.Where(l => l.GroupId == id).ToListAsync(cancel);
        var offered = choices.Campaigns.Select(each => each.Id).ToHashSet();
        database.RemoveRange(links.Where(link => offered.Contains(link.CampaignId) && !campaigns.Contains(link.CampaignId)));
        database.AddRange(offered.Intersect(campaigns).Except(links.Select(link => link.CampaignId))
            .Select(campaign => new CampaignGroup { CampaignId = campaign, GroupId = id }));

        var members = await database.UserGroups.Where(l => l.GroupId == id).ToListAsync(cancel);
        var staff = choices.People.Select(each => each.Id).ToHashSet();
        var leaving = members.Where(member => staff.Contains(member.UserId) && !people.Contains(member.UserId)).ToList();
        var coming = staff.Intersect(people).Except(members.Select(member => member.UserId)).ToList();
        if (choices.Bound && await LeavesFreeAsync(database, id, leaving, cancel)) return GroupOutcome.Frees;
        database.RemoveRange(leaving);
        database.AddRange(coming.Select(user => new UserGroup { UserId = user, GroupId = id }));
        return await SaveAsync(database, [.. members.Select(member => member.UserId), .. coming], cancel);
    }

    /// <summary>Deletes a group; its campaigns and people stay what they are.</summary>
    public async Task<GroupOutcome> DeleteAsync(Viewer viewer, Guid id, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        await using var turn = await TurnAsync(database, cancel);
        if (await database.GroupsOf(viewer).SingleOrDefaultAsync(g => g.Id == id, cancel) is not { } group) return GroupOutcome.NotFound;
        var members = await database.UserGroups.Where(l => l.GroupId == id).ToListAsync(cancel);
        var bound = await database.UserGroups.AnyAsync(mine => mine.UserId == viewer.Id, cancel);
        if (bound && await LeavesFreeAsync(database, id, members, cancel)) return GroupOutcome.Frees;
        database.RemoveRange(members);
        database.Remove(group);
        return await SaveAsync(database, [.. members.Select(member => member.UserId)], cancel);
    }

    // Whoever leaves two groups at once would be left in none, and see everything.
    private static async Task<IDbContextTransaction> TurnAsync(Database database, CancellationToken cancel)
    {
        var transaction = await database.Database.BeginTransactionAsync(cancel);
        await database.TakeAccountsTurnAsync(cancel);
        return transaction;
    }

    private static async Task<bool> LeavesFreeAsync(Database database, Guid id, List<UserGroup> leaving, CancellationToken cancel)
    {
        var users = leaving.ConvertAll(member => member.UserId);
        var elsewhere = await database.UserGroups.Where(l => l.GroupId != id && users.Contains(l.UserId))
            .Select(l => l.UserId).Distinct().CountAsync(cancel);
        return elsewhere < users.Count;
    }

    private async Task<GroupOutcome> SaveAsync(Database database, IReadOnlyCollection<Guid> people, CancellationToken cancel)
    {
        try
        {
            await database.SaveChangesAsync(cancel);
            await database.Database.CommitTransactionAsync(cancel);
        }
        catch (DbUpdateConcurrencyException)
        {
            return GroupOutcome.Changed;
        }
        catch (DbUpdateException problem) when (problem.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return GroupOutcome.NameTaken;
        }
        // What they see is another now, also in what they have open.
        announcer.Announce([.. people.Select(user => new Announcement(Topic.Agent(user), Signals.Reach))]);
        return GroupOutcome.Saved;
    }
}
