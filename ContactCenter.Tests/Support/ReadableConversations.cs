using ContactCenter.Domain;
using ContactCenter.Storage;

namespace ContactCenter.Tests.Support;

/// <summary>
/// Which conversations somebody may read, said a second time and in other words than the application's statements
/// (<c>ReachSql.Readable</c>), which are held against it.
/// </summary>
static class ReadableConversations
{
    public static IQueryable<Conversation> ReadableBy(this Database database, Viewer viewer)
    {
        var supervised = database.SupervisedBy(viewer).Select(campaign => campaign.Id);
        var member = database.Members.Where(row => row.UserId == viewer.Id).Select(row => row.CampaignId);
        return database.Conversations.Where(c => supervised.Contains(c.CampaignId)
            || (c.State == ConversationState.Attending || c.State == ConversationState.Paused
                ? c.AgentId == viewer.Id
                : member.Contains(c.CampaignId)));
    }
}
