using System.Security.Claims;
using ContactCenter.Domain;
using ContactCenter.Security;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Storage;

/// <summary>Who looks: loads go through what they may see.</summary>
/// <param name="Supervises">Supervisors and administrators see the campaigns that share a security group with them; without a group, all.</param>
public sealed record Viewer(Guid Id, string Name, bool Supervises)
{
    public static Viewer Of(ClaimsPrincipal user) => new(
        user.Id(), user.DisplayName(), user.IsInRole(Roles.Supervisor) || user.IsInRole(Roles.Administrator));
}

/// <summary>
/// What a user may see and do. Reading (<see cref="ReachSql.Readable"/>, <see cref="CampaignsOf"/>): an agent reads the
/// conversations they hold, and of the campaigns they are a member of what waits, what came out of hours, and what is
/// finished (the history a colleague left); what a colleague is attending is theirs alone, and what is of a campaign they
/// have left is no more theirs. Supervising (<see cref="SupervisedBy"/>): the campaigns of one's groups; being an agent of a
/// campaign makes nobody its supervisor. Administering: the same campaigns, the users who see no more than oneself
/// (<see cref="AdministeredBy"/>), and what all campaigns share where one supervises all of them
/// (<see cref="AdministersAllAsync"/>).
/// </summary>
public static class Reach
{
    /// <summary>The campaigns a supervisor or administrator answers for: those of their security groups, without a group all.</summary>
    public static IQueryable<Campaign> SupervisedBy(this Database database, Viewer viewer) => database.Campaigns.Where(campaign =>
        viewer.Supervises
        && (!database.UserGroups.Any(mine => mine.UserId == viewer.Id)
            || database.CampaignGroups.Any(link => link.CampaignId == campaign.Id
                && database.UserGroups.Any(mine => mine.UserId == viewer.Id && mine.GroupId == link.GroupId))));

    /// <summary>The campaigns whose lists a user sees: those they are a member of, and those they supervise.</summary>
    public static IQueryable<Guid> CampaignsOf(this Database database, Viewer viewer)
    {
        var member = database.Members.Where(row => row.UserId == viewer.Id).Select(row => row.CampaignId);
        return viewer.Supervises ? database.SupervisedBy(viewer).Select(campaign => campaign.Id).Union(member) : member;
    }

    /// <summary>The security groups a user may hand out: their own, without a group all.</summary>
    public static IQueryable<SecurityGroup> GroupsOf(this Database database, Viewer viewer) => database.SecurityGroups.Where(group =>
        !database.UserGroups.Any(mine => mine.UserId == viewer.Id)
        || database.UserGroups.Any(mine => mine.UserId == viewer.Id && mine.GroupId == group.Id));

    /// <summary>
    /// Whom an administrator administers: whoever sees no more than they do, or they could make themselves the other one.
    /// Without a security group: everybody. Bots are part of their campaigns. Who still holds a conversation of another house
    /// sees it, whether or not they are still a member there.
    /// </summary>
    public static IQueryable<User> AdministeredBy(this Database database, Viewer viewer)
    {
        var groups = database.GroupsOf(viewer).Select(group => group.Id);
        var campaigns = database.SupervisedBy(viewer).Select(campaign => campaign.Id);
        return database.Users.Where(user => !database.Agents.Any(agent => agent.UserId == user.Id && agent.Bot)
            && (user.Id == viewer.Id
                || !database.UserGroups.Any(mine => mine.UserId == viewer.Id)
                || (!database.UserGroups.Any(link => link.UserId == user.Id && !groups.Contains(link.GroupId))
                    && !database.Members.Any(member => member.UserId == user.Id && !campaigns.Contains(member.CampaignId))
                    && !database.Conversations.Any(held => held.AgentId == user.Id && !campaigns.Contains(held.CampaignId)
                        && (held.State == ConversationState.Attending || held.State == ConversationState.Paused))
                    && (database.UserGroups.Any(link => link.UserId == user.Id)
                        || !database.UserRoles.Any(link => link.UserId == user.Id
                            && database.Roles.Any(role => role.Id == link.RoleId && role.Name != Roles.Agent))))));
    }

    /// <summary>
    /// Whether an administrator changes what all campaigns share: clients, projects, departments, break reasons and jobs. Who
    /// supervises every campaign there is.
    /// </summary>
    public static async Task<bool> AdministersAllAsync(this Database database, Viewer viewer, CancellationToken cancel)
    {
        var supervised = database.SupervisedBy(viewer).Select(campaign => campaign.Id);
        return viewer.Supervises && !await database.Campaigns.AnyAsync(campaign => !supervised.Contains(campaign.Id), cancel);
    }

    /// <summary>
    /// The agents an administrator may put into their campaigns: those they administer, and those who are in one of these
    /// already. Who works for another house alone is not there: as a member they could be logged out from here.
    /// </summary>
    public static IQueryable<User> AgentsFor(this Database database, Viewer viewer)
    {
        var administered = database.AdministeredBy(viewer).Select(user => user.Id);
        var campaigns = database.SupervisedBy(viewer).Select(campaign => campaign.Id);
        return database.Users.Where(user => database.Agents.Any(agent => agent.UserId == user.Id && !agent.Bot)
            && (administered.Contains(user.Id)
                || database.Members.Any(member => member.UserId == user.Id && campaigns.Contains(member.CampaignId))));
    }

    /// <summary>Supervisors and administrators: whose campaigns security groups decide.</summary>
    public static IQueryable<User> Supervisors(this Database database) => database.Users.Where(user =>
        database.UserRoles.Any(given => given.UserId == user.Id
            && database.Roles.Any(role => role.Id == given.RoleId && (role.Name == Roles.Supervisor || role.Name == Roles.Administrator))));
}
