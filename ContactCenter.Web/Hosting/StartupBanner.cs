using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace ContactCenter.Hosting;

/// <summary>Answers whether the application still waits for its first administrator.</summary>
public interface IFirstAdministrator
{
    Task<bool> IsMissingAsync(CancellationToken cancel);
}

/// <summary>Tells the person at the terminal where to go, once the server listens.</summary>
public sealed class StartupBanner(
    IServer server, IHostEnvironment environment, IConfiguration configuration, IServiceScopeFactory scopes) : IHostedLifecycleService
{
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        // A test host listens nowhere.
        if (addresses.FirstOrDefault() is not { } first) return;
        List<string> lines = ["", $"  ContactCenter   {string.Join("  ", addresses)}"];
        if (environment.IsDevelopment())
        {
            lines.Add($"  Demo shop       {first}/demo");
            lines.Add("  Accounts        admin@demo.local, supervisor@demo.local, lili@demo.local, omar@demo.local, ines@demo.local");
            lines.Add("  Password        Contact-Center-1");
        }
        else if (await WaitsForAdministratorAsync(cancellationToken))
        {
            lines.Add($"  First step      {first}/setup makes the first administrator, with the one-time code above");
        }

        lines.Add($"  Data            {configuration["ContactCenter:DataDirectory"]}");
        lines.Add("");
        await Console.Out.WriteLineAsync(string.Join(Environment.NewLine, lines));
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<bool> WaitsForAdministratorAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var first = scope.ServiceProvider.GetService<IFirstAdministrator>();
        return first is not null && await first.IsMissingAsync(cancel);
    }
}
