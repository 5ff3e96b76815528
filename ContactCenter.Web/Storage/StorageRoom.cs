using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ContactCenter.Storage;

public static class StorageRoom
{
    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(_ => Source(configuration.GetConnectionString("Postgres")!));
        services.AddPooledDbContextFactory<Database>((provider, options) =>
            options.UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>()));
        services.AddScoped(provider => provider.GetRequiredService<IDbContextFactory<Database>>().CreateDbContext());
        return services
            .AddSingleton<Migrator>()
            .AddSingleton<LogStore>()
            .AddSingleton<MessageStore>()
            .AddSingleton<ConversationStore>()
            .AddSingleton<JobStore>()
            .AddSingleton<OutboxStore>()
            .AddSingleton<ThresholdStore>()
            .AddSingleton<AssignmentStore>()
            .AddSingleton<AgentStore>();
    }

    /// <summary>The pool with the settings the hot statements want.</summary>
    public static NpgsqlDataSource Source(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        // Hot statements are prepared by the driver; two connections are kept by the bridge.
        if (!settings.ContainsKey("Max Auto Prepare")) settings.MaxAutoPrepare = 60;
        if (!settings.ContainsKey("Auto Prepare Min Usages")) settings.AutoPrepareMinUsages = 2;
        return new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
    }
}
