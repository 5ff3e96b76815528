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
    /// <summary>What the pages are asked about, found before anything is counted.</summary>
    sealed record Places(Guid Past, Guid Contact, Guid Waiting, Guid Campaign, Guid Colleague, Guid Northern, DateTime At);

    /// <returns>How often one was walked through.</returns>
    public static async Task<long> Walk(string connectionString, Func<Task<Server>> start, Uri address, long large)
    {
        await using var watch = NpgsqlDataSource.Create($"{connectionString};Pooling=false;Command Timeout=600");
        var house = new House(connectionString, address);
        var places = await Find(watch);
        var before = await Read();
        await using (var app = await start())
        {
            using var supervisor = await house.Supervisor();
            await Appoint(watch);
            // The first is an agent and nothing more; the second has all roles, for a group that the past one's campaign is not in.
            var agents = await house.Agents(2);
            await Visit(supervisor, [.. Anybody(places), .. Supervision(places)]);
            await Visit(agents[0].Http, Anybody(places));
            await Visit(agents[1].Http, [.. Anybody(places), .. Supervision(places), .. Administration(places)]);
            foreach (var agent in agents)
                (await EventStream.Open(agent.Http, new(HttpMethod.Get, $"/inbox/stream?conversation={places.Waiting}"))).Dispose();
            await Talk(house.Street, agents[0]);
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
    }

    static async Task<Places> Find(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("""
            select past.id, past.contact_id, waiting.id, c.id, a.user_id, g.user_id, past.finished_at
            from campaigns c
                cross join lateral (select o.* from conversations o join campaigns b on b.id = o.campaign_id where b.key = 'bench' and o.state = 5 order by o.id limit 1) past
                cross join lateral (select o.id from conversations o join campaigns b on b.id = o.campaign_id where b.key = 'bench' and o.state = 1 order by o.id limit 1) waiting
                cross join lateral (select user_id from agents order by user_id limit 1) a
                cross join user_groups g
            where c.key = 'growth-2'
            """);
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return new(row.GetGuid(0), row.GetGuid(1), row.GetGuid(2), row.GetGuid(3), row.GetGuid(4), row.GetGuid(5), row.GetDateTime(6));
    }

    static async Task Appoint(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("""
            insert into roles (id, name, normalized_name) values (uuidv7(), 'Administrator', 'ADMINISTRATOR');
            insert into user_roles (user_id, role_id) select g.user_id, r.id from user_groups g, roles r where r.name <> 'Agent'
            """);
        await command.ExecuteNonQueryAsync();
    }

    static string[] Anybody(Places places) =>
    [
        "/inbox", "/inbox?tab=waiting&q=vega", "/inbox/list?tab=waiting", "/inbox/list?tab=paused", "/inbox/list?tab=OutOfHours&q=mar",
        "/inbox/kpis", "/inbox/pane", "/history", $"/history?at={Uri.EscapeDataString(places.At.AddDays(1).ToString("O"))}&ticket=1",
        "/direct-messages", "/direct-messages/unread", "/profile",
        $"/conversations/{places.Past}", $"/conversations/{places.Past}/pane", $"/conversations/{places.Past}/frame", $"/conversations/{places.Past}/timeline",
        $"/contacts/{places.Contact}/panel?tab=History&conversation={places.Past}", $"/contacts/{places.Contact}/panel?tab=Notes",
    ];

    static string[] Supervision(Places places) =>
    [
        "/supervision", "/supervision/board", $"/supervision/{places.Campaign}", $"/supervision/board/{places.Campaign}",
        $"/supervision/{places.Campaign}/wallboard", $"/supervision/agents/{places.Colleague}",
        .. Enum.GetNames<Storage.BoardFigure>().Select(figure => $"/supervision/conversations/{figure}"),
    ];

    static string[] Administration(Places places) =>
    [
        "/administration/campaigns", $"/administration/campaigns/{places.Campaign}", "/administration/users", $"/administration/users/{places.Northern}",
        "/administration/groups", "/administration/clients", "/administration/jobs", $"/administration/members?campaigns={places.Campaign}",
    ];

    static async Task Visit(HttpClient browser, IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            using var answer = await browser.GetAsync(path);
            await answer.Expect(HttpStatusCode.OK);
        }
    }

    static async Task Talk(HttpClient street, Agent agent)
    {
        const string name = "Grand Tour";
        using var tab = await agent.Listen();
        var visitor = await Visitor.Start(street, House.Campaign, name);
        using var theirs = await visitor.Listen();
        // Everybody who waits is given to them first, one after the other.
        await agent.Accept();
        var list = await agent.Inbox();
        for (var patience = 0; !list.Contains(name, StringComparison.Ordinal) && patience < 150; patience++)
        {
            await Task.Delay(200);
            list = await agent.Inbox();
        }
        // The items of the list, past what the page says of the newest.
        const string mark = "data-conversation=\"";
        var named = list.IndexOf(name, list.IndexOf("class=\"items\"", StringComparison.Ordinal), StringComparison.Ordinal);
        var conversation = Guid.Parse(list.AsSpan(list.LastIndexOf(mark, named, StringComparison.Ordinal) + mark.Length, 36));
        using var ours = await agent.Listen(conversation);
        await visitor.Send(Ids.New(TimeProvider.System), "Good morning");
        await agent.Send(conversation, Ids.New(TimeProvider.System), "Good morning");
        await agent.Receive(conversation, 4);
        await visitor.Receive(4);
        await agent.Accept(false);
        await visitor.Leave();
    }
}
