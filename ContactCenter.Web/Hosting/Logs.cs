namespace ContactCenter.Hosting;

/// <summary>Logs are lines of JSON, except where a developer reads them. Texts of messages and secrets are never in them: no
/// room logs any, and those that log what they were sent (EF's parameters, request lines with their query) are kept quiet.</summary>
public static class Logs
{
    public static void AddLogs(this WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        if (builder.Environment.IsDevelopment())
            builder.Logging.AddSimpleConsole(options => { options.SingleLine = true; options.TimestampFormat = "HH:mm:ss "; });
        else
            builder.Logging.AddJsonConsole(options => { options.UseUtcTimestamp = true; options.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'"; });
        builder.Logging
            .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.Error)
            // Says nothing that others do not, and while it may speak each request carries an activity and a scope: thousands
            // of streams would keep theirs. Who traces gets activities all the same.
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None)
            .AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning)
            // A name that is taken is an answer, not a failure; what nobody answered for is logged where it ends.
            .AddFilter("Microsoft.EntityFrameworkCore.Database.Command", LogLevel.None)
            .AddFilter("Microsoft.EntityFrameworkCore.Update", LogLevel.None)
            .AddFilter("Npgsql", LogLevel.Warning)
            .AddFilter("Hangfire", LogLevel.Warning)
            // While the database is away each try of each process would tell so; what stands still for 15 s is told
            // once, as an error.
            .AddFilter("Hangfire.Server.ServerHeartbeatProcess", LogLevel.Error)
            .AddFilter("Hangfire.PostgreSql.PostgreSqlDistributedLock", LogLevel.None);
    }
}
