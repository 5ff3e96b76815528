using ContactCenter.Domain;
using ContactCenter.Realtime;
using ContactCenter.Routing;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ContactCenter.Storage;

/// <summary>The agents' own state: accepting or not, connected or not.</summary>
public sealed class AgentStore(
    NpgsqlDataSource source, Announcer announcer, Dispatcher dispatcher, TimeProvider clock)
{
    /// <summary>Turns "accept new conversations" on or off (A2). Asking for what already is changes nothing.</summary>
    public async Task SetAcceptingAsync(Guid user, bool accepting, CancellationToken cancel = default)
    {
        await using var command = source.Statement("""
            with a as (
                update agents set accepting = $2, since = $3 where user_id = $1 and accepting <> $2 returning user_id
            )
            select campaign_id from members where user_id in (select user_id from a)
            """, user, accepting, clock.GetUtcNow());
        var campaigns = new List<Guid>();
        await using (var reader = await command.ExecuteReaderAsync(cancel))
            while (await reader.ReadAsync(cancel)) campaigns.Add(reader.GetGuid(0));
        announcer.Announce(new Announcement(Topic.Agent(user), Signals.Inbox));
        foreach (var campaign in campaigns) announcer.Announce(new Announcement(Topic.Campaign(campaign), Signals.Inbox));
        if (accepting) dispatcher.WakeAgent(user);
    }

    /// <summary>Notes that these agents are connected now.</summary>
    /// <returns>How many of them there are.</returns>
    public async Task<int> SeenAsync(Guid[] users, CancellationToken cancel = default)
    {
        await using var command = source.Statement(
            "update agents set seen_at = $2 where user_id = any($1)", users, clock.GetUtcNow());
        return await command.ExecuteNonQueryAsync(cancel);
    }
}
