namespace ContactCenter.Storage;

/// <summary><see cref="Reach"/> for hand-written statements; tests hold both together. $1 the viewer, $2 whether they supervise.</summary>
internal static class ReachSql
{
    /// <summary>The campaigns the viewer supervises: served by the keys of user_groups and campaign_groups.</summary>
    public const string Supervised = """
        (select g.campaign_id from user_groups u join campaign_groups g on g.group_id = u.group_id where $2 and u.user_id = $1
        union all select id from campaigns where $2 and not exists (select from user_groups where user_id = $1))
        """;

    /// <summary>The campaigns whose lists the viewer reads: where they are a member, and what they supervise.</summary>
    public const string Campaigns = $"(select campaign_id from members where user_id = $1 union all select * from {Supervised} s)";

    /// <summary>The same, each once, as <c>id</c>: to be joined with.</summary>
    public const string Distinct = $"(select distinct campaign_id as id from {Campaigns} reach)";

    /// <summary>Holds for a row <c>c</c> of conversations within reach.</summary>
    public const string Readable = $"""
        ((c.state in (2, 3) and c.agent_id = $1)
            or (c.state not in (2, 3) and c.campaign_id in (select campaign_id from members where user_id = $1))
            or ($2 and c.campaign_id in {Supervised}))
        """;

    /// <summary>Holds where the viewer supervises the agent $3.</summary>
    public static readonly string SupervisesThem = Supervises("$1", "$2", "$3");

    /// <summary>Holds where <paramref name="other"/> supervises the viewer.</summary>
    public static string SupervisedBy(string other) => Supervises(other, $"""
        exists (select from user_roles given join roles r on r.id = given.role_id
            where given.user_id = {other} and r.name in ('Supervisor', 'Administrator'))
        """, "$1");

    /// <summary>Holds where one of the viewer and <paramref name="other"/> supervises the other one now.</summary>
    public static string WorksWith(string other) => $"({Supervises("$1", "$2", other)} or {SupervisedBy(other)})";

    /// <summary>
    /// Holds where the one user answers for a campaign in which the other works as an agent: as a member, or still holding
    /// one of its conversations. By the keys of members and groups, and <c>conversations_held</c>.
    /// </summary>
    private static string Supervises(string user, string supervises, string agent) => $"""
        ({supervises} and exists (select from agents where user_id = {agent} and not bot) and exists (
            select from (
                select campaign_id from members where user_id = {agent}
                union all select campaign_id from conversations where agent_id = {agent} and state in (2, 3)
            ) work
            where not exists (select from user_groups where user_id = {user}) or work.campaign_id in (
                select link.campaign_id from user_groups own join campaign_groups link on link.group_id = own.group_id where own.user_id = {user})))
        """;
}
