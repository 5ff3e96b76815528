using ContactCenter.Domain;
using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Microsoft.Extensions.Logging.Abstractions;

namespace ContactCenter.Load;

/// <summary>Who works and writes during the measurements: a campaign of its own, with agents who can hold many at once.</summary>
sealed class House(string connectionString, Uri server)
{
    public const string Campaign = "bench";
    public const int AgentsHired = 200;
    internal const string Password = "Contact-Center-1";
    const int Each = 100;

    readonly List<Agent> agents = [];
    int visitors;

    /// <summary>A browser for all visitors: they are told apart by their token.</summary>
    public HttpClient Street { get; } = Browser.Open(server);

    /// <summary>Migrates and furnishes an empty database.</summary>
    /// <param name="each">How many conversations an agent may hold.</param>
    public static async Task Furnish(string connectionString, int each = Each, int hired = AgentsHired)
    {
        await using (var source = StorageRoom.Source(connectionString))
            await new Migrator(source, NullLogger<Migrator>.Instance).ApplyAsync();

        var clock = TimeProvider.System;
        var client = new Client { Id = Ids.New(clock), Name = "Bench" };
        var project = new Project { Id = Ids.New(clock), ClientId = client.Id, Name = "Bench" };
        var department = new Department { Id = Ids.New(clock), Name = "Bench" };
        var campaign = new Campaign
        {
            Id = Ids.New(clock),
            Key = Campaign,
            Name = "Bench",
            ProjectId = project.Id,
            DepartmentId = department.Id,
            Settings = new()
            {
                MaximumPerAgent = each,
                AnswerWithinSeconds = 0,
                AllowedOrigins = ["http://127.0.0.1:*"],
                Welcome = new() { En = "Welcome, {contact}." },
                AgentGreeting = new() { En = "Hello, I am {agent}." },
                Closing = new() { En = "Good bye." },
            },
        };
        var role = new IdentityRole<Guid>(Roles.Agent) { Id = Ids.New(clock), NormalizedName = Roles.Agent.ToUpperInvariant() };
        var users = Enumerable.Range(0, hired).Select(n => new User
        {
            Id = Ids.New(clock),
            UserName = Email(n),
            NormalizedUserName = Email(n).ToUpperInvariant(),
            Email = Email(n),
            NormalizedEmail = Email(n).ToUpperInvariant(),
            EmailConfirmed = true,
            SecurityStamp = Ids.New(clock).ToString("N"),
            DisplayName = $"Agent {n}",
        }).ToList();
        var hash = new PasswordHasher<User>().HashPassword(users[0], Password);
        users.ForEach(user => user.PasswordHash = hash);

        await using var database = Open(connectionString);
        await using (var source = NpgsqlDataSource.Create(connectionString))
        using (var documents = Documents.Open(source))
            await database.InsertAsync(documents, [client, project, department]);
        database.AddRange(campaign, role);
        database.AddRange(users);
        await database.SaveChangesAsync();
        database.AddRange(users.Select(user => new IdentityUserRole<Guid> { UserId = user.Id, RoleId = role.Id }));
        database.AddRange(users.Select(user => new Domain.Agent { UserId = user.Id, Since = clock.GetUtcNow(), Capacity = each }));
        database.AddRange(users.Select((user, n) => new Member { CampaignId = campaign.Id, UserId = user.Id, Position = n }));
        await database.SaveChangesAsync();
    }

    /// <summary>The first so many agents, signed in.</summary>
    public async Task<IReadOnlyList<Agent>> Agents(int count)
    {
        while (agents.Count < count)
            agents.Add(await Agent.SignIn(server, Email(agents.Count), Password));
        return agents[..count];
    }

    /// <summary>The browser of an agent who supervises too.</summary>
    public async Task<HttpClient> Supervisor()
    {
        await using var database = Open(connectionString);
        var role = new IdentityRole<Guid>(Roles.Supervisor) { Id = Ids.New(TimeProvider.System), NormalizedName = Roles.Supervisor.ToUpperInvariant() };
        var user = await database.Users.SingleAsync(user => user.Email == Email(AgentsHired - 1));
        database.AddRange(role, new IdentityUserRole<Guid> { UserId = user.Id, RoleId = role.Id });
        await database.SaveChangesAsync();
        return (await Agent.SignIn(server, user.Email!, Password)).Http;
    }

    /// <summary>So many new visitors, each attended by one of the agents, who are Available with a tab open meanwhile.</summary>
    public async Task<IReadOnlyList<Pair>> Talking(int count, int by)
    {
        var staff = await Agents(by);
        var tabs = new List<EventStream>();
        foreach (var agent in staff)
        {
            tabs.Add(await agent.Listen());
            await agent.Accept();
        }

        var names = Enumerable.Range(visitors, count).Select(n => $"Visitor {n}").ToList();
        visitors += count;
        var arrived = new List<Visitor>();
        foreach (var some in names.Chunk(16))
            arrived.AddRange(await Task.WhenAll(some.Select(name => Visitor.Start(Street, Campaign, name))));

        var held = await Assigned(names);
        foreach (var agent in staff)
            await agent.Accept(false);
        tabs.ForEach(tab => tab.Dispose());
        return [.. arrived.Zip(names, (visitor, name) =>
        {
            var (conversation, agent) = held[name];
            return new Pair(conversation.CampaignId, conversation.ContactId, conversation.Id, visitor, agents[agent]);
        })];
    }

    async Task<Dictionary<string, (Conversation Conversation, int Agent)>> Assigned(List<string> names)
    {
        await using var database = Open(connectionString);
        // As long as it goes on: thousands are assigned one after the other.
        for (int patience = 0, before = 0; patience < 100; patience++)
        {
            var rows = await (
                from conversation in database.Conversations
                join user in database.Users on conversation.AgentId equals user.Id
                where conversation.State == ConversationState.Attending && names.Contains(conversation.Contact.Name)
                select new { conversation, conversation.Contact.Name, user.Email }).ToListAsync();
            if (rows.Count == names.Count)
                return rows.ToDictionary(row => row.Name, row => (row.conversation, Number(row.Email!)), StringComparer.Ordinal);
            if (rows.Count > before) (before, patience) = (rows.Count, 0);
            await Task.Delay(200);
        }
        throw new InvalidOperationException("Not every visitor was assigned to an agent.");
    }

    // Without a pool: the server is stopped and started again between the measurements.
    static Database Open(string connectionString) =>
        new(new DbContextOptionsBuilder<Database>().UseNpgsql($"{connectionString};Pooling=false").Options);

    internal static string Email(int agent) => $"agent-{agent}@bench.local";

    static int Number(string email) => int.Parse(email["agent-".Length..email.IndexOf('@')]);
}
