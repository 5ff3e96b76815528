using System.Diagnostics;
using System.Net;
using Npgsql;

namespace ContactCenter.Load;

/// <summary>
/// The supervisor's board of a campaign with 200 agents, 500 waiting and 5,000 conversations of today, with a million
/// before them: how long its fragment takes, from the request to the last byte.
/// </summary>
static class Boards
{
    const string Floor = """
        insert into agents (user_id, accepting, since, capacity, seen_at, monitored, bot)
        select id, false, now(), 6, now(), false, false from users on conflict do nothing;
        update agents set seen_at = now(), accepting = false;
        insert into members (campaign_id, user_id, penalty, position)
        select $C, user_id, 0, 0 from agents on conflict do nothing;
        insert into ledger (id, user_id, at, state, cause, by_name)
        select gen_random_uuid(), user_id, now() - n * interval '1 minute', 4 + n % 2, 1, ''
        from agents cross join generate_series(1, 50) n;
        insert into contacts (id, name, email, language, first_seen_at, profile)
        select gen_random_uuid(), 'Board ' || n, 'board-' || n || '@bench.local', 'en', now(), '{}' from generate_series(1, 2000) n;
        """;

    // $1 how many, $2 state, $3 seconds between two, $4 whether they are somebody's.
    const string Talks = """
        with people as (select array_agg(id) ids from (select id from contacts where name like 'Board %' order by id) c),
            staff as (select array_agg(user_id) ids from (select user_id from agents order by user_id limit 200) a)
        insert into conversations (id, campaign_id, contact_id, language, direction, state, ending, agent_id, queued_at, assigned_at,
            waited_ms, finished_at, seq, last_contact_seq, last_text, last_author, last_at, unread, contact_delivered, contact_read,
            staff_delivered, staff_read, bot_misses)
        select gen_random_uuid(), $C, people.ids[1 + n % 2000], 'en', 1 + (n % 20 = 0)::int, $2,
            case when $2 = 5 then 1 + (n % 25 = 0)::int end, case when $2 <> 1 then staff.ids[1 + n % 200] end,
            at - interval '6 minutes', case when $2 <> 1 then at - interval '5 minutes' end, case when $2 <> 1 then n % 60 * 1000 end,
            case when $2 = 5 then at end, 1, 0, '', 4, at, 0, 0, 0, 0, 0, 0
        from generate_series($4::int + 1, $4::int + $1::int) n cross join people cross join staff
            cross join lateral (select now() - n * $3 * interval '1 second' as at) t
        """;

    public static async Task Measure(string connectionString, House house, bool quick, Report report)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        var before = quick ? 100_000 : 1_000_000;
        await Do("""
            insert into campaigns (id, key, name, project_id, department_id, channel, enabled, settings)
            select gen_random_uuid(), 'board', 'Board', project_id, department_id, channel, true, settings || '{"AbandonAfter": 0}' from campaigns where key = 'bench'
            on conflict do nothing
            """);
        var campaign = (Guid)(await One("select id from campaigns where key = 'board'"))!;
        await Do(Floor.Replace("$C", $"'{campaign}'", StringComparison.Ordinal));
        // Of today whatever the hour is: a second apart, from a moment ago.
        await Put(5_000, 5, 0.5, 0);
        await Put(before, 5, 2, 50_000);
        await Put(600, 2, 1, 0);
        await Put(500, 1, 1, 1_000);
        await Do("vacuum analyze conversations");

        using var supervisor = await house.Supervisor();
        var path = $"/supervision/board/{campaign}";
        var samples = new Samples();
        var bytes = 0;
        // As after some minutes of work, when what is called often has been compiled well.
        var warming = quick ? 30 : 300;
        for (var n = 0; n < 2 * warming; n++)
        {
            var start = Stopwatch.GetTimestamp();
            using var answer = await supervisor.GetAsync(path);
            await answer.Expect(HttpStatusCode.OK);
            bytes = (await answer.Content.ReadAsByteArrayAsync()).Length;
            if (n >= warming) samples.Add(Stopwatch.GetTimestamp() - start);
        }
        report.Add("board_kb", "board of 200 agents and 500 waiting, as it is sent", bytes / 1000.0, "KB");
        report.Add("board_p50_ms", $"board refresh, {before:N0} conversations behind it: p50", samples.Milliseconds(0.5), "ms", Limit.Max(30));
        report.Add("board_p95_ms", "board refresh: p95", samples.Milliseconds(0.95), "ms");

        async Task Put(int count, int state, double apart, int from)
        {
            await using var command = new NpgsqlCommand(Talks.Replace("$C", $"'{campaign}'", StringComparison.Ordinal), connection) { CommandTimeout = 600 };
            command.Parameters.Add(new() { Value = count });
            command.Parameters.Add(new() { Value = state });
            command.Parameters.Add(new() { Value = apart });
            command.Parameters.Add(new() { Value = from });
            await command.ExecuteNonQueryAsync();
        }

        async Task Do(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
            await command.ExecuteNonQueryAsync();
        }

        async Task<object?> One(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            return await command.ExecuteScalarAsync();
        }
    }
}
