using ContactCenter.Domain;
using Npgsql;

namespace ContactCenter.Load.Chaos;

/// <summary>What the database has at the end of a run.</summary>
static class Records
{
    public static async Task<IReadOnlyList<StoredEntry>> Entries(string connectionString)
    {
        var entries = new List<StoredEntry>();
        await Read(connectionString, "select conversation_id, seq, client_id, author, text, at, event, author_id from messages order by conversation_id, seq", row =>
            entries.Add(new(row.GetGuid(0), row.GetInt32(1), row.GetGuid(2), (Author)row.GetInt32(3), row.GetString(4), row.GetFieldValue<DateTimeOffset>(5))
            {
                Event = row.IsDBNull(6) ? null : (EventKind)row.GetInt32(6),
                Agent = row.IsDBNull(7) ? null : row.GetGuid(7),
            }));
        return entries;
    }

    /// <summary>The place of each conversation's last message; events are not told to everybody.</summary>
    public static async Task<Dictionary<Guid, int>> LastMessages(string connectionString)
    {
        var last = new Dictionary<Guid, int>();
        await Read(connectionString, "select conversation_id, max(seq) from messages where event is null group by conversation_id", row => last.Add(row.GetGuid(0), row.GetInt32(1)));
        return last;
    }

    /// <summary>Agents' ids by their addresses.</summary>
    public static async Task<Dictionary<string, Guid>> Agents(string connectionString)
    {
        var agents = new Dictionary<string, Guid>(StringComparer.Ordinal);
        await Read(connectionString, "select u.email, u.id from users u join agents a on a.user_id = u.id", row => agents.Add(row.GetString(0), row.GetGuid(1)));
        return agents;
    }

    public static async Task<IReadOnlyList<Shift>> Shifts(string connectionString, DateTimeOffset end)
    {
        var lines = new List<(Guid Agent, DateTimeOffset At, AgentState State)>();
        await Read(connectionString, "select user_id, at, state from ledger order by user_id, at, id", row =>
            lines.Add((row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1), (AgentState)row.GetInt32(2))));
        return [.. lines
            .Select((line, n) => (line, Until: n + 1 < lines.Count && lines[n + 1].Agent == line.Agent ? lines[n + 1].At : end))
            .Where(each => each.line.State is AgentState.Free or AgentState.Busy)
            .Select(each => new Shift(each.line.Agent, each.line.At, each.Until))];
    }

    /// <summary>The runs of the jobs that any node may take and which did their work, as long as Hangfire keeps them:
    /// ten minutes.</summary>
    public static async Task<IReadOnlyList<JobRun>> JobRuns(string connectionString)
    {
        var runs = new List<JobRun>();
        await Read(connectionString, """
            select trim('"' from j.arguments ->> 0), s.createdat
            from hangfire.state s join hangfire.job j on j.id = s.jobid
            where s.name = 'Succeeded' and s.data ->> 'Result' = 'true'
            """, row => runs.Add(new(row.GetString(0), row.GetFieldValue<DateTimeOffset>(1))));
        return runs;
    }

    static async Task Read(string connectionString, string sql, Action<NpgsqlDataReader> take)
    {
        await using var connection = new NpgsqlConnection($"{connectionString};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync()) take(rows);
    }
}
