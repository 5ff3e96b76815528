using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Npgsql;

namespace ContactCenter.Tests.Storage;

/// <summary>What migrations 15 and 16 make of rows that are there.</summary>
public sealed class KeptPlacesMigrationTests
{
    [Fact]
    public async Task The_old_default_becomes_the_new_one_what_somebody_chose_stays_and_old_starts_are_worth_nothing()
    {
        var server = await PostgresServer.SharedAsync();
        await using var database = await server.CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        foreach (var migration in Migrator.All.Where(each => each.Number <= 10)) await RunAsync(migration.Sql);
        await RunAsync("""
            insert into clients (id, name, active, history_count) values ('00000000-0000-7000-8000-000000000001', 'Acme', true, 20);
            insert into projects (id, client_id, name, active) values ('00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-000000000001', 'Shop', true);
            insert into departments (id, name, active) values ('00000000-0000-7000-8000-000000000003', 'Sales', true);
            insert into campaigns (id, key, name, project_id, department_id, channel, enabled, settings)
            select gen_random_uuid(), key, key, '00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-000000000003', 1, true, settings::jsonb
            from (values ('default', '{"AbandonAfter": 120}'), ('never', '{"AbandonAfter": 0}'), ('hasty', '{"AbandonAfter": 30}'), ('long', '{"AbandonAfter": 1200}')) c (key, settings);
            insert into contacts (id, name, language, first_seen_at, profile) values ('00000000-0000-7000-8000-000000000004', 'Marta', 'es', now(), '{}');
            insert into conversations (id, campaign_id, contact_id, start_id, language, direction, state, queued_at, seq, last_contact_seq, last_text,
                last_author, last_at, unread, contact_delivered, contact_read, staff_delivered, staff_read, bot_misses)
            select gen_random_uuid(), id, '00000000-0000-7000-8000-000000000004', gen_random_uuid(), 'es', 1, 1, now(), 0, 0, '', 4, now(), 0, 0, 0, 0, 0, 0 from campaigns;
            """);
        foreach (var migration in Migrator.All.Where(each => each.Number is 15 or 16)) await RunAsync(migration.Sql);

        Assert.Equal("default 900, hasty 30, long 1200, never 0", await AskAsync("select string_agg(key || ' ' || (settings ->> 'AbandonAfter'), ', ' order by key) from campaigns"));
        Assert.Equal("4 of 4", await AskAsync("select count(*) filter (where start_key is null and start_until is null) || ' of ' || count(*) from conversations"));
        Assert.Equal("", await AskAsync("select coalesce(string_agg(column_name, ','), '') from information_schema.columns where table_name = 'conversations' and column_name = 'start_id'"));

        async Task RunAsync(string sql)
        {
            await using var command = source.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
        }

        async Task<string?> AskAsync(string sql)
        {
            await using var command = source.CreateCommand(sql);
            return await command.ExecuteScalarAsync() as string;
        }
    }
}
