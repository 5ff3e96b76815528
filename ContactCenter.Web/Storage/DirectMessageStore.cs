using ContactCenter.Domain;
using ContactCenter.Realtime;
using Npgsql;

namespace ContactCenter.Storage;

/// <summary>Somebody of the staff the viewer writes with.</summary>
/// <param name="Unread">How many of theirs the viewer has not seen.</param>
public sealed record Correspondent(Guid Id, string Name, DateTimeOffset At, string LastText, int Unread);

/// <summary>What two of the staff wrote to each other, oldest first: the last of it.</summary>
public sealed record DirectThread(Guid With, string Name, IReadOnlyList<DirectMessage> Messages);

/// <summary>
/// Messages between supervisors and agents (S5). A supervisor may write to the agents of their campaigns, who may answer. When
/// neither supervises the other any more, neither is there for the other, nor what they wrote; anybody else never was.
/// </summary>
public sealed class DirectMessageStore(NpgsqlDataSource source, Announcer announcer, TimeProvider clock)
{
    private const int Listed = 100;
    private const int Correspondents = 50;

    // $1 the viewer, $2 whether they supervise, $3 the other.
    private static readonly string IsThere = $"($3 <> $1 and {ReachSql.WorksWith("$3")})";
    private static readonly string MayWrite = $"""
        ($3 <> $1 and exists (select from users u where u.id = $3 and u.active)
            and ({ReachSql.SupervisesThem} or ({ReachSql.SupervisedBy("$3")}
                and exists (select from direct_messages d where d.from_id = $3 and d.to_id = $1))))
        """;

    /// <summary>Stores the message once, however often it is sent, and tells the other.</summary>
    /// <returns>False where the other is not within reach.</returns>
    public async Task<bool> SendAsync(Viewer from, Guid to, Guid id, string text, CancellationToken cancel)
    {
        await using var command = source.Statement($"""
            with sent as (
                insert into direct_messages (id, from_id, to_id, at, text)
                select $4, $1, $3, $5, $6 where {MayWrite}
                on conflict (id) do nothing
                returning id
            )
            select exists (select from sent), exists (select from direct_messages where id = $4 and from_id = $1 and to_id = $3)
            """, from.Id, from.Supervises, to, id, clock.GetUtcNow(), text);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        if (reader.GetBoolean(0)) announcer.Announce(new Announcement(Topic.Agent(to), Signals.Direct));
        return reader.GetBoolean(0) || reader.GetBoolean(1);
    }

    /// <summary>The thread with the other, which is read by this; null where they are not within reach.</summary>
    public async Task<DirectThread?> ReadAsync(Viewer viewer, Guid other, CancellationToken cancel)
    {
        await using var command = source.Statement($"""
            with seen as (
                update direct_messages set read_at = $4 where to_id = $1 and from_id = $3 and read_at is null and {IsThere} returning id
            )
            select exists (select from seen), u.display_name, d.id, d.from_id, d.at, d.text, d.read_at
            from users u left join lateral (
                select * from (
                    (select * from direct_messages where from_id = $1 and to_id = $3 order by at desc limit {Listed})
                    union all
                    (select * from direct_messages where from_id = $3 and to_id = $1 order by at desc limit {Listed})
                ) both_ways order by at desc, id desc limit {Listed}
            ) d on true
            where u.id = $3 and ({MayWrite} or ({IsThere} and d.id is not null))
            order by d.at, d.id
            """, viewer.Id, viewer.Supervises, other, clock.GetUtcNow());
        await using var reader = await command.ExecuteReaderAsync(cancel);
        string? name = null;
        var seen = false;
        var messages = new List<DirectMessage>();
        while (await reader.ReadAsync(cancel))
        {
            (seen, name) = (reader.GetBoolean(0), reader.GetString(1));
            if (reader.IsDBNull(2)) continue;
            var from = reader.GetGuid(3);
            messages.Add(new DirectMessage
            {
                Id = reader.GetGuid(2),
                FromId = from,
                ToId = from == viewer.Id ? other : viewer.Id,
                At = reader.GetFieldValue<DateTimeOffset>(4),
                Text = reader.GetString(5),
                ReadAt = reader.IsDBNull(6) ? null : reader.GetFieldValue<DateTimeOffset>(6),
            });
        }
        // The writer sees that it was read, and the reader's other tabs that nothing is unread.
        if (seen)
            announcer.Announce(
                new Announcement(Topic.Agent(other), Signals.Direct), new Announcement(Topic.Agent(viewer.Id), Signals.Direct));
        return name is null ? null : new DirectThread(other, name, messages);
    }

    /// <summary>Whom the viewer has written with, the last first.</summary>
    public async Task<IReadOnlyList<Correspondent>> CorrespondentsAsync(Viewer viewer, CancellationToken cancel)
    {
        await using var command = source.Statement($"""
            with others as (
                select to_id id from direct_messages where from_id = $1 union select from_id from direct_messages where to_id = $1
            )
            select u.id, u.display_name, last.at, last.text,
                (select count(*)::int from direct_messages d where d.to_id = $1 and d.from_id = u.id and d.read_at is null)
            from others o join users u on u.id = o.id cross join lateral (
                select * from (
                    (select at, text from direct_messages where from_id = $1 and to_id = u.id order by at desc limit 1)
                    union all
                    (select at, text from direct_messages where from_id = u.id and to_id = $1 order by at desc limit 1)
                ) both_ways order by at desc limit 1
            ) last
            where {ReachSql.WorksWith("u.id")}
            order by last.at desc limit {Correspondents}
            """, viewer.Id, viewer.Supervises);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var found = new List<Correspondent>();
        while (await reader.ReadAsync(cancel))
            found.Add(new Correspondent(
                reader.GetGuid(0), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2), reader.GetString(3), reader.GetInt32(4)));
        return found;
    }

    /// <summary>How many messages the viewer has not seen, and who wrote the last of them.</summary>
    public async Task<(int Count, string? From)> UnreadAsync(Viewer viewer, CancellationToken cancel)
    {
        await using var command = source.Statement($"""
            select count(*)::int, (array_agg(u.display_name order by d.at desc))[1]
            from direct_messages d join users u on u.id = d.from_id where d.to_id = $1 and d.read_at is null and {ReachSql.WorksWith("d.from_id")}
            """, viewer.Id, viewer.Supervises);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return (reader.GetInt32(0), reader.IsDBNull(1) ? null : reader.GetString(1));
    }
}
