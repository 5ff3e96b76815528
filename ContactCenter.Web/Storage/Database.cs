using ContactCenter.Domain;
using ContactCenter.Security;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Storage;

/// <summary>The documents. The schema is in <c>Migrations/</c>; a test holds both together.</summary>
public sealed class Database(DbContextOptions<Database> options)
    : IdentityDbContext<User, IdentityRole<Guid>, Guid>(options)
{
    public DbSet<Client> Clients => Set<Client>();
    public DbSet<Project> Projects => Set<Project>();
    public DbSet<Department> Departments => Set<Department>();
    public DbSet<Campaign> Campaigns => Set<Campaign>();
    public DbSet<Agent> Agents => Set<Agent>();
    public DbSet<Member> Members => Set<Member>();
    public DbSet<Contact> Contacts => Set<Contact>();
    public DbSet<Annotation> Annotations => Set<Annotation>();
    public DbSet<Conversation> Conversations => Set<Conversation>();
    public DbSet<Message> Messages => Set<Message>();
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.Entity<User>().ToTable("users");
        builder.Entity<IdentityRole<Guid>>().ToTable("roles");
        builder.Entity<IdentityUserRole<Guid>>().ToTable("user_roles");
        builder.Entity<IdentityUserClaim<Guid>>().ToTable("user_claims");
        builder.Entity<IdentityRoleClaim<Guid>>().ToTable("role_claims");
        builder.Entity<IdentityUserLogin<Guid>>().ToTable("user_logins");
        builder.Entity<IdentityUserToken<Guid>>().ToTable("user_tokens");

        builder.Entity<Campaign>(campaign =>
        {
            campaign.ComplexProperty(c => c.Settings, settings =>
            {
                settings.ToJson();
                settings.ComplexProperty(s => s.Welcome);
                settings.ComplexProperty(s => s.AgentGreeting);
                settings.ComplexProperty(s => s.Closing);
            });
            campaign.Property(c => c.Version).IsRowVersion().HasColumnName("xmin").HasColumnType("xid");
        });
        builder.Entity<Agent>(agent =>
        {
            agent.HasKey(a => a.UserId);
            agent.HasOne<User>().WithOne().HasForeignKey<Agent>(a => a.UserId);
        });
        builder.Entity<Member>(member =>
        {
            member.HasKey(m => new { m.CampaignId, m.UserId });
            member.HasOne<Campaign>().WithMany().HasForeignKey(m => m.CampaignId);
            member.HasOne<Agent>().WithMany().HasForeignKey(m => m.UserId);
        });
        builder.Entity<Annotation>().HasOne<Contact>().WithMany().HasForeignKey(a => a.ContactId);
        builder.Entity<Contact>(contact =>
        {
            contact.ComplexProperty(c => c.Profile, profile => profile.ToJson());
            contact.Property(c => c.Version).IsRowVersion().HasColumnName("xmin").HasColumnType("xid");
        });
        builder.Entity<Conversation>(conversation =>
        {
            conversation.Property(c => c.Ticket).ValueGeneratedOnAdd();
            conversation.Property(c => c.Version).IsRowVersion().HasColumnName("xmin").HasColumnType("xid");
            conversation.Ignore(c => c.Marks);
        });
        builder.Entity<Message>(message =>
        {
            message.HasKey(m => new { m.ConversationId, m.Seq });
            message.HasOne<Conversation>().WithMany().HasForeignKey(m => m.ConversationId);
            message.ComplexProperty(m => m.Because, because => because.ToJson());
        });

        foreach (var entity in builder.Model.GetEntityTypes())
        {
            if (entity.GetTableName() is { } table && char.IsUpper(table[0])) entity.SetTableName(SnakeCase(table));
            foreach (var property in entity.GetProperties())
                if (property.GetColumnName() != "xmin") property.SetColumnName(SnakeCase(property.Name));
            foreach (var complex in entity.GetComplexProperties())
                complex.ComplexType.SetContainerColumnName(SnakeCase(complex.Name));
        }
    }

    private static string SnakeCase(string name) =>
        string.Concat(name.Select((letter, at) => at > 0 && char.IsUpper(letter) ? $"_{letter}" : $"{letter}"))
            .ToLowerInvariant();
}

/// <summary>A data-protection key, kept in the database so that every node reads the same cookies and tokens.</summary>
public sealed class DataProtectionKey
{
    public int Id { get; init; }
    public string? FriendlyName { get; init; }
    public required string Xml { get; init; }
}
