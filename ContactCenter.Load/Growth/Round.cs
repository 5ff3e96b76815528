using System.Net;
using ContactCenter.Domain;
using Npgsql;

namespace ContactCenter.Load.Growth;

/// <summary>
/// The whole app on the large database: the pages of staff, a visitor from the door to the end, and the jobs meanwhile.
/// No statement of theirs may walk through a table that grows.
/// </summary>
static class Round
{
    /// <returns>How often one was walked through.</returns>
    public static async Task<long> Walk(string connectionString, Func<Task<Server>> start, Uri address, long large)
    {
        await using var watch = NpgsqlDataSource.Create($"{connectionString};Pooling=false");
        var house = new House(connectionString, address);
        var before = await Read();
        await using (var app = await start())
        {
            await Staff(house);
            await Talk(house);
            // All jobs have run a few times by then.
            await Task.Delay(TimeSpan.FromSeconds(6));
        }
        // A process that has ended has told its counters.
        await Gone();
        var walked = (await Read()).WalksSince(before);
        Report.Say($"growth: the whole app on the large database{Comparison.Named(walked)}");
        return walked.Values.Sum();

        async Task<TableReads> Read()
        {
            await using var connection = await watch.OpenConnectionAsync();
            return await TableReads.Of(connection, large);
        }

        async Task Gone()
        {
            await using var connection = await watch.OpenConnectionAsync();
            await using var others = new NpgsqlCommand(
                "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'", connection);
            while ((long)(await others.ExecuteScalarAsync())! > 0) await Task.Delay(50);
        }

        async Task Staff(House house)
        {
            var past = await One<Guid>("select c.id from conversations c join campaigns p on p.id = c.campaign_id where c.state = 5 and p.key = 'bench' order by c.id limit 1");
            var contact = await One<Guid>($"select contact_id from conversations where id = '{past}'");
            var (campaign, colleague) = (await One<Guid>("select id from campaigns where key = 'growth-2'"), await One<Guid>("select user_id from agents limit 1"));
            var northern = await One<Guid>("select user_id from user_groups");
            var at = Uri.EscapeDataString((await One<DateTime>("select finished_at from conversations where state = 5 order by id limit 1")).AddDays(1).ToString("O"));
            string[] anybody =
            [
                "/inbox", "/inbox?tab=waiting&q=vega", "/inbox/list?tab=waiting", "/inbox/list?tab=paused", "/inbox/list?tab=OutOfHours&q=mar",
                "/inbox/kpis", "/inbox/pane", "/history", $"/history?at={at}&ticket=1", "/direct-messages", "/direct-messages/unread", "/profile",
                $"/conversations/{past}", $"/conversations/{past}/pane", $"/conversations/{past}/timeline",
                $"/contacts/{contact}/panel?tab=History&conversation={past}", $"/contacts/{contact}/panel?tab=Notes",
            ];
            string[] supervision =
            [
                "/supervision", "/supervision/board", $"/supervision/{campaign}", $"/supervision/board/{campaign}", $"/supervision/{campaign}/wallboard",
                $"/supervision/agents/{colleague}", .. Enum.GetNames<Storage.BoardFigure>().Select(figure => $"/supervision/conversations/{figure}"),
            ];
            string[] administration =
            [
                "/administration/campaigns", $"/administration/campaigns/{campaign}", "/administration/users", $"/administration/users/{northern}",
                "/administration/groups", "/administration/clients", "/administration/jobs", $"/administration/members?campaigns={campaign}",
            ];

            using var supervisor = await house.Supervisor();
            await using (var appoint = watch.CreateCommand("""
                insert into roles (id, name, normalized_name) values (uuidv7(), 'Administrator', 'ADMINISTRATOR');
                insert into user_roles (user_id, role_id) select g.user_id, r.id from user_groups g, roles r where r.name <> 'Agent'
                """))
                await appoint.ExecuteNonQueryAsync();
            await Visit(supervisor, [.. anybody, .. supervision]);
            // The first is an agent and nothing more; the second has all roles, for a group that these conversations' campaign is not in.
            var agents = await house.Agents(2);
            await Visit(agents[0].Http, anybody);
            await Visit(agents[1].Http, [.. anybody, .. supervision, .. administration]);
            var waiting = await One<Guid>("select c.id from conversations c join campaigns p on p.id = c.campaign_id where c.state = 1 and p.key = 'bench' limit 1");
            foreach (var agent in agents) (await EventStream.Open(agent.Http, new(HttpMethod.Get, $"/inbox/stream?conversation={waiting}"))).Dispose();
        }

        async Task<T> One<T>(string sql)
        {
            await using var command = watch.CreateCommand(sql);
            return (T)(await command.ExecuteScalarAsync())!;
        }
    }

    static async Task Visit(HttpClient browser, IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            using var answer = await browser.GetAsync(path);
            await answer.Expect(HttpStatusCode.OK);
        }
    }

    // Everybody who waits is assigned first, one after the other.
    static async Task Talk(House house)
    {
        var pair = (await house.Talking(1, by: 1))[0];
        using var theirs = await pair.Visitor.Listen();
        using var ours = await pair.Agent.Listen(pair.Conversation);
        await pair.Visitor.Send(Ids.New(TimeProvider.System), "Good morning");
        await pair.Agent.Send(pair.Conversation, Ids.New(TimeProvider.System), "Good morning");
        await pair.Agent.Receive(pair.Conversation, 4);
        await pair.Visitor.Receive(4);
        await pair.Visitor.Leave();
    }
}
