namespace ContactCenter.Storage;

/// <summary><see cref="Reach"/> for hand-written statements; a test holds both together. $1 the viewer, $2 whether they supervise.</summary>
internal static class ReachSql
{
    /// <summary>The viewer's campaigns.</summary>
    public const string Campaigns =
        "(select campaign_id from members where user_id = $1 union all select id from campaigns where $2)";

    /// <summary>Holds for a row <c>c</c> of conversations within reach.</summary>
    public const string Readable =
        $"($2 or c.agent_id = $1 or (c.state not in (2, 3) and c.campaign_id in {Campaigns}))";
}
