using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;
using IDocumentStore = Marten.IDocumentStore;

namespace ContactCenter.Storage;

public static class StorageRoom
{
    // It takes nothing from the server, so it need not wait for one.
    private static readonly Lazy<IModel> Model = new(() =>
    {
        using var database = new Database(new DbContextOptionsBuilder<Database>().UseNpgsql("Host=localhost").Options);
        return database.Model;
    });

    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(_ => Source(configuration.GetConnectionString("Postgres")!));
        services.AddPooledDbContextFactory<Database>((provider, options) =>
            options.UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>()).UseModel(Model.Value)
                // Whoever asked gets the exception and says what it means for them; twice is noise, and costs most when all else fails.
                .ConfigureWarnings(events => events.Ignore(
                    CoreEventId.QueryIterationFailed, RelationalEventId.ConnectionError, RelationalEventId.TransactionError)));
        services.AddScoped(provider => provider.GetRequiredService<IDbContextFactory<Database>>().CreateDbContext());
        return services
            .AddSingleton<IDocumentStore>(provider => Documents.Open(provider.GetRequiredService<NpgsqlDataSource>()))
            .AddSingleton(_ => new JobConnections(configuration.GetConnectionString("Postgres")!))
            .AddSingleton<Migrator>()
            .AddSingleton<LogStore>()
            .AddSingleton<StandingStore>()
            .AddSingleton<SessionStore>()
            .AddSingleton<GuessStore>()
            .AddSingleton<SecurityLog>()
            .AddSingleton<MessageWriter>()
            .AddSingleton<MessageStore>()
            .AddSingleton<Absence>()
            .AddSingleton<ConversationStore>()
            .AddSingleton<JobStore>()
            .AddSingleton<OutboxStore>()
            .AddSingleton<ThresholdStore>()
            .AddSingleton<AssignmentStore>()
            .AddSingleton<DepartureStore>()
            .AddSingleton<AgentStore>();
    }

    /// <summary>Builds the documents' model, which the first use of them would wait for.</summary>
    public static Task BuildModelAsync() => Task.Run(() => Model.Value);

    /// <summary>
    /// Connections of a node at most: eight for each of its processors, and 16 to 40, so that PostgreSQL's default is enough for
    /// two nodes, with the eight of Hangfire (<see cref="JobConnections"/>). More only wait for PostgreSQL's processors
    /// instead of for each other; and after a restart of it every one is a process that starts, signs in and plans each
    /// statement anew.
    /// </summary>
    public static int Connections => Math.Clamp(8 * Environment.ProcessorCount, 16, 40);

    /// <summary>The pool with the settings the hot statements want.</summary>
    public static NpgsqlDataSource Source(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        // ShouldSerialize tells whether it was given; ContainsKey, whether there is such a setting at all.
        if (!settings.ShouldSerialize("Maximum Pool Size")) settings.MaxPoolSize = Connections;
        // Statements are prepared by the driver, from the first use: there are about a hundred, and planning one costs more than
        // running it.
        if (!settings.ShouldSerialize("Max Auto Prepare")) settings.MaxAutoPrepare = 100;
        if (!settings.ShouldSerialize("Auto Prepare Min Usages")) settings.AutoPrepareMinUsages = 1;
        // What outlives a transaction (the bridge's listening, the migrator's lock) its owner gives back; forgetting it anew for
        // each statement costs the server more than a small one.
        if (!settings.ShouldSerialize("No Reset On Close")) settings.NoResetOnClose = true;
        // A node that stands still in the middle of a transaction would hold its rows, and with them other nodes, for as long.
        if (string.IsNullOrEmpty(settings.Options)) settings.Options = "-c idle_in_transaction_session_timeout=15s";
        return new NpgsqlDataSourceBuilder(settings.ConnectionString).Build().Watched();
    }
}
