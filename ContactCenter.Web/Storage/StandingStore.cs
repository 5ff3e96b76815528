using ContactCenter.Domain;
using ContactCenter.Security;
using Npgsql;

namespace ContactCenter.Storage;

/// <summary>What a tab of staff stands on.</summary>
/// <param name="Holds">Whether the session is still one of its account.</param>
/// <param name="Campaigns">Whose lists the viewer sees.</param>
/// <param name="Open">The conversation asked for; null where none was, or it is not within reach.</param>
public sealed record Standing(bool Holds, IReadOnlyList<Guid> Campaigns, StreamStart? Open);

/// <summary>Reads it in one round trip, by the keys of users, sessions, conversations, members and groups: after an interruption every
/// tab asks at the same moment.</summary>
public sealed class StandingStore(NpgsqlDataSource source, TimeProvider clock)
{
    // The row says all: what changes an account ends the rows of its sessions, but for the one that changed it.
    public async Task<Standing> ReadAsync(Viewer viewer, Session session, Guid? conversation, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var batch = source.PlannedOnce($"""
            select exists (select from users u join sessions s on s.user_id = u.id where u.id = $1 and u.active
                    and s.id = $4 and s.seen_at > $5 and s.started_at > $6),
                array(select id from {ReachSql.Distinct} mine), {LogStore.StartColumns}
            from (select 1) one left join conversations c on c.id = $3 and {ReachSql.Readable}
            """, viewer.Id, viewer.Supervises, conversation.OrNull(),
            session.Id, now - UserSession.Idle, now - UserSession.Whole);
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return new Standing(
            reader.GetBoolean(0), reader.GetFieldValue<Guid[]>(1), reader.IsDBNull(2) ? null : LogStore.StartIn(reader, 2));
    }
}
