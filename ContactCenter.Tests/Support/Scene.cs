using ContactCenter.Domain;
using ContactCenter.Hosting;
using ContactCenter.Realtime;
using ContactCenter.Routing;
using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ContactCenter.Tests.Support;

/// <summary>
/// The rooms below the pages on a database of their own: real stores, real routing, no web server. The cast is made on
/// demand; nothing runs in the background, so a test decides when an assignment happens.
/// </summary>
public sealed class Scene : IAsyncLifetime
{
    private TestDatabase database = null!;
    private WebApplication host = null!;
    private Campaign? made;

    public TestClock Clock { get; } = new();

    public async Task InitializeAsync()
    {
        database = await Template.DatabaseAsync();
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("ConnectionStrings:Postgres", database.ConnectionString)])
            .Build();
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "ContactCenter.Web" });
        builder.Configuration.AddConfiguration(configuration);
        builder.Services
            .AddSingleton<TimeProvider>(Clock)
            .AddTexts()
            .AddHttpContextAccessor()
            .AddStorage(configuration)
            .AddRealtime()
            .AddRouting(configuration);
        // Built and never started: no bridge, no pulse, no dispatcher.
        host = builder.Build();
    }

    public async Task DisposeAsync()
    {
        await host.DisposeAsync();
        await database.DisposeAsync();
    }

    public T Get<T>() where T : notnull => host.Services.GetRequiredService<T>();

    public ConversationStore Conversations => Get<ConversationStore>();
    public MessageStore Messages => Get<MessageStore>();
    public Assigner Assigner => Get<Assigner>();
    public AgentStore Agents => Get<AgentStore>();

    public async Task<T> ReadAsync<T>(Func<Database, Task<T>> read)
    {
        await using var reading = await Get<IDbContextFactory<Database>>().CreateDbContextAsync();
        return await read(reading);
    }

    public async Task SaveAsync(params object[] entities)
    {
        await using var saving = await Get<IDbContextFactory<Database>>().CreateDbContextAsync();
        await saving.InsertAsync(entities);
    }

    /// <summary>A campaign with a limit of six, of its own client, project and department.</summary>
    public async Task<Campaign> CampaignAsync(string key = "sales", Action<CampaignSettings>? set = null)
    {
        var client = new Client { Id = Ids.New(Clock), Name = $"Client of {key}" };
        var project = new Project { Id = Ids.New(Clock), ClientId = client.Id, Name = "Shop" };
        var department = new Department { Id = Ids.New(Clock), Name = $"Department of {key}" };
        var campaign = new Campaign
        {
            Id = Ids.New(Clock),
            Key = key,
            Name = key,
            ProjectId = project.Id,
            DepartmentId = department.Id,
        };
        set?.Invoke(campaign.Settings);
        await SaveAsync(client, project, department, campaign);
        return made = campaign;
    }

    /// <summary>An agent who is a member of these campaigns, connected and accepting.</summary>
    public async Task<User> AgentAsync(string name, int capacity = 6, params Campaign[] campaigns)
    {
        var user = new User { Id = Ids.New(Clock), DisplayName = name, UserName = $"{name}@test.local" };
        var agent = new Agent
        {
            UserId = user.Id,
            Accepting = true,
            Since = Clock.GetUtcNow(),
            Capacity = capacity,
            SeenAt = Clock.GetUtcNow(),
        };
        await SaveAsync(user, agent);
        foreach (var campaign in campaigns.Length > 0 ? campaigns : [made!])
            await SaveAsync(new Member { CampaignId = campaign.Id, UserId = user.Id });
        return user;
    }

    /// <summary>A visitor who has just entered the queue.</summary>
    public Task<Conversation> VisitorAsync(string name, Campaign? campaign = null, string? text = "Hola") =>
        StartAsync(campaign ?? made!, Ids.New(TimeProvider.System), null, new ContactDetails(name, null, null), "es", text);

    /// <summary>A start that is let in.</summary>
    public async Task<Conversation> StartAsync(
        Campaign campaign, Guid? startKey, Guid? contactId, ContactDetails details, string language, string? text, bool offline = false)
    {
        var outcome = await Conversations.StartAsync(campaign.Id, startKey, contactId, details, language, text, offline);
        return Assert.IsType<StartOutcome.Started>(outcome).Conversation;
    }

    public Task AssignAsync(Campaign? campaign = null) => Assigner.AssignAllAsync((campaign ?? made!).Id, default);

    public Task<Conversation> ReloadAsync(Conversation conversation) =>
        ReadAsync(reading => reading.Conversations.AsNoTracking().SingleAsync(c => c.Id == conversation.Id));

    public Task<List<Message>> LogAsync(Conversation conversation) => ReadAsync(reading => reading.Messages.AsNoTracking()
        .Where(m => m.ConversationId == conversation.Id).OrderBy(m => m.Seq).ToListAsync());
}

/// <summary>The migrated database that every test class gets a copy of.</summary>
public static class Template
{
    private const string Name = "migrated";

    public static async Task<TestDatabase> DatabaseAsync()
    {
        var server = await PostgresServer.SharedAsync();
        await server.PrepareTemplateAsync(Name, async connectionString =>
        {
            await using var source = NpgsqlDataSource.Create(connectionString);
            await new Migrator(source, Microsoft.Extensions.Logging.Abstractions.NullLogger<Migrator>.Instance).ApplyAsync();
        });
        return await server.CreateDatabaseAsync(Name);
    }
}
