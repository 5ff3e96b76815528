using ContactCenter.Tests.Support;
using Npgsql;

namespace ContactCenter.E2E.Support;

/// <summary>
/// The application as it is delivered: processes of its own on a database of its own, with the demo's company in it.
/// </summary>
public sealed class Installation : IAsyncDisposable
{
    private const string Template = "demo_company";

    private readonly TestDatabase database;
    private readonly DirectoryInfo data;
    private readonly Dictionary<string, string> settings;
    private readonly List<Node> nodes = [];

    private Installation(TestDatabase database, DirectoryInfo data, Dictionary<string, string> settings) =>
        (this.database, this.data, this.settings) = (database, data, settings);

    /// <summary>The first node, for journeys that need no other.</summary>
    public Node Node => nodes[0];

    public IReadOnlyList<Node> Nodes => nodes;

    /// <summary>For what a journey finds there already: it would take people hours to make it.</summary>
    public string ConnectionString => database.ConnectionString;

    /// <summary>The way to its database, of an installation that was started with one.</summary>
    public Gate? Gate { get; private init; }

    /// <summary>Where its mails go: it has no server for them.</summary>
    public Mailbox Mail => new(Path.Combine(data.FullName, "mail"));

    /// <summary>The one-time code of a new installation, as its operator finds it.</summary>
    public string SetupCode => File.ReadAllText(Path.Combine(data.FullName, "setup-code")).Trim();

    /// <summary>The demo company with one node running.</summary>
    /// <param name="gated">Whether the way to its database can be shut.</param>
    public static async Task<Installation> StartAsync(IReadOnlyDictionary<string, string> settings, bool gated = false)
    {
        var server = await PostgresServer.SharedAsync();
        // Made by the application itself: it migrates and seeds what it finds empty.
        await server.PrepareTemplateAsync(Template, async connectionString =>
        {
            var folder = Directory.CreateTempSubdirectory("contactcenter-e2e-");
            await using (await AppProcess.StartAsync(Environment("Development", connectionString, folder)))
            {
            }
            folder.Delete(recursive: true);
        });
        return await StartAsync("Development", await server.CreateDatabaseAsync(Template), settings, gated);
    }

    /// <summary>A new installation for production, where nobody has an account.</summary>
    public static async Task<Installation> StartEmptyAsync()
    {
        var server = await PostgresServer.SharedAsync();
        return await StartAsync("Production", await server.CreateDatabaseAsync(), new Dictionary<string, string>(StringComparer.Ordinal));
    }

    /// <summary>One more node on the same database.</summary>
    public async Task<Node> AddNodeAsync()
    {
        var node = await Node.StartAsync($"node {nodes.Count + 1}", settings);
        nodes.Add(node);
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes) await node.DisposeAsync();
        Gate?.Dispose();
        await database.DisposeAsync();
        data.Delete(recursive: true);
    }

    private static async Task<Installation> StartAsync(
        string environment, TestDatabase database, IReadOnlyDictionary<string, string> settings, bool gated = false)
    {
        var folder = Directory.CreateTempSubdirectory("contactcenter-e2e-");
        var way = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        var gate = gated ? new Gate(way.Port) : null;
        if (gate is not null) way.Port = gate.Port;
        var all = Environment(environment, way.ConnectionString, folder);
        foreach (var (key, value) in settings) all[key] = value;
        var installation = new Installation(database, folder, all) { Gate = gate };
        try
        {
            await installation.AddNodeAsync();
            return installation;
        }
        catch
        {
            await installation.DisposeAsync();
            throw;
        }
    }

    private static Dictionary<string, string> Environment(string name, string connectionString, DirectoryInfo data) =>
        new(StringComparer.Ordinal)
        {
            ["ASPNETCORE_ENVIRONMENT"] = name,
            ["ConnectionStrings__Postgres"] = connectionString,
            ["ContactCenter__DataDirectory"] = data.FullName,
        };
}

/// <summary>One process of an installation. It keeps its address when it is started again.</summary>
public sealed class Node : IAsyncDisposable
{
    private readonly string name;
    private readonly Dictionary<string, string> settings;
    private readonly List<AppProcess> processes = [];

    private Node(string name, Dictionary<string, string> settings) => (this.name, this.settings) = (name, settings);

    public Uri Address { get; private set; } = null!;

    /// <summary>What all its processes have printed.</summary>
    public string Output => string.Join('\n', processes.Select((process, at) => $"--- {name}, process {at + 1}\n{process.Output}"));

    public static async Task<Node> StartAsync(string name, Dictionary<string, string> settings)
    {
        var node = new Node(name, settings);
        node.processes.Add(await AppProcess.StartAsync(settings));
        node.Address = await node.processes[0].Address();
        return node;
    }

    /// <summary>Ends it: <c>TERM</c> as a service manager does, <c>KILL</c> as a crash does.</summary>
    public async Task StopAsync(string signal)
    {
        if (signal == "KILL") await processes[^1].KillAsync();
        else Assert.Equal(0, await processes[^1].StopAsync(signal));
    }

    public async Task StartAgainAsync() => processes.Add(await AppProcess.StartAsync(settings, Address.GetLeftPart(UriPartial.Authority)));

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes) await process.DisposeAsync();
    }
}
