namespace ContactCenter.Realtime;

public static class RealtimeRoom
{
    public static IServiceCollection AddRealtime(this IServiceCollection services) => services
        .AddSingleton<Hub>()
        .AddSingleton<MessageRenderer>()
        .AddSingleton<Feeds>()
        .AddSingleton<SessionCache>()
        .AddSingleton<Announcer>()
        .AddSingleton<Presence>()
        .AddSingleton<Attendance>()
        .AddSingleton<Typing>()
        .AddSingleton<OpenStreams>()
        .AddSingleton<Streams>()
        .AddHostedService<Bridge>()
        .AddHostedService<Pulse>();
}
