using System.Linq.Expressions;
using System.Security.Claims;
using ContactCenter.Domain;
using ContactCenter.Security;

namespace ContactCenter.Storage;

/// <summary>Who looks: loads go through what they may see.</summary>
/// <param name="Supervises">Supervisors and administrators see every campaign.</param>
public sealed record Viewer(Guid Id, string Name, bool Supervises)
{
    public static Viewer Of(ClaimsPrincipal user) => new(
        user.Id(), user.DisplayName(), user.IsInRole(Roles.Supervisor) || user.IsInRole(Roles.Administrator));
}

/// <summary>
/// What a user may see. An agent: the conversations they hold, and of their campaigns what waits, what came out of
/// hours, and what is finished (the history a colleague left). What a colleague is attending is theirs alone.
/// </summary>
public static class Reach
{
    public static IQueryable<Conversation> ReachOf(this Database database, Viewer viewer) =>
        viewer.Supervises ? database.Conversations : database.Conversations.Where(MayRead(database, viewer.Id));

    private static Expression<Func<Conversation, bool>> MayRead(Database database, Guid user) => conversation =>
        conversation.AgentId == user
        || (conversation.State != ConversationState.Attending && conversation.State != ConversationState.Paused
            && database.Members.Any(member => member.UserId == user && member.CampaignId == conversation.CampaignId));

    /// <summary>The contacts behind the conversations a user may see.</summary>
    public static IQueryable<Contact> ContactsOf(this Database database, Viewer viewer) =>
        database.Contacts.Where(contact => database.ReachOf(viewer).Any(conversation => conversation.ContactId == contact.Id));
}
