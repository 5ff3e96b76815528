using ContactCenter.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql;

namespace ContactCenter.Load.Growth;

/// <summary>The app's own stores on one database, and whom and what the questions are about.</summary>
sealed class Desk : IAsyncDisposable
{
    // A thousand of each are drawn, so that no question is asked twice about the same.
    const int Drawn = 1000;

    readonly NpgsqlDataSource source;
    readonly Guid[] agents;
    readonly Guid[] contacts;
    readonly Guid[] conversations;
    readonly DateTime[] moments;

    Desk(NpgsqlDataSource source, Guid[] agents, Guid[] contacts, Guid[] conversations, DateTime[] moments)
    {
        (this.source, this.agents, this.contacts, this.conversations, this.moments) = (source, agents, contacts, conversations, moments);
        var clock = TimeProvider.System;
        var absence = new Absence(clock);
        Inbox = new(source, absence, clock);
        Board = new(source, clock);
        Dossiers = new(source, absence, clock);
        Logs = new(source);
        Contacts = new(new PooledDbContextFactory<Database>(new DbContextOptionsBuilder<Database>().UseNpgsql(source).Options), source, clock);
        Supervisor = new(agents[^1], "", Supervises: true);
        OfNorth = new(agents[1], "", Supervises: true);
    }

    public InboxStore Inbox { get; }
    public BoardStore Board { get; }
    public DossierStore Dossiers { get; }
    public LogStore Logs { get; }
    public ContactStore Contacts { get; }

    /// <summary>Somebody without a security group: sees all campaigns.</summary>
    public Viewer Supervisor { get; }

    /// <summary>Somebody whose security group has two campaigns.</summary>
    public Viewer OfNorth { get; }

    public Viewer Agent(int n) => new(agents[n % agents.Length], "", Supervises: false);

    /// <summary>Any contact, however long ago they first wrote.</summary>
    public Guid Contact(int n) => contacts[n % contacts.Length];

    /// <summary>Any finished conversation.</summary>
    public Guid Conversation(int n) => conversations[n % conversations.Length];

    /// <summary>Any moment of the installation's life.</summary>
    public DateTimeOffset Moment(int n) => new(moments[n % moments.Length], TimeSpan.Zero);

    /// <summary>How often tables of that many rows have been walked through, and how many rows were fetched by an index.</summary>
    public async Task<TableReads> Reads(long rows)
    {
        await using var connection = await source.OpenConnectionAsync();
        // The one connection there is tells its own counters at once, and not after a second.
        await using (var flush = new NpgsqlCommand("select pg_stat_force_next_flush()", connection)) await flush.ExecuteNonQueryAsync();
        return await TableReads.Of(connection, rows);
    }

    public static async Task<Desk> Open(string connectionString)
    {
        var pool = StorageRoom.Source($"{connectionString};Maximum Pool Size=1");
        return new Desk(
            pool,
            await Draw<Guid>("select user_id from agents order by user_id"),
            await Draw<Guid>($"select id from contacts order by random() limit {Drawn}"),
            await Draw<Guid>($"select id from conversations where state = 5 order by random() limit {Drawn}"),
            await Draw<DateTime>($"select finished_at from conversations where state = 5 order by random() limit {Drawn}"));

        async Task<T[]> Draw<T>(string sql)
        {
            await using var command = pool.CreateCommand(sql);
            await using var reader = await command.ExecuteReaderAsync();
            var drawn = new List<T>();
            while (await reader.ReadAsync()) drawn.Add(reader.GetFieldValue<T>(0));
            return [.. drawn];
        }
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();
}

/// <summary>What PostgreSQL has counted of the tables that grow.</summary>
/// <param name="Walks">Sequential scans, by table.</param>
/// <param name="Fetched">Rows fetched by indexes.</param>
sealed record TableReads(IReadOnlyDictionary<string, long> Walks, long Fetched)
{
    public static async Task<TableReads> Of(NpgsqlConnection connection, long rows)
    {
        await using var command = new NpgsqlCommand(
            "select relname, seq_scan, coalesce(idx_tup_fetch, 0) from pg_stat_user_tables where n_live_tup >= $1 order by relname", connection);
        command.Parameters.Add(new() { Value = rows });
        await using var reader = await command.ExecuteReaderAsync();
        var walks = new Dictionary<string, long>(StringComparer.Ordinal);
        var fetched = 0L;
        while (await reader.ReadAsync())
        {
            walks[reader.GetString(0)] = reader.GetInt64(1);
            fetched += reader.GetInt64(2);
        }
        return new(walks, fetched);
    }

    /// <summary>The tables walked through since then, as often as they were.</summary>
    public Dictionary<string, long> WalksSince(TableReads before) => Walks
        .Select(table => (table.Key, Times: table.Value - before.Walks.GetValueOrDefault(table.Key)))
        .Where(table => table.Times > 0)
        .ToDictionary(table => table.Key, table => table.Times, StringComparer.Ordinal);
}
