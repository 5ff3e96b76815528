namespace ContactCenter.Routing;

public static class RoutingRoom
{
    public static IServiceCollection AddRouting(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<Storage.PresenceOptions>()
            .Bind(configuration.GetSection("ContactCenter"))
            .Validate(o => o.PresenceGraceSeconds is >= 10 and <= 3600, "ContactCenter:PresenceGraceSeconds must be 10 to 3600.")
            .ValidateOnStart();
        return services
            .AddSingleton<Assigner>()
            .AddSingleton<Dispatcher>()
            .AddSingleton<Bots>()
            .AddHostedService<Departures>()
            .AddHostedService(provider => provider.GetRequiredService<Bots>())
            .AddHostedService(provider => provider.GetRequiredService<Dispatcher>());
    }
}
