namespace ContactCenter.Storage;

/// <summary><see cref="Reach"/> for hand-written statements; a test holds both together. $1 the viewer, $2 whether they supervise.</summary>
internal static class ReachSql
{
    /// <summary>The campaigns the viewer supervises: served by the keys of user_groups and campaign_groups.</summary>
    public const string Supervised = """
        (select g.campaign_id from user_groups u join campaign_groups g on g.group_id = u.group_id where $2 and u.user_id = $1
        union all select id from campaigns where $2 and not exists (select from user_groups where user_id = $1))
        """;

    /// <summary>The viewer's campaigns: where they are a member, and what they supervise.</summary>
    public const string Campaigns = $"(select campaign_id from members where user_id = $1 union all select * from {Supervised} s)";

    /// <summary>The same, each once, as <c>id</c>: to be joined with.</summary>
    public const string Distinct = $"(select distinct campaign_id as id from {Campaigns} reach)";

    /// <summary>Holds for a row <c>c</c> of conversations within reach.</summary>
    public const string Readable = $"""
        (c.agent_id = $1 or (c.state not in (2, 3) and c.campaign_id in (select campaign_id from members where user_id = $1))
            or ($2 and c.campaign_id in {Supervised}))
        """;
}
