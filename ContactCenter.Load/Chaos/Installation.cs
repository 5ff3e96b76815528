using System.Diagnostics;
using System.Globalization;
using ContactCenter.Hosting;

namespace ContactCenter.Load.Chaos;

/// <summary>What is shaken: PostgreSQL, two nodes of the application and the balancer in front of them.</summary>
sealed class Installation : IAsyncDisposable
{
    readonly string data;
    readonly List<Launch> launches = [];
    readonly Server?[] nodes = new Server?[2];
    EmbeddedPostgres postgres;
    Balancer? balancer;

    Installation(string data, EmbeddedPostgres postgres) => (this.data, this.postgres) = (data, postgres);

    /// <summary>Where the balancer listens.</summary>
    public Uri Address { get; } = Launch.FreeAddress();

    public string ConnectionString => postgres.ConnectionString();

    public static async Task<Installation> Start(string app, string folder, Size size)
    {
        var postgresFolder = Path.Combine(folder, "data");
        var installation = new Installation(postgresFolder, await EmbeddedPostgres.StartAsync(postgresFolder));
        try
        {
            await House.Furnish(installation.ConnectionString, size.Each, size.Agents);
            for (var node = 0; node < 2; node++)
            {
                // Everything as it is delivered: limits, grace and all.
                installation.launches.Add(new(
                    app, [], Launch.FreeAddress(), "/health/ready", Path.Combine(folder, $"node{node}.log"),
                    [("ConnectionStrings__Postgres", installation.ConnectionString), ("ASPNETCORE_ENVIRONMENT", "Production")]));
                installation.nodes[node] = await Server.Start(installation.launches[node]);
            }
            installation.balancer = await Balancer.Start(folder, installation.Address, [.. installation.launches.Select(launch => launch.Address)]);
            return installation;
        }
        catch
        {
            await installation.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets one fault of the plan happen, mends it, and says when what.</summary>
    /// <returns>From the fault to the recovery.</returns>
    public async Task<Outage> Suffer(Incident incident)
    {
        var from = TimeProvider.System.GetUtcNow();
        RequireNodes();
        switch (incident.Fault)
        {
            case Fault.KillNode:
                await nodes[incident.Node]!.Signal("KILL");
                await nodes[incident.Node]!.DisposeAsync();
                nodes[incident.Node] = null;
                await Task.Delay(incident.Lasting);
                nodes[incident.Node] = await Server.Start(launches[incident.Node]);
                // The other node was there all the time: there is nothing to wait for.
                return new(incident.Fault, from, from);
            case Fault.FreezeNode:
                await nodes[incident.Node]!.Signal("STOP");
                await Task.Delay(incident.Lasting);
                await nodes[incident.Node]!.Signal("CONT");
                return new(incident.Fault, from, TimeProvider.System.GetUtcNow());
            case Fault.StopDatabase:
                await StopDatabase();
                await Task.Delay(incident.Lasting);
                await StartDatabase();
                return new(incident.Fault, from, TimeProvider.System.GetUtcNow());
            case Fault.CutConnections:
                await balancer!.Cut(incident.Node);
                return new(incident.Fault, from, from);
        }
        throw new InvalidOperationException();
    }

    /// <summary>A node that ended by itself has broken more than a promise.</summary>
    public void RequireNodes()
    {
        for (var node = 0; node < 2; node++)
            if (nodes[node] is { Runs: false })
                throw new InvalidOperationException($"Node {node} has ended by itself; see {launches[node].Log}.");
    }

    public async ValueTask DisposeAsync()
    {
        if (balancer is not null) await balancer.DisposeAsync();
        foreach (var node in nodes)
            if (node is not null)
                await node.DisposeAsync();
        await postgres.DisposeAsync();
    }

    // SIGQUIT is PostgreSQL's immediate shutdown: nothing is written any more, and the next start recovers from the log.
    async Task StopDatabase()
    {
        var pidFile = Path.Combine(data, "postgres", "data", "postmaster.pid");
        using var kill = Process.Start("kill", ["-QUIT", (await File.ReadAllLinesAsync(pidFile))[0]]);
        await kill.WaitForExitAsync();
        while (File.Exists(pidFile)) await Task.Delay(10);
        await postgres.DisposeAsync();
    }

    async Task StartDatabase()
    {
        var port = postgres.Port;
        postgres = await EmbeddedPostgres.StartAsync(data);
        if (postgres.Port != port)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"PostgreSQL came back at port {postgres.Port}, not at {port}: somebody else took it."));
    }
}
