using ContactCenter.Domain;
using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using IDocumentStore = Marten.IDocumentStore;

namespace ContactCenter.Hosting;

/// <summary>
/// Development only: a company to try things with. It is made once, on an empty database; two nodes that start together
/// make it once.
/// </summary>
public sealed class DemoSeed(
    Accounts accounts, UserManager<User> users, IDbContextFactory<Database> databases, IDocumentStore documents,
    TimeProvider clock)
{
    public const string Password = "Contact-Center-1";

    public async Task RunAsync()
    {
        // Of its own, because accounts are made in transactions of theirs while the turn is held.
        await using var database = await databases.CreateDbContextAsync();
        await using var turn = await database.Database.BeginTransactionAsync();
        await database.TakeDemoTurnAsync();
        if (await database.Campaigns.AnyAsync()) return;

        await AccountAsync("admin", "Ada", Roles.Administrator);
        await AccountAsync("supervisor", "Sofía", Roles.Supervisor);
        User[] agents =
        [
            await AccountAsync("lili", "Lili", Roles.Agent),
            await AccountAsync("omar", "Omar", Roles.Agent),
            await AccountAsync("ines", "Inés", Roles.Agent),
        ];

        var client = new Client { Id = Ids.New(clock), Name = "Acme" };
        var project = new Project { Id = Ids.New(clock), ClientId = client.Id, Name = "Online shop" };
        var (sales, support) = (Department("Sales"), Department("Support"));
        await database.InsertAsync(documents,
        [
            client, project, sales, support,
            Break("Lunch", "utensils"), Break("Coffee", "coffee"), Break("Training", "users"),
        ]);
        Campaign[] campaigns =
        [
            Campaign("demo-sales", "Sales chat", sales, project),
            Campaign("demo-support", "Support chat", support, project),
        ];
        database.AddRange(campaigns.AsEnumerable());
        var now = clock.GetUtcNow();
        foreach (var (agent, place) in agents.Select((agent, place) => (agent, place)))
        {
            database.Add(new Agent { UserId = agent.Id, Since = now });
            foreach (var campaign in campaigns)
                database.Add(new Member { CampaignId = campaign.Id, UserId = agent.Id, Position = place });
        }
        await database.SaveChangesAsync();
        await turn.CommitAsync();
    }

    /// <summary>The account; an earlier start that broke off may have made it already.</summary>
    private async Task<User> AccountAsync(string name, string displayName, string role)
    {
        var email = $"{name}@demo.local";
        if (await users.FindByEmailAsync(email) is { } made) return made;
        var creation = await accounts.CreateAsync(new NewAccount(email, displayName, Password, [role]));
        return creation.User ?? throw new InvalidOperationException(string.Join(' ', creation.Errors));
    }

    private Department Department(string name) => new() { Id = Ids.New(clock), Name = name };

    private BreakReason Break(string name, string icon) => new() { Id = Ids.New(clock), Name = name, Icon = icon };

    private Campaign Campaign(string key, string name, Department department, Project project) => new()
    {
        Id = Ids.New(clock),
        Key = key,
        Name = name,
        ProjectId = project.Id,
        DepartmentId = department.Id,
        Settings = new CampaignSettings
        {
            AllowedOrigins = ["http://127.0.0.1:*", "http://localhost:*"],
            Welcome = new LocalText
            {
                Es = "¡Hola {contact}! Gracias por escribirnos. Enseguida te atiende una persona.",
                En = "Hello {contact}! Thank you for writing. Somebody will be with you in a moment.",
                Pt = "Olá, {contact}! Obrigado por escrever. Em instantes alguém vai atender você.",
            },
            AgentGreeting = new LocalText
            {
                Es = "Hola {contact}, soy {agent}. ¿En qué puedo ayudarte?",
                En = "Hello {contact}, this is {agent}. How can I help you?",
                Pt = "Olá, {contact}, aqui é {agent}. Como posso ajudar?",
            },
            Closing = new LocalText
            {
                Es = "Gracias por conversar con nosotros. Tu número de atención es {ticket}.",
                En = "Thank you for talking with us. Your ticket number is {ticket}.",
                Pt = "Obrigado por conversar conosco. O número do seu atendimento é {ticket}.",
            },
        },
    };
}

public static class DemoSeedStart
{
    public static async Task SeedDemoAsync(this WebApplication app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        await ActivatorUtilities.CreateInstance<DemoSeed>(scope.ServiceProvider).RunAsync();
    }
}
