using Hangfire.PostgreSql;
using Npgsql;

namespace ContactCenter.Storage;

/// <summary>
/// Hangfire's connections: a few of their own, so that what it waits for holds up nobody else, nor others it. Its
/// tables are in a schema of their own.
/// </summary>
public sealed class JobConnections(string connectionString) : IConnectionFactory, IAsyncDisposable
{
    /// <summary>The schema of Hangfire's tables.</summary>
    public const string Schema = "hangfire";

    // Each worker may hold one and ask for another; the schedulers and the rest need one each, for a moment.
    private const int Most = 8;

    private readonly NpgsqlDataSource source = Source(connectionString);

    public NpgsqlConnection GetOrCreateConnection() => source.CreateConnection();

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private static NpgsqlDataSource Source(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = Most, CommandTimeout = 10 };
        // A node that stands still in the middle of a transaction would hold what the others' schedulers wait for.
        if (string.IsNullOrEmpty(settings.Options)) settings.Options = "-c idle_in_transaction_session_timeout=3s";
        return StorageRoom.Source(settings.ConnectionString);
    }
}
